using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer watch</c>: a deployment on AWS is followed to its end, or shown as it ended.</summary>
internal sealed class WatchCommand : DeploymentCommand
{
    private readonly Option<string?> _state = RehearsedExecutions.Option();
    private readonly Argument<string> _execution = new("ARN") { Description = "ARN of the execution, as 'deployment' in the result." };

    public WatchCommand(Terminal terminal)
        : base(
            terminal,
            "watch",
            "Follows a deployment on AWS to its end, whoever started it, and shows what it came to; Ctrl-C leaves it running.",
            "watch arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        Add(_execution);
        Aws.OfExecution.ToList().ForEach(Add);
        Add(_state);
        Add(Json);
    }

    /// <inheritdoc/>
    protected override bool IsOnAws(ParseResult arguments) => true;

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        RehearsedExecutions.Refuse(arguments.GetValue(_state), "watched");
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
        ((AwsPlace)place).Watch(arguments.GetValue(_execution)!);

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(null, Aws.Settings(arguments)), deployed: null);
}
