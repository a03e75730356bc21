using System.CommandLine;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;
using Deployer.Spec;

namespace Deployer.Cli.Records;

/// <summary><c>deployer releases</c>: what runs of a service on its targets, since when, and by whom.</summary>
internal sealed class ReleasesCommand : RecordsCommand
{
    private readonly Option<string?> _target = new("--target", "-t")
    {
        Description = "The only target of deployer.yaml that is shown; all of them without it.",
        HelpName = "T",
    };

    public ReleasesCommand(Terminal terminal)
        : base(
            terminal,
            "releases",
            "Shows what runs of a service on its targets, since when, and by whom, as the deployers' records have it.",
            "releases examples/inventory --profile tools"
        )
    {
        Add(Service);
        Add(_target);
        Aws.All.ToList().ForEach(Add);
        Add(State);
        Add(Json);
    }

    /// <inheritdoc/>
    protected override async Task Show(DeployerRecords records, string? stage, ParseResult arguments, CancellationToken cancellation)
    {
        var (spec, targets) = Read(arguments.GetValue(Service)!, arguments.GetValue(_target));
        var releases = new List<ReleaseReport>();
        foreach (var target in targets)
        {
            var found = await records.Releases(spec.Service, target.Name, stage ?? DeployerStage.OfTarget(target.Declared), cancellation);
            var order = spec.Steps.Select(step => step.Name).ToList();
            releases.AddRange(found.OrderBy(release => order.IndexOf(release.Step)));
        }

        await new ResultOutput(Terminal.Output, arguments.GetValue(Json)).Write(
            new ReleasesReport(spec.Service, releases),
            new ReleasesView([.. targets.Select(target => target.Name)])
        );
    }

    private static (ServiceSpec Spec, IReadOnlyList<TargetSpec> Targets) Read(string folder, string? target)
    {
        if (target is not null)
        {
            var service = RehearsedService.ReadAtTarget(folder, target, instance: null);
            return (service.Spec, [service.Target]);
        }

        var spec = RehearsedService.ReadFile(folder);
        return (spec, spec.Targets);
    }
}
