using System.Text;
using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Endpoints;

/// <summary>Steps that give Lambda functions the address of Datomic.</summary>
public sealed class EndpointStepKind(EndpointWork work) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "endpoint";

    /// <inheritdoc/>
    public PlannedAction Verb => PlannedAction.Inject;

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [];

    /// <summary>The stacks that made the functions, whose updates may write other variables.</summary>
    public Task<IReadOnlyList<string>> Watched(StepRun run) => work.Watched(run);

    /// <summary>Whether every function has the variables already.</summary>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        if (run.UnknownReferences() is { Count: > 0 } unknown)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        try
        {
            return await work.Compare(run, progress);
        }
        catch (DeployerException exception) when (exception is NotYetException or EndpointNotInjectedException)
        {
            return new Comparison.NotReadable(exception);
        }
    }

    /// <summary>
    /// Functions that are there lack the alias that the step names, and no other step of the deployment may make it: the deployment would
    /// fail once all before has changed.
    /// </summary>
    public async Task<Refusal?> WhyRefused(StepRun run) =>
        MayBeMade(run) || await Lacking(run) is not { Count: > 0 } lacking
            ? null
            : new Refusal(CauseText.List(lacking), reasons => new EndpointNotInjectedException(reasons));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run) => work.ReadLiveFacts(run);

    /// <inheritdoc/>
    public async Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison)
    {
        plan = comparison switch
        {
            Comparison.KnownAfterApply => plan,
            Comparison.NotReadable unreadable => throw unreadable.Cause,
            Comparison.Changes changes => plan with { Subject = Subject(run), Notices = [.. changes.Differences, .. changes.Notices] },
            _ => plan with { Subject = Subject(run), Action = PlannedAction.None, Notices = comparison.Notices },
        };
        return plan.Action != PlannedAction.None && await Lacking(run) is { Count: > 0 } lacking
            ? plan with
            {
                Problem = $"{nameof(EndpointNotInjectedException)}: {CauseText.List(lacking)}",
                // An earlier step that changes may make them.
                MissingInputs = MayBeMade(run) ? lacking : null,
                Notices = [.. plan.Notices.Except(lacking)],
            }
            : plan;
    }

    private async Task<IReadOnlyList<string>> Lacking(StepRun run)
    {
        var alias = run.Step<EndpointStep>().Alias;
        return [.. (await work.WithoutAlias(run)).Select(function => EndpointComparison.NoAlias(function, alias!))];
    }

    /// <summary>Whether a stack that may be updated before may make an alias: its template is not at hand, or can.</summary>
    private static bool MayBeMade(StepRun run)
    {
        var graph = run.Source.Graph(run.Deployment);
        var after = graph.Dependents([run.Name]);
        return graph.Steps.OfType<StackStep>().Where(step => !after.Contains(step.Name)).Any(step => MayMakeAlias(run, step));
    }

    // The aliases of a function in Datomic's own stacks are none that a service names.
    private static bool MayMakeAlias(StepRun run, StackStep step) =>
        step.StackKind == StackKind.Plain
        && !(
            run.Evaluate(step.Template).Value is { } template
            && RelativePath.TryParse(template, out var path, out _)
            && run.Source.Folder.Read(path) is { } text
            && !TemplateAliases.MayMake(Encoding.UTF8.GetString(text))
        );

    /// <summary>The functions that were given the endpoint's variables.</summary>
    public async Task<IReadOnlyList<IReportPart>> Report(ReportedStep step)
    {
        var variables = ((EndpointStep)step.Step).Variables.Keys.Order(StringComparer.Ordinal).ToList();
        var injected = step
            .Tasks.Where(task => task.Task.StartsWith(EndpointWork.InjectTask, StringComparison.Ordinal))
            .SelectMany(task => task.Kept<InjectedFunctions>().Names)
            .ToHashSet(StringComparer.Ordinal);
        if (step.Task(EndpointWork.ResolveTask)?.Kept<ResolvedEndpoint>() is not { Dns: { } dns, Functions: { } functions })
        {
            return [];
        }

        var parts = new List<IReportPart>();
        var present = step.Account is { } account ? new InjectedValues(step, account.Lambda, dns) : null;
        foreach (var function in functions)
        {
            parts.Add(
                new EndpointReport(function, variables, dns, injected.Contains(function) ? StepAction.Injected : StepAction.None)
                {
                    Differs = present is null ? null : await present.Differing(function),
                }
            );
        }

        return parts;
    }

    /// <summary>The variables go with the stacks that made the functions.</summary>
    public Task<StepRemoval> Removal(StepRun run) => Task.FromResult<StepRemoval>(new StepRemoval.Nothing());

    private static string Subject(StepRun run) => run.Text(run.Step<EndpointStep>().Endpoint);
}

/// <summary>A function and the names of the variables that it was given.</summary>
public sealed record EndpointReport(string Function, IReadOnlyList<string> Variables, string Dns, StepAction Action) : IReportPart
{
    /// <summary>The list of functions.</summary>
    public const string List = "endpoints";

    /// <summary>
    /// What somebody has changed since, by the names of the variables; <see langword="null"/> where everything is as it was left, and
    /// where the account was not entered.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Differs { get; init; }

    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        Differs is { } differs
            ? [$"function {Function}: {differs}; the deployment left it with the address {Dns} ({Action.Words()})"]
            : [$"function {Function}: {string.Join(", ", Variables)} ({Action.Words()}), address {Dns}"];
}
