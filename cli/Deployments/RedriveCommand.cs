using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer redrive</c>: a failed execution runs on from the task that failed.</summary>
internal sealed class RedriveCommand : DeploymentCommand<IPlace>
{
    private readonly Argument<string> _execution = SharedOptions.Execution();
    private readonly Option<bool> _detach = SharedOptions.Detach();
    private readonly Option<string?> _state = SharedOptions.Rehearsed();

    public RedriveCommand(Terminal terminal)
        : base(
            terminal,
            "redrive",
            "Redrives a deployment that failed, as the Step Functions console does: it goes on at the task that failed.",
            "redrive arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:NAME"
        )
    {
        Add(_execution);
        Aws.OfExecution.ToList().ForEach(Add);
        Add(_detach);
        Add(_state);
        Add(Faults);
        Add(FaultFile);
        Add(Schedule);
        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected override bool IsOnAws(ParseResult arguments) => arguments.GetValue(_state) is null;

    /// <inheritdoc/>
    protected override async Task<IPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var execution = DeployerExecution.Parse(arguments.GetValue(_execution)!);
        return IsOnAws(arguments)
            ? await AwsPlace.OpenFor(execution, Aws.Settings(arguments), arguments.GetValue(_detach), progress, cancellation)
            : await RehearsedPlace.OpenFor(execution.Arn, Settings(arguments, arguments.GetValue(_state)), progress);
    }

    /// <inheritdoc/>
    protected override Task<RehearsalReport> Act(IPlace place, ParseResult arguments) => place.Redrive(arguments.GetValue(_execution)!);

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(arguments.GetValue(_state), Aws.Settings(arguments)), deployed: null);
}
