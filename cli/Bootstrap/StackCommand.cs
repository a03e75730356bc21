using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>A command about one of the stacks of the product, in the account of the profile.</summary>
internal abstract class StackCommand : DeployerCommand
{
    private readonly StackArguments _stack;
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };
    private readonly Option<string?> _json = SharedOptions.Json();

    /// <summary>A command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stack">Which of the stacks.</param>
    /// <param name="description">What it does, a sentence.</param>
    /// <param name="example">As <see cref="DeployerCommand.Example"/> says.</param>
    /// <param name="own">What this command takes besides.</param>
    protected StackCommand(Terminal terminal, StackArguments stack, string description, string example, params IEnumerable<Option> own)
        : base(terminal, stack.Name, $"{stack.Description} {description}", example)
    {
        _stack = stack;
        foreach (var symbol in (IEnumerable<Symbol>)[.. stack.Which, .. own, .. stack.Access, _yes, _json])
        {
            if (symbol is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)symbol);
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override Task<int> Run(ParseResult arguments, CancellationToken cancellation) =>
        new AwsFaults(_stack.Settings(arguments)).Translated(() => RunOnAws(arguments, cancellation));

    /// <summary>Does it, in an account that is the stack's.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> Run(
        ProductStack stack,
        AwsAccess access,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    );

    /// <summary>Shows progress until it is disposed, which has to be before a person is asked.</summary>
    protected IProgressView Progress() => Terminal.Progress(isSimulated: false);

    /// <summary>
    /// Writes the result. What was done is done: a document that cannot be written any more does not change the exit code.
    /// </summary>
    protected async Task Write<T>(T report, IView<T> view, ParseResult arguments)
    {
        try
        {
            await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(report, view);
        }
        catch (DocumentUnwrittenException unwritten)
        {
            Terminal.Error.Paragraph($"{unwritten.Message}; the exit code is that of what was done", tone: Tone.Bad);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            view.Show(report, Terminal.Error);
            Terminal.Error.Paragraph(
                $"{exception.Message}; the result is above, and the exit code is that of what was done",
                tone: Tone.Bad
            );
        }
    }

    /// <summary>Asks a person; without --yes, where nobody can answer, nothing is done.</summary>
    /// <exception cref="InvalidInputException">Nobody can answer, or the answer is not yes.</exception>
    protected void Confirm(ParseResult arguments, string question, CancellationToken cancellation)
    {
        if (!arguments.GetValue(_yes) && Terminal.Ask($"{question} Only 'yes' does it:", cancellation) != "yes")
        {
            throw new InvalidInputException("NotConfirmed", "not confirmed, and no stack was changed; --yes does not ask");
        }
    }

    private async Task<int> RunOnAws(ParseResult arguments, CancellationToken cancellation)
    {
        var stack = _stack.Stack(arguments);
        var access = await AwsAccess.Open(_stack.Settings(arguments), cancellation);
        stack.CheckAccount(access);
        using var installation = new StackInstallation(access);
        return await Run(stack, access, installation, arguments, cancellation);
    }
}
