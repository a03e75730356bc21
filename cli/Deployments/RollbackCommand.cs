using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer rollback</c>: an earlier revision of the ions is deployed again.</summary>
internal sealed class RollbackCommand : TargetCommand
{
    private readonly Option<string> _revision = new("--to")
    {
        Description = "The revision to go back to: a commit or uname that was pushed before, or its first 7 or more characters.",
        Required = true,
        HelpName = "REV",
    };

    public RollbackCommand(Terminal terminal)
        : base(
            terminal,
            "rollback",
            "Deploys an earlier revision again: ions without a push, ECS services and transactors with its image.",
            "rollback examples/inventory --target dev --to REVISION --profile tools",
            SharedOptions.Instance()
        )
    {
        AddArguments(_revision);
    }

    /// <inheritdoc/>
    protected override void Check(ServiceAtTarget service, ParseResult arguments) =>
        SharedOptions.CheckRevision(
            "--to",
            arguments.GetValue(_revision)!,
            "a commit or uname that was pushed before, or its first 7 or more characters"
        );

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(IPlace place, ParseResult arguments) => place.Rollback(arguments.GetValue(_revision)!);
}
