using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer stop</c>: a deployment on AWS is stopped, and nothing waits for it any more.</summary>
internal sealed class StopCommand : ExecutionCommand
{
    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why, for whoever reads the cause later.",
        HelpName = "TEXT",
    };

    public StopCommand(Terminal terminal)
        : base(
            terminal,
            "stop",
            "Stops a deployment on AWS, and waits until its lock is free and its end is reported to the pipeline.",
            "stop arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        AddArguments(_reason);
    }

    /// <inheritdoc/>
    protected override string Done => "stopped";

    /// <summary>A deployment that was to be stopped and was is what was asked for.</summary>
    protected override int ExitCodeOf(DeploymentReport report) =>
        report is { Verdict: Verdict.Stopped, Aws.Settled: true } ? ExitCodes.Success : base.ExitCodeOf(report);

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(AwsPlace place, ParseResult arguments) =>
        place.Stop(arguments.GetValue(Execution)!, arguments.GetValue(_reason));
}
