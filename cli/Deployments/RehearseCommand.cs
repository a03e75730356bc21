using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Deployments;

/// <summary>
/// <c>deployer rehearse</c>: a deployment from the pipeline's job to its end; that of a development instance, from the start of the
/// machine.
/// </summary>
internal sealed class RehearseCommand : DeploymentCommand<RehearsedPlace>
{
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string> _target = SharedOptions.Target();
    private readonly Option<string?> _instance = SharedOptions.Instance();
    private readonly Option<string?> _state = SharedOptions.State();
    private readonly Option<ulong> _seed = SharedOptions.Seed();

    public RehearseCommand(Terminal terminal)
        : base(
            terminal,
            "rehearse",
            "Rehearses the deployment of a service on this machine, from the pipeline's job to its end.",
            "rehearse examples/inventory --target dev --fault stack-rolls-back --state accounts"
        )
    {
        Add(_service);
        Add(_target);
        Add(_instance);
        Add(Faults);
        Add(FaultFile);
        Add(Schedule);
        Add(_state);
        Add(_seed);
        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected override async Task<RehearsedPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var service = RehearsedService.Read(arguments.GetValue(_service)!, arguments.GetValue(_target)!, arguments.GetValue(_instance));
        if (service.Target.Instance is null)
        {
            service.CheckRepository();
        }

        return await RehearsedPlaces.Open(service, Settings(arguments, arguments.GetValue(_state), arguments.GetValue(_seed)), progress);
    }

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(RehearsedPlace place, ParseResult arguments) => place.Deploy();

    /// <inheritdoc/>
    protected override NextCommand Next(ParseResult arguments) =>
        new(
            ProgramName.Find(),
            arguments.GetValue(_state) is { } state ? NextPlace.Kept(state) : null,
            new DeployedService(arguments.GetValue(_service)!, arguments.GetValue(_target)!, arguments.GetValue(_instance)),
            [.. arguments.Tokens.Select(token => token.Value)]
        );

    /// <inheritdoc/>
    protected override string? TargetOf(ParseResult arguments) => arguments.GetValue(_target);
}
