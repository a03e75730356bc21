using Amazon.ECS.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <content>The containers of tasks: what their programs do, and what their health checks find.</content>
public sealed partial class Services : IContainerHost
{
    private const string Unhealthy = "tasks-are-unhealthy";
    private const char Moment = '\n';

    /// <inheritdoc/>
    void IContainerHost.Log(RunningContainer container, params IReadOnlyList<string> lines)
    {
        if (lines.Count > 0 && ContainerLog.Find(container.Container, container.Region) is { } log)
        {
            _logs.Append(container.Account, log.Region, log.Group, log.Stream(container.Task), lines);
        }
    }

    /// <inheritdoc/>
    void IContainerHost.After(RunningContainer container, TimeSpan delay, string moment) =>
        _world.Schedule(delay, DueProgram, string.Join(Moment, Key(container), container.Container.Name, moment));

    /// <inheritdoc/>
    void IContainerHost.Exit(RunningContainer container, int code, string? reason)
    {
        if (Record(container) is not { LastStatus: "RUNNING" or "STOPPING" } task || !Runs(task, container.Container.Name))
        {
            return;
        }

        var service = ServiceOf(container);
        task = Changed(task, container.Container.Name, ended => ended with { LastStatus = "STOPPED", ExitCode = code, Reason = reason });
        if (task.LastStatus == "STOPPING" || container.Container.Essential == false)
        {
            Put(service, task);
            Program(container.Container).Ended(this, container);
            return;
        }

        var (served, ended) = (task.Serves, Running(service, task).Append(container).ToList());
        task = Put(
            service,
            End(task, exitCode: 143) with
            {
                StopCode = "EssentialContainerExited",
                StoppedReason = "Essential container in task exited",
                Stopping = _world.Now,
            }
        );
        ended.ForEach(each => Program(each.Container).Ended(this, each));
        if (served || task.Containers.All(each => each.Health is null))
        {
            Reconcile(service with { Steady = false });
        }
        else
        {
            Failed(service, task.Deployment);
        }
    }

    /// <inheritdoc/>
    void IContainerHost.Health(RunningContainer container, bool healthy)
    {
        var service = ServiceOf(container);
        if (Record(container) is not { LastStatus: "RUNNING" } task)
        {
            return;
        }

        var served = task.Serves;
        task = Changed(task, container.Container.Name, checkedOne => checkedOne with { Health = healthy ? "HEALTHY" : "UNHEALTHY" });
        if (healthy)
        {
            Put(service, task);
            if (!served && task.Serves)
            {
                Served(service, task);
            }

            return;
        }

        service = _events.Log(service, $"(task {task.Id}) failed container health checks.");
        Stop(service, task, "ServiceSchedulerInitiated", "Task failed container health checks");
        if (served)
        {
            Reconcile(service with { Steady = false });
        }
        else
        {
            Failed(service, task.Deployment);
        }
    }

    /// <summary>The task's containers start.</summary>
    private void Run(ServiceRecord service, TaskRecord task)
    {
        var definition = Definition(service, task);
        (service, task) = Register(service, task);
        task = Put(
            service,
            task with
            {
                LastStatus = "RUNNING",
                Started = _world.Now,
                Containers =
                [
                    .. definition.ContainerDefinitions.Select(container => new ContainerRecord
                    {
                        Name = container.Name,
                        LastStatus = "RUNNING",
                        ImageDigest = _start.Digest(container.Image),
                        Health = container.HealthCheck is null ? null : "UNKNOWN",
                    }),
                ],
            }
        );
        if (task.Serves)
        {
            Served(service, task);
        }

        foreach (var container in Running(service, task))
        {
            Program(container.Container).Started(this, container);
            if (container.Container.HealthCheck is { } check && !Program(container.Container).ReportsHealth)
            {
                _world.Schedule(
                    FirstFinding(service, task, check),
                    DueHealth,
                    string.Join(Moment, Key(container), container.Container.Name)
                );
            }
        }
    }

    /// <summary>A check that succeeds does so the first time; one that fails is tried again as often as it is defined.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html: the defaults.</remarks>
    private TimeSpan FirstFinding(ServiceRecord service, TaskRecord task, HealthCheck check)
    {
        var interval = TimeSpan.FromSeconds(check.Interval ?? 30);
        return IsStruck(Unhealthy, service, task.Deployment)
            ? TimeSpan.FromSeconds(check.StartPeriod ?? 0) + (interval * (check.Retries ?? 3))
            : interval;
    }

    private void Checked(string key)
    {
        if (key.Split(Moment) is [var task, var name] && _tasks.Get(task) is { LastStatus: "RUNNING" } record)
        {
            var service = ServiceOf(task, record);
            var container = Running(service, record).FirstOrDefault(candidate => candidate.Container.Name == name);
            if (container is not null)
            {
                ((IContainerHost)this).Health(container, !Strikes(Unhealthy, service, record.Deployment));
            }
        }
    }

    private void Continue(string key)
    {
        if (key.Split(Moment, 3) is [var task, var name, var moment] && _tasks.Get(task) is { } record)
        {
            var container = Running(ServiceOf(task, record), record).FirstOrDefault(candidate => candidate.Container.Name == name);
            if (container is not null)
            {
                Program(container.Container).Continue(this, container, moment);
            }
        }
    }

    private IContainerProgram Program(ContainerDefinition container) => _programs.First(program => program.IsOf(container));

    /// <summary>The containers of a task that have not ended.</summary>
    private IEnumerable<RunningContainer> Running(ServiceRecord service, TaskRecord task)
    {
        var definition = Definition(service, task);
        return
        [
            .. definition
                .ContainerDefinitions.Where(container => Runs(task, container.Name))
                .Select(container => new RunningContainer(
                    service.Account,
                    service.Region,
                    service.Cluster,
                    service.Name,
                    task.Id,
                    task.Address ?? string.Empty,
                    task.Zone ?? string.Empty,
                    definition,
                    container
                )),
        ];
    }

    private static bool Runs(TaskRecord task, string container) =>
        task.Containers.Any(record => record.Name == container && record.LastStatus == "RUNNING");

    private static TaskRecord Changed(TaskRecord task, string container, Func<ContainerRecord, ContainerRecord> change) =>
        task with
        {
            Containers = [.. task.Containers.Select(record => record.Name == container ? change(record) : record)],
        };

    /// <summary>The task has ended, and its containers with it: those that had not ended by themselves, with this code.</summary>
    private TaskRecord End(TaskRecord task, int exitCode) =>
        task with
        {
            LastStatus = "STOPPED",
            Stopped = _world.Now,
            Containers =
            [
                .. task.Containers.Select(container =>
                    container with
                    {
                        LastStatus = "STOPPED",
                        ExitCode = container.LastStatus == "RUNNING" ? exitCode : container.ExitCode,
                    }
                ),
            ],
        };

    private TaskRecord? Record(RunningContainer container) => _tasks.Get(Key(container));

    private ServiceRecord ServiceOf(RunningContainer container) =>
        _services.Get(RegionalKey.Prefix(container.Account, container.Region, container.Cluster) + container.Service)!;

    private ServiceRecord ServiceOf(string taskKey, TaskRecord task) =>
        _services.Get(taskKey[..(taskKey.LastIndexOf('/') + 1)] + task.Service)!;

    private static string Key(RunningContainer container) =>
        RegionalKey.Prefix(container.Account, container.Region, container.Cluster) + container.Task;
}
