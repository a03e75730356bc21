using Deployer.Rehearsal.EventBridge;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>
/// The services of all accounts and their tasks: tasks are started and stopped over virtual time until as many run as
/// are wanted, of the newest deployment, within the bounds of the service's deployment configuration.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
/// </remarks>
public sealed class Services
{
    private const string DueTask = "ecs/task";
    private const string DueService = "ecs/service";
    private const string Fault = "tasks-do-not-start";

    /// <summary>So many tasks in a row that did not start are told as an event, whatever the circuit breaker does.</summary>
    private const int Impaired = 3;

    /// <summary>The circuit breaker's bounds, whatever half of the desired count is.</summary>
    private const int LeastThreshold = 3;
    private const int MostThreshold = 200;

    private static readonly TimeSpan StoppedTasksAreShown = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(27);

    private readonly RehearsalWorld _world;
    private readonly ServiceEvents _events;
    private readonly Table<ServiceRecord> _services;
    private readonly Table<TaskRecord> _tasks;

    /// <summary>The services of a world. One per world: it answers the world's due moments.</summary>
    public Services(RehearsalWorld world, IEventSource events)
    {
        _world = world;
        _events = new ServiceEvents(world, events);
        _services = world.Store.Table<ServiceRecord>("ecs/services");
        _tasks = world.Store.Table<TaskRecord>("ecs/tasks");
        world.OnDue(DueTask, Advance);
        world.OnDue(DueService, key => Reconcile(_services.Get(key)!));
    }

    /// <summary>A service of a cluster by its name or ARN, or <see langword="null"/>.</summary>
    public ServiceRecord? Find(ClusterRecord cluster, string nameOrArn) => _services.Get($"{Prefix(cluster)}{Clusters.NameOf(nameOrArn)}");

    /// <summary>The services of a cluster, by name.</summary>
    public IEnumerable<ServiceRecord> Of(ClusterRecord cluster) => _services.WithPrefix(Prefix(cluster)).Select(entry => entry.Value);

    /// <summary>The tasks of a cluster that run or stopped less than an hour ago.</summary>
    public IEnumerable<TaskRecord> Tasks(ClusterRecord cluster) => Tasks(Prefix(cluster));

    /// <summary>Adds a service, or one in the place of a deleted one, and starts its tasks. AWS takes an equal second request for the first; here it is refused like any other.</summary>
    /// <exception cref="ApiException">InvalidParameterException: there is one of this name.</exception>
    public ServiceRecord Create(ServiceRecord service, string taskDefinition)
    {
        if (_services.Get(Key(service)) is { Status: not "INACTIVE" })
        {
            throw new ApiException("InvalidParameterException", "Creation of service was not idempotent.");
        }

        return Deploy(service, taskDefinition);
    }

    /// <summary>Changes a service in place; a changed count of tasks follows.</summary>
    public ServiceRecord Change(ServiceRecord service)
    {
        Reconcile(service);
        return _services.Get(Key(service))!;
    }

    /// <summary>Begins a deployment, which replaces those before it.</summary>
    public ServiceRecord Deploy(ServiceRecord service, string taskDefinition)
    {
        var id = "ecs-svc/" + string.Concat(Enumerable.Range(0, 19).Select(_ => _world.Random.Next(10)));
        var deployment = new DeploymentRecord
        {
            Id = id,
            Status = "PRIMARY",
            TaskDefinition = taskDefinition,
            Rollout = "IN_PROGRESS",
            Reason = $"ECS deployment {id} in progress.",
            Created = _world.Now,
            Updated = _world.Now,
        };
        service = service with { Deployments = [deployment, .. service.Deployments.Select(older => older with { Status = "ACTIVE" })], Steady = false };
        _events.Deployment(service, deployment);
        return Change(service);
    }

    /// <summary>Stops the service's tasks, after which it is inactive.</summary>
    public ServiceRecord Delete(ServiceRecord service) => Change(service with { Status = "DRAINING", DesiredCount = 0, Steady = false });

    /// <summary>Stops a task; its service starts another one in its place.</summary>
    public TaskRecord Stop(ServiceRecord service, TaskRecord task, string reason)
    {
        if (task.Wanted)
        {
            Stop(service, task, "UserInitiated", reason);
            Reconcile(service);
        }

        return _tasks.Get($"{Prefix(service)}{task.Id}")!;
    }

    /// <summary>How many failed tasks trip a service's circuit breaker.</summary>
    internal static int Threshold(ServiceRecord service) => Math.Clamp((service.DesiredCount + 1) / 2, LeastThreshold, MostThreshold);

