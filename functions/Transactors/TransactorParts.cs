using Amazon.CloudWatchLogs.Model;
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
    // Fifteen minutes of heartbeats, 5 seconds apart, among as many other lines; where these hide them, or a page comes without lines, the
    // page before is read as well.
    private const int Lines = 360;

    /// <summary>What it means that none is active, for a cause.</summary>
    public const string NothingIsWritten = "no transactor is active: nothing can be written";

    private const int LeastPercent = 100;
    private const int MostPercent = 200;

    /// <summary>Both.</summary>
    public IReadOnlyList<TransactorPart> All => [A, B];

    /// <summary>The one with the active transactor; <see langword="null"/> when nothing can be written.</summary>
    public TransactorPart? Active => All.FirstOrDefault(part => part.IsActive);

    /// <summary>
    /// How long it may take until one of the two is active after the active one has ended, by the heartbeats of what runs.
    /// </summary>
    public TimeSpan TakeoverPatience
    {
        get
        {
            var longest = TransactorSigns.Patience(TransactorDefinition.UsualHeartbeat);
            foreach (var task in A.Tasks.Concat(B.Tasks))
            {
                var patience = TransactorSigns.Patience(task.Heartbeat);
                longest = patience > longest ? patience : longest;
            }

            return longest;
        }
    }

    /// <summary>What runs, for a cause.</summary>
    public string Runs => Each + (Active is null ? $"; {NothingIsWritten}" : string.Empty);

    /// <summary>What each of the two runs.</summary>
    public string Each => $"{A.Runs}; {B.Runs}";

    /// <summary>The part of this name.</summary>
    public TransactorPart this[string name] => A.Name == name ? A : B;

    /// <summary>The service beside this one.</summary>
    public TransactorPart Counterpart(TransactorPart part) => part.Name == A.Name ? B : A;

    /// <summary>Whether one is active and the other's standby has seen its heartbeats.</summary>
    public bool IsPair =>
        Active is { Active: { } active } part
        && Counterpart(part).Tasks.Any(task => task.Signs.StandsBy && task.Signs.LastSeen >= active.Signs.FirstBeat);

    /// <summary>The services, without their tasks.</summary>
    /// <exception cref="ServiceRefusedException">One is missing or being deleted, or ECS does not deploy it.</exception>
    public static async Task<TransactorParts> FindServices(StepRun run)
    {
        var step = run.Step<TransactorStep>();
        var name = run.Text(step.Transactor);
        var found = await EcsServices.Find(run, run.Text(step.Cluster), $"{name}-a", $"{name}-b");
        foreach (var service in found)
        {
            if (WhyNotRolled(service) is { } why)
            {
                throw new ServiceRefusedException(why);
            }
        }

        return new TransactorParts(new TransactorPart(found[0], []), new TransactorPart(found[1], []));
    }

    /// <summary>
    /// Why a service's transactor cannot be replaced without ending it first: of one task, ECS starts another one before only where none
    /// may be missing and two may run; <see langword="null"/> where it does. Without numbers ECS has 100 and 200.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html</remarks>
    public static string? WhyNotRolled(Service service)
    {
        if (ServiceFit.IsOnOldPlatform(service))
        {
            return $"service {service.ServiceName} keeps to the platform version {service.PlatformVersion} of Fargate, whose tasks have no "
                + "metadata endpoint 4, from which the start script takes the address: give it the platform version LATEST";
        }

        var (least, most) = (
            service.DeploymentConfiguration?.MinimumHealthyPercent ?? LeastPercent,
            service.DeploymentConfiguration?.MaximumPercent ?? MostPercent
        );
        return least < LeastPercent || most < MostPercent
            ? $"service {service.ServiceName} has a minimumHealthyPercent of {least} and a maximumPercent of {most}, with which ECS "
                + (least < LeastPercent ? "may end a transactor before its successor runs" : "starts no second task beside the first")
                + $"; give it {LeastPercent} and {MostPercent}, as templates/transactor.yaml does"
            : null;
    }

    /// <summary>
    /// That ECS would put the former revision back by itself when a deployment fails, whatever the new one has done to the storage
    /// meanwhile; <see langword="null"/> where it does not.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html,
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    /// </remarks>
    public static string? WhyPutBackByEcs(Service service)
    {
        var what = service.DeploymentConfiguration switch
        {
            { DeploymentCircuitBreaker: { Enable: true, Rollback: true } } => "deployment circuit breaker",
            { Alarms: { Enable: true, Rollback: true } } => "alarms",
            _ => null,
        };
        return what is null
            ? null
            : $"the {what} of service {service.ServiceName} may have ECS put the former release back by itself: turn the rollback off, as "
                + "templates/transactor.yaml does, before a release";
    }

    /// <summary>The services with their tasks that run, and what the logs of these say.</summary>
    /// <exception cref="ServiceRefusedException">As above, or a task has no log that can be read.</exception>
    public static async Task<TransactorParts> Find(StepRun run)
    {
        var services = await FindServices(run);
        var logs = new Dictionary<string, TransactorLog>(StringComparer.Ordinal);
        return await RunningNow.AddToFailures(
            run,
            () => $"{services.A.Service.Runs()}; {services.B.Service.Runs()}; which of them is active is not known",
            async () => new TransactorParts(await WithTasks(run, services.A, logs), await WithTasks(run, services.B, logs))
        );
    }

    private static async Task<TransactorPart> WithTasks(StepRun run, TransactorPart part, Dictionary<string, TransactorLog> logs)
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
                logs[task.TaskDefinitionArn] = log = new TransactorLog(
                    TransactorDefinition.LogOf(definition.TaskDefinition),
                    TransactorDefinition.HeartbeatOf(definition.TaskDefinition)
                );
            }

            var found = new TransactorTask(task, TransactorSigns.None) { Heartbeat = log.Heartbeat };
            tasks.Add(found with { Signs = await Read(run, log, found.Id) });
        }

        return part with
        {
            Tasks = tasks,
        };
    }

    // A class, since LINQ is compiled anew for each value type.
    private sealed record TransactorLog(ContainerLog Log, TimeSpan Heartbeat);

    private static async Task<TransactorSigns> Read(StepRun run, TransactorLog log, string task)
    {
        var now = run.Account.EnteredAt;
        try
        {
            return Signs(await LogTail.Events(run.Account.Logs, log.Log.Group, log.Log.Stream(task), Lines, IsEnough));
        }
        catch (Amazon.CloudWatchLogs.Model.ResourceNotFoundException)
        {
            // The stream is made with its first line.
            return TransactorSigns.None;
        }

        TransactorSigns Signs(IReadOnlyList<OutputLogEvent> lines) => TransactorSigns.Read(lines, now, log.Heartbeat);

        // Of a silent one nothing counts that is older.
        bool IsEnough(IReadOnlyList<OutputLogEvent> lines) =>
            Signs(lines) is { Role: var role, IsProven: var isProven }
            && (
                isProven
                || (
                    role == TransactorRole.Unknown
                    && lines is [var oldest, ..]
                    && now - oldest.Timestamp > TransactorSigns.Patience(log.Heartbeat)
                )
            );
    }
}
