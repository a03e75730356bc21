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
internal sealed partial class StoppedTasks(StepRun run, Service service, Func<string, bool>? isShown = null)
{
    private const int MostTasks = 100;
    private const int MostReasons = 3;
    private const int MostLines = 10;
    private const string OfLog = "log ";

    /// <summary>A line for each way in which tasks of the deployment stopped.</summary>
    /// <param name="deployment">The deployment's id, which its tasks were started by; <see langword="null"/> for any.</param>
    /// <param name="withLogs">Whether the last lines of a container follow.</param>
    /// <param name="since">Those that stopped before are left out, by AWS's clock; <see langword="null"/> for none.</param>
    public async Task<IReadOnlyList<string>> Reasons(string? deployment, bool withLogs, DateTime? since = null)
    {
        var tasks = (await Stopped())
            .Where(task => (deployment is null || task.StartedBy == deployment) && !IsScaledIn(task) && !(task.StoppedAt < since))
            .OrderByDescending(task => task.StoppedAt)
            .ToList();
        var (reasons, logs) = (new List<string>(), new List<string>());
        foreach (var alike in tasks.GroupBy(Kind, StringComparer.Ordinal).Take(MostReasons))
        {
            var newest = alike.First();
            reasons.Add($"{Count(alike.Count())} stopped: {Reason(newest)} (the last one: {newest.Id()})");
            if (withLogs)
            {
                logs.AddRange(await LastLines(newest));
            }
        }

        return InOrder(reasons, logs);
    }

    /// <summary>
    /// Why tasks stopped, one that the kernel ended for its memory first, and lines of logs after all of that: an exit code between the
    /// lines of a log is not seen.
    /// </summary>
    /// <param name="lines">Lines of <see cref="Reasons"/>, of one service or of several.</param>
    public static IReadOnlyList<string> InOrder(params IEnumerable<string>[] lines)
    {
        var all = lines.SelectMany(some => some).ToList();
        return
        [
            .. all.Where(line => !IsOfLog(line) && IsOutOfMemory(line)),
            .. all.Where(line => !IsOfLog(line) && !IsOutOfMemory(line)),
            .. all.Where(IsOfLog),
        ];
    }

    private static bool IsOfLog(string line) => line.StartsWith(OfLog, StringComparison.Ordinal);

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

    /// <summary>The last lines of the containers that ended by themselves.</summary>
    private async Task<IReadOnlyList<string>> LastLines(Amazon.ECS.Model.Task task)
    {
        var definition = (
            await run.Account.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = task.TaskDefinitionArn })
        ).TaskDefinition;
        run.Secrets.Show(service.ServiceArn);
        run.Secrets.Show(service.ServiceName);
        WantedDefinition.Hide(run.Secrets, definition, isShown);
        var lines = new List<string>();
        foreach (var container in definition.ContainerDefinitions.Where(container => HasRun(task, container)))
        {
            if (ContainerLog.Find(container) is { } log)
            {
                lines.AddRange(await Read(log.Group, log.Stream(task.Id())));
            }
            else if (container.LogConfiguration?.LogDriver is { } driver && driver != LogDriver.Awslogs)
            {
                lines.Add($"container {container.Name} logs by {driver}, not to CloudWatch, so that its last lines are not here");
            }
        }

        return lines;
    }

    private static bool HasRun(Amazon.ECS.Model.Task task, ContainerDefinition container) =>
        (task.Containers ?? []).Exists(one => one.Name == container.Name && one.ExitCode is not null);

    private async Task<IReadOnlyList<string>> Read(string group, string stream)
    {
        var tail = await LogTail.Explain(run.Account.Logs, group, stream, MostLines);
        return tail.Problem is { } problem
            ? [problem]
            : [.. tail.Last.Select(line => $"{OfLog}{group}: {run.Secrets.Hide(CauseText.HideCredentials(line.Message.TrimEnd()))}")];
    }
}