    private void Advance(string key)
    {
        if (_tasks.Get(key) is not { } task)
        {
            return;
        }

        var service = _services.Get(key[..(key.LastIndexOf('/') + 1)] + task.Service)!;
        switch (task.LastStatus)
        {
            case "PENDING" when DoesNotStart(service, task):
                Put(service, task with { LastStatus = "STOPPED", Stopping = _world.Now, Stopped = _world.Now, StopCode = "EssentialContainerExited", StoppedReason = "Essential container in task exited" });
                Failed(service, task);
                break;
            case "PENDING":
                Put(service, task with { LastStatus = "RUNNING", Started = _world.Now });
                Reconcile(Changed(service, task.Deployment, deployment =>
                    Resets(service) ? deployment with { FailedTasks = 0, NotBefore = default } : deployment));
                break;
            case "STOPPING":
                Put(service, task with { LastStatus = "STOPPED", Stopped = _world.Now });
                Reconcile(service);
                break;
        }
    }

    /// <summary>The fault strikes a service that has something to lose: not the tasks of the deployment that has proven itself.</summary>
    private bool DoesNotStart(ServiceRecord service, TaskRecord task) =>
        _world.Faults.Find(Fault) is { } fault && (fault.What is null || fault.What == service.Name)
        && service.Deployments.Any(deployment => deployment.Proven && deployment.Id != task.Deployment);

    private static bool Resets(ServiceRecord service) => service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker?.ResetOnHealthyTask ?? true;

    private void Failed(ServiceRecord service, TaskRecord task)
    {
        service = Changed(service, task.Deployment, deployment => deployment with
        {
            FailedTasks = deployment.FailedTasks + 1,
            NotBefore = _world.Now + Pause(deployment.FailedTasks),
        });
        var deployment = service.Deployments.FirstOrDefault(candidate => candidate.Id == task.Deployment);
        if (deployment is { Status: "PRIMARY", FailedTasks: Impaired })
        {
            service = _events.Log(service, "is unable to consistently start tasks successfully.");
            _events.Impaired(service);
        }

        var breaker = service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker;
        if (deployment is { Status: "PRIMARY", Rollout: "IN_PROGRESS" } && breaker?.Enable == true && deployment.FailedTasks >= Threshold(service))
        {
            service = Fail(service, deployment);
            if (breaker.Rollback == true && service.Deployments.FirstOrDefault(candidate => candidate.Proven) is { } last)
            {
                service = RollBack(service, last);
            }
        }

        Reconcile(service);
    }

