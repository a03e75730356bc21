using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>Both services of a step's transactor as they stand.</summary>
/// <param name="A">The service <c>NAME-a</c>.</param>
/// <param name="B">The service <c>NAME-b</c>.</param>
internal sealed record TransactorParts(TransactorPart A, TransactorPart B)
{
    // Fifteen minutes of heartbeats, 5 seconds apart, among as many other lines.
    private const int MostLines = 360;

    /// <summary>Both.</summary>
    public IReadOnlyList<TransactorPart> All => [A, B];

    /// <summary>The one with the active transactor; <see langword="null"/> when nothing can be written.</summary>
    public TransactorPart? Active => All.FirstOrDefault(part => part.IsActive);

    /// <summary>What runs, for a cause.</summary>
    public string Runs => $"{A.Runs}; {B.Runs}" + (Active is null ? "; no transactor is active: nothing can be written" : string.Empty);

    /// <summary>The part of this name.</summary>
    public TransactorPart this[string name] => A.Name == name ? A : B;

    /// <summary>The other part.</summary>
    public TransactorPart Other(TransactorPart part) => part.Name == A.Name ? B : A;

    /// <summary>Whether one is active and the other's standby has seen its heartbeats.</summary>
    public bool IsPair =>
        Active is { Active: { } active } part
        && Other(part).Tasks.Any(task => task.Signs.StandsBy && task.Signs.LastSeen >= active.Signs.FirstBeat);

    /// <summary>The services, without their tasks.</summary>
    /// <exception cref="ServiceRefusedException">One is missing or being deleted, or ECS does not deploy it.</exception>
    public static async Task<TransactorParts> FindServices(StepRun run)
    {
        var step = run.Step<TransactorStep>();
        var name = run.Text(step.Transactor);
        var found = await EcsServices.Find(run, run.Text(step.Cluster), $"{name}-a", $"{name}-b");
        return new TransactorParts(new TransactorPart(found[0], []), new TransactorPart(found[1], []));
    }

    /// <summary>The services with their tasks that run, and what the logs of these say.</summary>
    /// <exception cref="ServiceRefusedException">As above, or a task has no log that can be read.</exception>
    public static async Task<TransactorParts> Find(StepRun run)
    {
        var services = await FindServices(run);
        var logs = new Dictionary<string, ContainerLog>(StringComparer.Ordinal);
        return await RunningNow.Said(
            run,
            () => $"{services.A.Service.Runs()}; {services.B.Service.Runs()}; which of them is active is not known",
            async () => new TransactorParts(await WithTasks(run, services.A, logs), await WithTasks(run, services.B, logs))
        );
    }

    private static async Task<TransactorPart> WithTasks(StepRun run, TransactorPart part, Dictionary<string, ContainerLog> logs)
    {
        var listed = await run.Account.Ecs.ListTasksAsync(
            new ListTasksRequest
            {
                Cluster = part.Service.ClusterArn,
                ServiceName = part.Name,
                DesiredStatus = DesiredStatus.RUNNING,
            }
        );
        if (listed.TaskArns is not { Count: > 0 } arns)
        {
            return part;
        }

        var described = await run.Account.Ecs.DescribeTasksAsync(
            new DescribeTasksRequest { Cluster = part.Service.ClusterArn, Tasks = arns }
        );
        var tasks = new List<TransactorTask>();
        foreach (var task in (described.Tasks ?? []).Where(task => task.LastStatus == "RUNNING").OrderBy(task => task.TaskArn))
        {
            if (!logs.TryGetValue(task.TaskDefinitionArn, out var log))
            {
                var definition = await run.Account.Ecs.DescribeTaskDefinitionAsync(
                    new DescribeTaskDefinitionRequest { TaskDefinition = task.TaskDefinitionArn }
                );
                logs[task.TaskDefinitionArn] = log = TransactorDefinition.LogOf(definition.TaskDefinition);
            }

            var found = new TransactorTask(task, TransactorSigns.None);
            tasks.Add(found with { Signs = await Read(run, log, found.Id) });
        }

        return part with
        {
            Tasks = tasks,
        };
    }

    private static async Task<TransactorSigns> Read(StepRun run, ContainerLog log, string task)
    {
        try
        {
            return TransactorSigns.Read(
                await LogTail.Events(run.Account.Logs, log.Group, log.Stream(task), MostLines),
                run.Account.EnteredAt
            );
        }
        catch (Amazon.CloudWatchLogs.Model.ResourceNotFoundException)
        {
            // The stream is made with its first line.
            return TransactorSigns.None;
        }
    }
}
