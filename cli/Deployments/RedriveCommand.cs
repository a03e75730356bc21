using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer redrive</c>: a failed execution runs on from the task that failed.</summary>
internal sealed class RedriveCommand : KeptExecutionCommand
{
    public RedriveCommand(Terminal terminal)
        : base(
            terminal,
            "redrive",
            "Redrives a deployment that failed, as the Step Functions console does: it goes on at the task that failed.",
            "redrive arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        AddArguments();
    }

    /// <inheritdoc/>
    protected override Argument<string> Execution { get; } = SharedOptions.Execution();

    /// <inheritdoc/>
    protected override bool Runs => true;

    /// <inheritdoc/>
    protected override DeployerExecution Parse(string arn) => DeployerExecution.Parse(arn);

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(IPlace place, ParseResult arguments) => place.Redrive(arguments.GetValue(Execution)!);
}
