using System.CommandLine;
using System.CommandLine.Parsing;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Bootstrap;

/// <summary><c>deployer bootstrap</c>: makes or updates a stack of the product in the account of the profile.</summary>
internal sealed class BootstrapCommand : StackCommand
{
    private readonly Option<string[]> _parameters;

    /// <summary>The command for one of the stacks.</summary>
    public BootstrapCommand(Terminal terminal, StackArguments stack)
        : this(terminal, stack, Parameters()) { }

    private BootstrapCommand(Terminal terminal, StackArguments stack, Option<string[]> parameters)
        : base(
            terminal,
            stack,
            "Creates or updates its stack: shows what changes, asks, and waits for the end.",
            string.Join(
                ' ',
                new[] { "bootstrap", stack.Name, stack.Example.Which, stack.Example.New, "--profile", stack.Example.Profile }.Where(word =>
                    word.Length > 0
                )
            ),
            [.. stack.Making, parameters]
        )
    {
        _parameters = parameters;
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(
        ProductStack stack,
        AwsAccess access,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var change = await Prepare(stack, access, installation, arguments, cancellation);
        var running = change is { IsNew: false } ? await stack.Running(access, cancellation) : new RunningExecutions([]);
        var installed = change is null
            ? new InstalledStack((await installation.Find(stack.Name))!, null)
            : await Execute(change, running, StackPlace.For(stack, access), installation, arguments, cancellation);
        var report = new BootstrapReport(
            change is null ? BootstrapVerdict.Unchanged
                : installed.Cause is not null ? BootstrapVerdict.Failed
                : change.IsNew ? BootstrapVerdict.Created
                : BootstrapVerdict.Updated,
            StackPlace.For(stack, access),
            installed.Stack.StackStatus.Value,
            change?.Resources ?? [],
            installed.Cause,
            installed.Cause is null
                ? await stack.Next(ProgramName.Find(), access, installed.Stack, installation)
                : [stack.AfterFailure(ProgramName.Find(), access, installed.IsLeft)]
        )
        {
            Running = running.Executions is { Count: > 0 } executions ? executions : null,
        };
        await Write(report, new BootstrapView(), arguments);
        return report.Verdict == BootstrapVerdict.Failed ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task<PreparedChange?> Prepare(
        ProductStack stack,
        AwsAccess access,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var given = (arguments.GetValue(_parameters) ?? [])
            .Select(parameter => parameter.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        await using var progress = Progress();
        var order = await stack.Order(access, await installation.Find(stack.Name), given, progress, cancellation);
        return await installation.Prepare(order, progress, cancellation);
    }

    private async Task<InstalledStack> Execute(
        PreparedChange change,
        RunningExecutions running,
        StackPlace place,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        // What a person is asked about is shown where the question is; the result has it in its document.
        new PreparedChangeView(place).Show(change, Terminal.Error);
        if (running.Executions.Count > 0)
        {
            new RunningExecutionsView().Show(running, Terminal.Error);
        }

        try
        {
            Confirm(arguments, $"{(change.IsNew ? "Make" : "Update")} {place}?", cancellation);
        }
        catch (InvalidInputException)
        {
            await installation.Discard(change);
            throw;
        }

        await using var progress = Progress();
        return await installation.Execute(change, progress, cancellation);
    }

    private static Option<string[]> Parameters()
    {
        var parameters = new Option<string[]>("--parameter")
        {
            Description =
                "A parameter of the template, such as AllowedTargets=111111111111; others keep their value. May be given several times.",
            AllowMultipleArgumentsPerToken = false,
            HelpName = "NAME=VALUE",
        };
        parameters.Validators.Add(CheckParameters);
        return parameters;
    }

    /// <summary>CloudFormation would take any text as an account, and fail while it makes the stack.</summary>
    private static string? ProblemOf(string parameter) =>
        parameter.Split('=', 2) is [ToolsStack.AllowedTargets or TargetStack.ToolsAccount, var accounts]
            ? accounts
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(account => AccountId.ProblemOf(account, $"--parameter {parameter.Split('=', 2)[0]}"))
                .FirstOrDefault(problem => problem is not null)
            : null;

    private static void CheckParameters(OptionResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0) is { } wrong)
        {
            result.AddError($"--parameter '{wrong.Value}' is no parameter; expected NAME=VALUE");
        }
        else if (
            result.Tokens.CountBy(token => token.Value.Split('=', 2)[0]).FirstOrDefault(count => count.Value > 1) is { Key: { } twice }
        )
        {
            result.AddError($"--parameter {twice} is given several times; expected each once");
        }
        else if (result.Tokens.Select(token => ProblemOf(token.Value)).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            result.AddError(problem);
        }
    }
}
