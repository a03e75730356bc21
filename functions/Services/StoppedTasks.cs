using System.Text.RegularExpressions;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// Why tasks of a deployment stopped: the reason, the exit codes and the last lines of their containers. ECS shows a stopped task for an
/// hour: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
/// </summary>
/// <param name="run">The step.</param>
/// <param name="service">The service.</param>
/// <param name="isShown">Which variables of the environment are no secrets; none where this is left out.</param>
/// <param name="isRoutine">
/// Which lines of logs a container writes all the time, which explain nothing; none where this is left out.
/// </param>
internal sealed partial class StoppedTasks(
    StepRun run,
    Service service,
    Func<string, bool>? isShown = null,
    Func<string, bool>? isRoutine = null
)
{
    private const int MostTasks = 100;
    private const int MostReasons = 3;
    private const int MostLines = 10;

    /// <summary>A line for each way in which tasks of the deployment stopped, for a cause.</summary>
    /// <param name="deployment">The deployment's id, which its tasks were started by; <see langword="null"/> for any.</param>
    /// <param name="withLogs">Whether the last lines of a container follow.</param>
    /// <param name="since">Those that stopped before are left out, by AWS's clock; <see langword="null"/> for none.</param>
    public async Task<IReadOnlyList<string>> Reasons(string? deployment, bool withLogs, DateTime? since = null) =>
        InOrder(await Lines(deployment, withLogs, since));

    /// <summary>The same, to be put in order with those of another service.</summary>
    /// <param name="deployment">The deployment's id, which its tasks were started by; <see langword="null"/> for any.</param>
    /// <param name="withLogs">Whether the last lines of a container follow.</param>
    /// <param name="since">Those that stopped before are left out, by AWS's clock; <see langword="null"/> for none.</param>
    public async Task<IReadOnlyList<StoppedLine>> Lines(string? deployment, bool withLogs, DateTime? since = null)
    {
        var tasks = (await Stopped())
            .Where(task => (deployment is null || task.StartedBy == deployment) && !IsScaledIn(task) && !(task.StoppedAt < since))
            .OrderByDescending(task => task.StoppedAt)
            .ToList();
        var lines = new List<StoppedLine>();
        foreach (var alike in tasks.GroupBy(Kind, StringComparer.Ordinal).Take(MostReasons))
        {
            var newest = alike.First();
            lines.Add(
                new StoppedLine(
                    $"{Count(alike.Count())} of {service.ServiceName} stopped: {Reason(newest)} (the last one: {newest.Id()})",
                    newest.StoppedAt
                )
            );
            if (withLogs)
            {
                lines.AddRange(await LastLines(newest));
            }
        }

        return lines;
    }

    /// <summary>
    /// Why tasks stopped, one that the kernel ended for its memory first, and lines of logs after all of that: an exit code between the
    /// lines of a log is not seen. Both as they happened, of whichever service they are.
    /// </summary>
    /// <param name="lines">Those of one service or of several.</param>
    public static IReadOnlyList<string> InOrder(params IEnumerable<StoppedLine>[] lines) =>
        [
            .. lines
                .SelectMany(some => some)
                .OrderBy(line =>
                    line.IsOfLog ? 2
                    : IsOutOfMemory(line.Text) ? 0
                    : 1
                )
                .ThenBy(line => line.At)
                .Select(line => line.Text),
        ];

    // https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors
    private static bool IsOutOfMemory(string line) => line.Contains("exited with 137", StringComparison.Ordinal);

    private async Task<List<Amazon.ECS.Model.Task>> Stopped()
    {
        var listed = await run.Account.Ecs.ListTasksAsync(
            new ListTasksRequest
            {
                Cluster = service.ClusterArn,
                ServiceName = service.ServiceName,
                DesiredStatus = DesiredStatus.STOPPED,
                MaxResults = MostTasks,
            }
        );
        return listed.TaskArns is not { Count: > 0 } arns
            ? []
            : (await run.Account.Ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = service.ClusterArn, Tasks = arns })).Tasks
                ?? [];
    }

    /// <summary>Stopped because it was not needed any more, which explains nothing.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html</remarks>
    private static bool IsScaledIn(Amazon.ECS.Model.Task task) =>
        task.StopCode == TaskStopCode.ServiceSchedulerInitiated
        && task.StoppedReason?.StartsWith("Scaling activity initiated by", StringComparison.Ordinal) == true;

    private static string Count(int tasks) => tasks == 1 ? "1 task" : $"{tasks} tasks";

    /// <summary>The reason without what differs from one task to the next: ids of tasks and of requests.</summary>
    private static string Kind(Amazon.ECS.Model.Task task) => Id().Replace(Reason(task), "ID");

    [GeneratedRegex("[0-9a-f]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Id();

    private static string Reason(Amazon.ECS.Model.Task task)
    {
        var containers = (task.Containers ?? [])
            .Select(container =>
                (container.ExitCode, container.Reason) switch
                {
                    ({ } code, { } reason) => $"container {container.Name} exited with {code}: {reason}",
                    ({ } code, null) => $"container {container.Name} exited with {code}",
                    (null, { } reason) when task.StoppedReason?.Contains(reason, StringComparison.Ordinal) != true =>
                        $"container {container.Name}: {reason}",
                    _ => null,
                }
            )
            .OfType<string>();
        return string.Join(", ", containers.Prepend(task.StoppedReason ?? "no reason"));
    }

    /// <summary>The last lines of the containers that ended by themselves, or that run.</summary>
    /// <param name="task">A task of the service.</param>
    public async Task<IReadOnlyList<StoppedLine>> LastLines(Amazon.ECS.Model.Task task)
    {
        var definition = (
            await run.Account.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = task.TaskDefinitionArn })
        ).TaskDefinition;
        run.Secrets.Show(service.ServiceArn);
        run.Secrets.Show(service.ServiceName);
        WantedDefinition.Hide(run.Secrets, definition, isShown);
        var lines = new List<StoppedLine>();
        foreach (var container in definition.ContainerDefinitions.Where(container => HasRun(task, container)))
        {
            if (ContainerLog.Find(container) is { } log)
            {
                lines.AddRange(await Read(task, log));
            }
            else if (container.LogConfiguration?.LogDriver is { } driver && driver != LogDriver.Awslogs)
            {
                lines.Add(
                    new StoppedLine(
                        $"container {container.Name} of {service.ServiceName} logs by {driver}, not to CloudWatch, so that its last lines "
                            + "are not here",
                        task.StoppedAt
                    )
                );
            }
        }

        return lines;
    }

    private static bool HasRun(Amazon.ECS.Model.Task task, ContainerDefinition container) =>
        (task.Containers ?? []).Exists(one => one.Name == container.Name && (one.ExitCode is not null || one.LastStatus == "RUNNING"));

    private async Task<IReadOnlyList<StoppedLine>> Read(Amazon.ECS.Model.Task task, ContainerLog log)
    {
        var tail = await LogTail.Explain(run.Account.Logs, log.Group, log.Stream(task.Id()), MostLines, isRoutine);
        return tail.Problem is { } problem
            ? [new StoppedLine(problem, task.StoppedAt) { IsOfLog = true }]
            :
            [
                .. tail.Last.Select(line => new StoppedLine(
                    $"log {log.Group}, task {task.Id()} of {service.ServiceName}: "
                        + run.Secrets.Hide(CauseText.HideCredentials(line.Message.TrimEnd())),
                    line.Timestamp
                )
                {
                    IsOfLog = true,
                }),
            ];
    }
}

/// <summary>A line of a cause about tasks that stopped.</summary>
/// <param name="Text">The line.</param>
/// <param name="At">When it happened, by AWS's clock; <see langword="null"/> for what is not of a moment.</param>
internal sealed record StoppedLine(string Text, DateTime? At)
{
    /// <summary>Whether it is of a log, and not the reason why a task stopped.</summary>
    public bool IsOfLog { get; init; }
}
