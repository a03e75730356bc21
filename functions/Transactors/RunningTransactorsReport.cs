using System.Text.Json.Serialization;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// What the services of a step's transactors run that a deployment has not done: that failed, was stopped, or was not reached.
/// </summary>
/// <param name="Step">The step.</param>
/// <param name="Transactor">The transactor's name.</param>
/// <param name="Services">Both services; none where they could not be read.</param>
public sealed record RunningTransactorsReport(string Step, string Transactor, IReadOnlyList<RunningTransactors> Services) : IReportPart
{
    private const string Active = "active";

    /// <summary>What could not be read, and why; <see langword="null"/> when all was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <inheritdoc/>
    string IReportPart.Section => TransactorReport.List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [
            .. Services.Select(service => $"{Step}: {service.InWords}"),
            .. Problem is { } problem ? [$"{Step}: {problem}"]
            : Services.All(service => service.Tasks.All(task => task.Role != Active))
                ? [$"{Step}: no transactor is active: nothing can be written"]
            : Array.Empty<string>(),
        ];

    /// <summary>Reads what the transactors of a step are; nothing where the step's own file does not say yet which they are.</summary>
    public static async Task<IReadOnlyList<IReportPart>> Read(StepRun run)
    {
        var step = run.Step<TransactorStep>();
        if (run.Evaluate(step.Transactor).Value is not { } name || run.Evaluate(step.Cluster).Value is null)
        {
            return [];
        }

        TransactorParts services;
        try
        {
            services = await TransactorParts.FindServices(run);
        }
        catch (Exception exception)
        {
            return
            [
                new RunningTransactorsReport(run.Name, name, []) { Problem = RunningServiceReport.Unread("what runs", exception, run) },
            ];
        }

        try
        {
            var parts = await TransactorParts.Find(run);
            return [new RunningTransactorsReport(run.Name, name, [.. parts.All.Select(part => Running(part, part.Tasks, part.Runs))])];
        }
        catch (Exception exception)
        {
            return
            [
                new RunningTransactorsReport(run.Name, name, [.. services.All.Select(part => Running(part, [], part.Service.Runs()))])
                {
                    Problem = RunningServiceReport.Unread("which of them is active", exception, run),
                },
            ];
        }
    }

    private static string Role(TransactorTask task) =>
        task.Signs.Role switch
        {
            TransactorRole.Active => Active,
            TransactorRole.Standby => "standby",
            _ => "unknown",
        };

    private static RunningTransactors Running(TransactorPart part, IReadOnlyList<TransactorTask> tasks, string words) =>
        new(
            part.Name,
            WantedDefinition.Name(part.Service.Running().TaskDefinition),
            part.Desired,
            part.Service.Running().RunningCount ?? 0,
            [.. tasks.Select(task => new RunningTransactor(task.Id, WantedDefinition.Name(task.Task.TaskDefinitionArn), Role(task)))]
        )
        {
            InWords = words,
        };
}

/// <summary>One of the two services of a transactor.</summary>
/// <param name="Service">The service.</param>
/// <param name="TaskDefinition">The revision that it runs, as <c>family:revision</c>.</param>
/// <param name="Desired">How many tasks it is to have.</param>
/// <param name="Running">How many tasks of that revision run.</param>
/// <param name="Tasks">Its tasks that run, where their logs could be read.</param>
public sealed record RunningTransactors(
    string Service,
    string TaskDefinition,
    int Desired,
    int Running,
    IReadOnlyList<RunningTransactor> Tasks
)
{
    /// <summary>How it reads on a screen.</summary>
    [JsonIgnore]
    public string InWords { get; init; } = string.Empty;
}

/// <summary>A transactor that runs.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="TaskDefinition">The revision that it runs, as <c>family:revision</c>.</param>
/// <param name="Role">What it is by its log: <c>active</c>, <c>standby</c>, or <c>unknown</c>.</param>
public sealed record RunningTransactor(string Task, string TaskDefinition, string Role);
