using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary><c>deployer teardown</c>: deletes a stack of the product, and says what stays and why.</summary>
internal sealed class TeardownCommand : StackCommand
{
    public TeardownCommand(Terminal terminal)
        : base(
            terminal,
            "teardown",
            "Deletes a stack of the deployer in the account of the profile, and says what stays and why; no service's stack is touched.",
            "teardown service examples/inventory --target dev --profile dev"
        )
    {
        AddArguments();
    }

    /// <inheritdoc/>
    protected override Task<int> Run(ParseResult arguments, CancellationToken cancellation) =>
        new AwsFaults(Aws.Settings(arguments)).Translated(() => RunOnAws(arguments, cancellation));

    private async Task<int> RunOnAws(ParseResult arguments, CancellationToken cancellation)
    {
        var stack = Named(arguments);
        var access = await AwsAccess.Open(Aws.Settings(arguments), cancellation);
        CheckAccount(stack, access);
        await using var progress = new ProgressLines(Terminal.Error) as IProgressView;
        using var installation = new StackInstallation(access, progress);
        var where = $"account {access.Account}, {access.Region}";
        if (await installation.Find(stack.Name) is not { } present)
        {
            Terminal.Output.Line($"✓ there is no stack {stack.Name} in {where}", Tone.Good);
            return ExitCodes.Success;
        }

        Terminal.Error.Paragraph(Consequence(stack));
        Confirm(arguments, $"Delete stack {stack.Name} in {where}?");
        var kept = await installation.Delete(present, cancellation);
        Terminal.Output.Line($"✓ stack {stack.Name} in {where} is deleted", Tone.Good);
        ShowKept(kept);
        return ExitCodes.Success;
    }

    private static string Consequence(NamedStack stack) =>
        stack.What switch
        {
            Tools => $"The deployer of stage {stack.Stage} goes; what it has deployed stays and runs on.",
            Pipeline => $"The pipeline of {stack.Pipeline!.Service} goes; what it has deployed stays and runs on.",
            TargetAccount => $"The deployer of stage {stack.Stage} finds no way into this account any more; what it has deployed runs on.",
            _ => $"The deployer of stage {stack.Stage} may do nothing for {stack.Service!.Spec.Service} here any more; what runs stays.",
        };

    private void ShowKept(IReadOnlyList<KeptResource> kept)
    {
        foreach (var resource in kept)
        {
            Terminal.Output.Paragraph(
                $"stays: {resource.Name} ({resource.Type}) {resource.Id}; its template retains it, "
                    + "since it holds what cannot be made again",
                2,
                hanging: 2
            );
        }
    }
}
