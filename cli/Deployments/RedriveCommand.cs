using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer redrive</c>: an execution of an earlier rehearsal runs on to its end.</summary>
internal sealed class RedriveCommand : DeploymentCommand
{
    private readonly Argument<string> _execution = new("ARN")
    {
        Description = "ARN of the execution, as 'deployment' in the result of its rehearsal.",
    };
    private readonly Option<string> _state = SharedOptions.RequiredState();

    public RedriveCommand(Terminal terminal)
        : base(
            terminal,
            "redrive",
            "Redrives a rehearsed deployment that failed, as the Step Functions console does.",
            "redrive arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME --state accounts"
        )
    {
        Add(_execution);
        Add(_state);
        Add(Faults);
        Add(FaultFile);
        Add(Schedule);
        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress) =>
        await RehearsedPlace.OpenFor(arguments.GetValue(_execution)!, Settings(arguments, arguments.GetValue(_state)), progress);

    /// <inheritdoc/>
    protected override Task<RehearsalReport> Act(IPlace place, ParseResult arguments) => place.Redrive(arguments.GetValue(_execution)!);

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), arguments.GetValue(_state), deployed: null, SharedOptions.Words(arguments));
}
