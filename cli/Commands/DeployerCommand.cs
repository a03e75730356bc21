using System.CommandLine;
using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>A command of the program: it declares what it takes, and an example of it.</summary>
internal abstract class DeployerCommand : Command
{
    /// <summary>A command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="name">What is typed.</param>
    /// <param name="description">What it does, a sentence.</param>
    /// <param name="example">As <see cref="Example"/> says.</param>
    protected DeployerCommand(Terminal terminal, string name, string description, string example)
        : base(name, description)
    {
        (Terminal, Example) = (terminal, example);
        SetAction(RunOrRefuse);
    }

    /// <summary>A command line for the repository's folder, without the program's name; capitals stand for what a run gave.</summary>
    public string Example { get; }

    /// <summary>Where the command writes.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Refuses input that is wrong; nothing was called.</summary>
    /// <returns>The exit code.</returns>
    public virtual Task<int> Refuse(InvalidInputException fault, ParseResult arguments)
    {
        Terminal.Error.Paragraph(fault.Message, tone: Tone.Bad);
        return Task.FromResult(ExitCodes.InvalidInput);
    }

    /// <summary>Runs the command with arguments that could be parsed.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidInputException">The arguments name something that is not as expected.</exception>
    protected abstract Task<int> Run(ParseResult arguments, CancellationToken cancellation);

    /// <summary>
    /// Closes the accounts that a result was got from. What has run has run, also when they cannot be written down any more, since the
    /// disk is full for example: the result is shown, and so is that.
    /// </summary>
    protected async Task Close(IAsyncDisposable place)
    {
        try
        {
            await place.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Terminal.Error.Paragraph($"the rehearsed accounts could not be kept as they are now: {exception.Message}", tone: Tone.Bad);
        }
    }

    private async Task<int> RunOrRefuse(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            OutputFile.Check(SharedOptions.JsonFile(arguments));
            return await Run(arguments, cancellation);
        }
        catch (OperationCanceledException interruption) when (cancellation.IsCancellationRequested)
        {
            var known = interruption as InterruptedException;
            End(known?.Message ?? "interrupted", known?.Commands ?? [], Tone.Plain);
            return ExitCodes.Interrupted;
        }
        catch (UnfollowedException unfollowed)
        {
            End(unfollowed.Message, unfollowed.Commands, Tone.Bad);
            return ExitCodes.ToolFailure;
        }
        catch (DeploymentFailedException failure)
        {
            Terminal.Error.Paragraph(failure.Message, tone: Tone.Bad);
            return ExitCodes.Failure;
        }
        catch (Exception exception) when (ToolFault.OfFiles(exception) is { } fault)
        {
            return await Refuse(fault, arguments);
        }
        catch (Exception exception)
        {
            return Fail(exception, arguments);
        }
    }

    /// <summary>The last sentence, and the commands that it ends with: not wrapped, since what is copied is whole.</summary>
    private void End(string sentence, IReadOnlyList<string> commands, Tone tone)
    {
        Terminal.Error.Paragraph(sentence, tone: tone);
        foreach (var command in commands)
        {
            Terminal.Error.Line($"  {command}");
        }
    }

    /// <summary>One line for a fault of the program; its place in the program only for who asks for it.</summary>
    private int Fail(Exception exception, ParseResult arguments)
    {
        Terminal.Error.Line(ToolFault.Describe(exception), Tone.Bad);
        if (arguments.GetValue(SharedOptions.Debug))
        {
            Terminal.Error.Line(exception.ToString());
        }

        return ExitCodes.ToolFailure;
    }
}
