using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer watch</c>: a deployment on AWS is followed to its end, or shown as it ended.</summary>
internal sealed class WatchCommand : ExecutionCommand
{
    public WatchCommand(Terminal terminal)
        : base(
            terminal,
            "watch",
            "Follows a deployment on AWS to its end, whoever started it, and shows what it came to; Ctrl-C leaves it running.",
            "watch arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        AddArguments();
    }

    /// <inheritdoc/>
    protected override string Done => "watched";

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(AwsPlace place, ParseResult arguments) => place.Watch(arguments.GetValue(Execution)!);
}
