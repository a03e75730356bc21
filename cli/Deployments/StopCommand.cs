using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer stop</c>: a deployment on AWS is stopped, and nothing waits for it any more.</summary>
internal sealed class StopCommand : DeploymentCommand
{
    private readonly Option<string?> _state = RehearsedExecutions.Option();
    private readonly Argument<string> _execution = new("ARN") { Description = "ARN of the execution, as 'deployment' in the result." };
    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why, for whoever reads the cause later.",
        HelpName = "TEXT",
    };

    public StopCommand(Terminal terminal)
        : base(
            terminal,
            "stop",
            "Stops a deployment on AWS, and waits until its lock is free and its pipeline has heard of it.",
            "stop arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        Add(_execution);
        Add(_reason);
        Aws.OfExecution.ToList().ForEach(Add);
        Add(_state);
        Add(Json);
    }

    /// <inheritdoc/>
    protected override bool IsOnAws(ParseResult arguments) => true;

    /// <summary>A deployment that was to be stopped and was is what was asked for.</summary>
    protected override int ExitCodeOf(RehearsalReport report) =>
        report is { Verdict: Verdicts.Failed, Aws.Settled: true } ? ExitCodes.Success : base.ExitCodeOf(report);

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        RehearsedExecutions.Refuse(arguments.GetValue(_state), "stopped");
        return await AwsPlace.OpenFor(
            DeployerExecution.Parse(arguments.GetValue(_execution)!),
            Aws.Settings(arguments),
            detached: false,
            progress,
            cancellation
        );
    }

    /// <inheritdoc/>
    protected override Task<RehearsalReport> Act(IPlace place, ParseResult arguments) =>
        ((AwsPlace)place).Stop(arguments.GetValue(_execution)!, arguments.GetValue(_reason));

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(null, Aws.Settings(arguments)), deployed: null);
}
