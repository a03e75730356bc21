using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Records;

/// <summary><c>deployer history</c>: the deployments of a service to a target, the newest first.</summary>
internal sealed class HistoryCommand : RecordsCommand
{
    private const int DefaultMost = 20;
    private const int MostShown = 1000;

    private readonly Option<string> _target = SharedOptions.Target();
    private readonly Option<string?> _instance = SharedOptions.Instance();
    private readonly Option<int> _most = SharedOptions.Number(
        "--most",
        $"How many are shown at most; {DefaultMost} when not given.",
        1,
        MostShown,
        DefaultMost
    );

    public HistoryCommand(Terminal terminal)
        : base(
            terminal,
            "history",
            "Lists the deployments of a service to a target, the newest first: when, by whom, and what they came to.",
            "history examples/inventory --target dev --profile tools"
        )
    {
        Add(Service);
        Add(_target);
        Add(_instance);
        Add(_most);
        Aws.All.ToList().ForEach(Add);
        Add(State);
        Add(Json);
    }

    /// <inheritdoc/>
    protected override async Task Show(DeployerRecords records, string? stage, ParseResult arguments, CancellationToken cancellation)
    {
        var service = RehearsedService.ReadAtTarget(
            arguments.GetValue(Service)!,
            arguments.GetValue(_target)!,
            arguments.GetValue(_instance)
        );
        var deployments = await records.History(
            service.Spec.Service,
            service.Target.Name,
            stage ?? DeployerStage.OfTarget(service.Target.Declared),
            arguments.GetValue(_most),
            cancellation
        );
        var looks = await records.Looks(
            service.Spec.Service,
            service.Target.Name,
            stage ?? DeployerStage.OfTarget(service.Target.Declared),
            arguments.GetValue(_most)
        );
        await new ResultOutput(Terminal.Output, arguments.GetValue(Json)).Write(
            new HistoryReport(service.Spec.Service, service.Target.Name, deployments) { Looks = looks.Count > 0 ? looks : null },
            new HistoryView()
        );
    }
}
