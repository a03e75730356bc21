using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;

namespace Deployer.Cli.Bootstrap;

/// <summary><c>deployer teardown</c>: deletes a stack of the product, and says what stays and why.</summary>
/// <param name="terminal">Where it writes.</param>
/// <param name="stack">Which of the stacks.</param>
internal sealed class TeardownCommand(Terminal terminal, StackArguments stack)
    : StackCommand(
        terminal,
        stack,
        "Deletes its stack, and says what stays and why; no service's stack is touched.",
        $"teardown {stack.Name} {stack.Example.Which} --profile {stack.Example.Profile}"
    )
{
    /// <inheritdoc/>
    protected override async Task<int> Run(
        ProductStack stack,
        AwsAccess access,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var place = StackPlace.For(stack, access);
        if (await installation.Find(stack.Name) is not { } present)
        {
            var rest = await stack.AfterTeardown(access, cancellation);
            await Write(new TeardownReport(TeardownVerdict.Absent, place, null, [], null, rest), new TeardownView(), arguments);
            return ExitCodes.Success;
        }

        using var attachments = new StackAttachments(access, cancellation);
        if (await stack.Before(ProgramName.Find(), attachments, present) is { Count: > 0 } first)
        {
            var refused = new TeardownReport(TeardownVerdict.Refused, place, present.StackStatus.Value, [], null, first);
            await Write(refused, new TeardownView(), arguments);
            return ExitCodes.InvalidInput;
        }

        Terminal.Error.Paragraph(stack.Consequence(present));
        Confirm(arguments, $"Delete {place}?", cancellation);
        DeletedStack deleted;
        await using (var progress = Progress())
        {
            deleted = await installation.Delete(present, progress, cancellation);
        }

        var report = new TeardownReport(
            deleted.Cause is null ? TeardownVerdict.Deleted : TeardownVerdict.Failed,
            place,
            deleted.Stack.StackStatus.Value,
            [
                .. deleted.Kept.Select(kept => new KeptResource(
                    kept.LogicalResourceId,
                    kept.ResourceType,
                    kept.PhysicalResourceId,
                    stack.Retained.GetValueOrDefault(kept.LogicalResourceId)
                )),
            ],
            deleted.Cause,
            deleted.Cause is null ? await stack.AfterTeardown(access, cancellation) : []
        );
        await Write(report, new TeardownView(), arguments);
        return deleted.Cause is null ? ExitCodes.Success : ExitCodes.Failure;
    }
}
