using Amazon.ECS.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Ecr;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.Wire;
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
public sealed partial class Services
{
    private const string DueTask = "ecs/task";
    private const string DueHealth = "ecs/health";
    private const string DueProgram = "ecs/program";
    private const string DueService = "ecs/service";
    private const string DueTarget = "ecs/target";

    private static readonly TimeSpan StoppedTasksAreShown = TimeSpan.FromHours(1);

    private readonly RehearsalWorld _world;
    private readonly ServiceEvents _events;
    private readonly TaskDefinitions _definitions;
    private readonly Networks _networks;
    private readonly LogStore _logs;
    private readonly TaskStart _start;
    private readonly IReadOnlyList<IContainerProgram> _programs;
    private readonly Table<ServiceRecord> _services;
    private readonly Table<TaskRecord> _tasks;

    /// <summary>The services of a world. One per world: it answers the world's due moments.</summary>
    public Services(
        RehearsalWorld world,
        IEventSource events,
        TaskDefinitions definitions,
        Networks networks,
        LogStore logs,
        Repositories repositories,
        ParameterStore parameters,
        IEnumerable<IContainerProgram> programs
    )
    {
        _world = world;
        _events = new ServiceEvents(world, events);
        _definitions = definitions;
        _networks = networks;
        _logs = logs;
        _start = new TaskStart(world, logs, repositories, parameters);
        _programs = [.. programs, new OrdinaryProgram()];
        _services = world.Store.VersionedTable<ServiceRecord>("ecs/services", service => service);
        _tasks = world.Store.VersionedTable<TaskRecord>("ecs/tasks", task => task);
        world.OnDue(DueTask, Advance, failed: Break);
        world.OnDue(DueHealth, Checked, failed: Break);
        world.OnDue(DueProgram, Continue, failed: Break);
        world.OnDue(DueTarget, Found, failed: Break);
        world.OnDue(DueService, key => Reconcile(_services.Get(key)!), failed: BreakService);
    }

    /// <summary>A service of a cluster by its name or ARN, or <see langword="null"/>.</summary>
    public ServiceRecord? Find(ClusterRecord cluster, string nameOrArn) => _services.Get($"{Prefix(cluster)}{Clusters.NameOf(nameOrArn)}");

    /// <summary>The services of a cluster, by name.</summary>
    public IEnumerable<ServiceRecord> Of(ClusterRecord cluster) => _services.WithPrefix(Prefix(cluster)).Select(entry => entry.Value);

    /// <summary>The tasks of a cluster that run or stopped less than an hour ago.</summary>
    public IEnumerable<TaskRecord> Tasks(ClusterRecord cluster) => Tasks(Prefix(cluster));

    /// <summary>Adds a service, or one in the place of a deleted one, and starts its tasks. AWS takes an equal second request for the
    /// first; here it is refused like any other.</summary>
    /// <param name="service">The service.</param>
    /// <param name="taskDefinition">What its tasks run; <see langword="null"/> where task sets would say it, which are not simulated, so
    /// that it runs nothing.</param>
    /// <exception cref="ApiException">InvalidParameterException: there is one of this name.</exception>
    public ServiceRecord Create(ServiceRecord service, string? taskDefinition)
    {
        if (_services.Get(Key(service)) is { Status: not "INACTIVE" })
        {
            throw new ApiException("InvalidParameterException", "Creation of service was not idempotent.");
        }

        return taskDefinition is null ? Change(service with { Steady = true }) : Deploy(service, taskDefinition);
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
        service = service with
        {
            Deployments = [deployment, .. service.Deployments.Select(older => older with { Status = "ACTIVE" })],
            Steady = false,
        };
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

    private IEnumerable<TaskRecord> Tasks(ServiceRecord service) => Tasks(Prefix(service)).Where(task => task.Service == service.Name);

    private IEnumerable<TaskRecord> Tasks(string prefix) =>
        _tasks
            .WithPrefix(prefix)
            .Select(entry => entry.Value)
            .Where(task => task.Stopped is not { } stopped || _world.Now - stopped <= StoppedTasksAreShown);

    private static ServiceRecord Changed(ServiceRecord service, string deployment, Func<DeploymentRecord, DeploymentRecord> change) =>
        service with
        {
            Deployments = [.. service.Deployments.Select(candidate => candidate.Id == deployment ? change(candidate) : candidate)],
        };

    private static string Named(List<TaskRecord> tasks) => string.Join(" ", tasks.Select(task => $"(task {task.Id})"));

    private TaskDefinition Definition(ServiceRecord service, TaskRecord task) =>
        _definitions.Find(service.Account, service.Region, task.TaskDefinition)!.Definition;

    /// <summary>Stores a task whose state has changed, and reports it.</summary>
    private TaskRecord Put(ServiceRecord service, TaskRecord task)
    {
        task = task with { Version = task.Version + 1 };
        _tasks.Put($"{Prefix(service)}{task.Id}", task);
        _events.Task(service, task, Definition(service, task));
        return task;
    }

    private static string Prefix(ClusterRecord cluster) => RegionalKey.Prefix(cluster.Account, cluster.Region, cluster.Name);

    private static string Prefix(ServiceRecord service) => RegionalKey.Prefix(service.Account, service.Region, service.Cluster);

    private static string Key(ServiceRecord service) => Prefix(service) + service.Name;
}