    private static TimeSpan Pause(int failed) => TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(failed, 20), LongestPause.Ticks));

    private ServiceRecord Fail(ServiceRecord service, DeploymentRecord deployment)
    {
        service = _events.Log(Changed(service, deployment.Id, failed => failed with
        {
            Rollout = "FAILED",
            Reason = "ECS deployment circuit breaker: tasks failed to start.",
            Updated = _world.Now,
        }), $"(deployment {deployment.Id}) deployment failed: tasks failed to start.");
        _events.Deployment(service, service.Primary);
        return service;
    }

    /// <summary>The last deployment that the service was steady with is the wanted one again, under its own id.</summary>
    private ServiceRecord RollBack(ServiceRecord service, DeploymentRecord last)
    {
        service = _events.Log(service with
        {
            Deployments =
            [
                .. service.Deployments.Select(deployment => deployment.Id != last.Id
                    ? deployment with { Status = "ACTIVE" }
                    : deployment with
                    {
                        Status = "PRIMARY",
                        Rollout = "IN_PROGRESS",
                        Reason = $"ECS deployment circuit breaker: rolling back to deploymentId {last.Id}.",
                        Updated = _world.Now,
                    }),
            ],
        }, $"rolling back to deployment {last.Id}.");
        _events.Deployment(service, service.Primary);
        return service;
    }

    /// <summary>Stops what is not wanted, starts what is, and sees whether the service is where it should be.</summary>
    private void Reconcile(ServiceRecord service)
    {
        if (service.Status == "INACTIVE")
        {
            return;
        }

        service = Start(StopSurplus(service));
        _services.Put(Key(service), service);
        var left = Tasks(service).Where(task => task.LastStatus != "STOPPED").ToList();
        if (service.Status == "DRAINING" && left.Count == 0)
        {
            _services.Put(Key(service), service with { Status = "INACTIVE", Deployments = [] });
        }
        else if (service is { Status: "ACTIVE", Steady: false, Primary.Rollout: not "FAILED" }
            && left.Count == service.DesiredCount
            && left.TrueForAll(task => task.LastStatus == "RUNNING" && task.Deployment == service.Primary.Id))
        {
            _services.Put(Key(service), Settle(service));
        }
    }

    private ServiceRecord StopSurplus(ServiceRecord service)
    {
        var primary = service.Primary;
        var wanted = Tasks(service).Where(task => task.Wanted).ToList();
        var running = wanted.Count(task => task.LastStatus == "RUNNING");
        var (healthy, _) = Bounds(service);
        var own = wanted.FindAll(task => task.Deployment == primary.Id);
        var surplus = own.OrderBy(task => task.LastStatus == "RUNNING").ThenByDescending(task => task.Created).Take(own.Count - service.DesiredCount).ToList();
        running -= surplus.Count(task => task.LastStatus == "RUNNING");
        foreach (var task in wanted.Where(task => task.Deployment != primary.Id).OrderBy(task => task.LastStatus == "RUNNING"))
        {
            if (task.LastStatus == "PENDING")
            {
                surplus.Add(task);
            }
            else if (running > healthy && (primary.Rollout != "FAILED" || service.Status == "DRAINING"))
            {
                surplus.Add(task);
                running--;
            }
        }

        surplus.ForEach(task => Stop(service, task, "ServiceSchedulerInitiated", $"Scaling activity initiated by (deployment {primary.Id})"));
        return surplus.Count == 0 ? service : _events.Log(service, $"has stopped {surplus.Count} running tasks: {Named(surplus)}.") with { Steady = false };
    }

    private ServiceRecord Start(ServiceRecord service)
    {
        var primary = service.Primary;
        var wanted = Tasks(service).Where(task => task.Wanted).ToList();
        var (_, most) = Bounds(service);
        var count = Math.Min(service.DesiredCount - wanted.Count(task => task.Deployment == primary.Id), most - wanted.Count);
        if (count <= 0 || primary.Rollout == "FAILED")
        {
            return service;
        }

        if (primary.NotBefore > _world.Now)
        {
            _world.Schedule(primary.NotBefore - _world.Now, DueService, Key(service));
            return service;
        }

        var started = Enumerable.Range(0, count).Select(_ => new TaskRecord
        {
            Id = _world.Random.HexId(32),
            Service = service.Name,
            Deployment = primary.Id,
            TaskDefinition = primary.TaskDefinition,
            LastStatus = "PENDING",
            Created = _world.Now,
        }).ToList();
        foreach (var task in started)
        {
            Put(service, task);
            Schedule(service, task, Durations.TaskStart);
        }

        return _events.Log(service, $"has started {count} tasks: {Named(started)}.") with { Steady = false };
    }

    private ServiceRecord Settle(ServiceRecord service)
    {
        if (service.Primary is { Rollout: "IN_PROGRESS" } primary)
        {
            var completed = primary with { Rollout = "COMPLETED", Reason = $"ECS deployment {primary.Id} completed.", Updated = _world.Now, Proven = true };
            service = _events.Log(service with { Deployments = [completed] }, $"(deployment {primary.Id}) deployment completed.");
            _events.Deployment(service, completed);
        }

        service = _events.Log(service, "has reached a steady state.") with { Steady = true };
        _events.Steady(service);
        return service;
    }

    /// <summary>The fewest tasks that run and the most that run or are about to, while tasks are exchanged.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html</remarks>
    private static (int Healthy, int Most) Bounds(ServiceRecord service)
    {
        var configuration = service.Settings.DeploymentConfiguration;
        var healthy = service.DesiredCount * (long)(configuration?.MinimumHealthyPercent ?? 100);
        var most = service.DesiredCount * (long)(configuration?.MaximumPercent ?? 200);
        return ((int)((healthy + 99) / 100), (int)(most / 100));
    }

    private void Stop(ServiceRecord service, TaskRecord task, string code, string reason)
    {
        Put(service, task with { LastStatus = "STOPPING", Stopping = _world.Now, StopCode = code, StoppedReason = reason });
        Schedule(service, task, Durations.TaskStop);
    }

    private void Schedule(ServiceRecord service, TaskRecord task, PlayedDuration duration) =>
        _world.Schedule(duration.Draw(_world.Random), DueTask, $"{Prefix(service)}{task.Id}");

    private IEnumerable<TaskRecord> Tasks(ServiceRecord service) => Tasks(Prefix(service)).Where(task => task.Service == service.Name);

    private IEnumerable<TaskRecord> Tasks(string prefix) => _tasks.WithPrefix(prefix)
        .Select(entry => entry.Value)
        .Where(task => task.Stopped is not { } stopped || _world.Now - stopped <= StoppedTasksAreShown);

    private static ServiceRecord Changed(ServiceRecord service, string deployment, Func<DeploymentRecord, DeploymentRecord> change) =>
        service with { Deployments = [.. service.Deployments.Select(candidate => candidate.Id == deployment ? change(candidate) : candidate)] };

    private static string Named(List<TaskRecord> tasks) => string.Join(" ", tasks.Select(task => $"(task {task.Id})"));

    private void Put(ServiceRecord service, TaskRecord task) => _tasks.Put($"{Prefix(service)}{task.Id}", task);

    private static string Prefix(ClusterRecord cluster) => $"{cluster.Account}/{cluster.Region}/{cluster.Name}/";

    private static string Prefix(ServiceRecord service) => $"{service.Account}/{service.Region}/{service.Cluster}/";

    private static string Key(ServiceRecord service) => Prefix(service) + service.Name;
}
