namespace Deployer.Rehearsal.Ecs;

/// <content>What becomes of a task that was started or stopped, and of a deployment whose tasks do not start.</content>
public sealed partial class Services
{
    private const string DoNotStart = "tasks-do-not-start";
    private const string OutOfMemory = "tasks-run-out-of-memory";
    private const string NotPulled = "image-cannot-be-pulled";
    private const string DoNotFit = "tasks-are-not-placed";
    private const string Alarm = "deployment-alarm";

    /// <summary>So many tasks in a row that did not start are reported as an event, whatever the circuit breaker does.</summary>
    private const int Impaired = 3;

    /// <summary>The circuit breaker's bounds, whatever half of the desired count is.</summary>
    private const int LeastThreshold = 3;
    private const int MostThreshold = 200;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(27);

    private void Advance(string key)
    {
        if (_tasks.Get(key) is not { } task)
        {
            return;
        }

        var service = ServiceOf(key, task);
        switch (task.LastStatus)
        {
            case "PENDING" when Hindrance(service, task) is { } failure:
                NotStarted(service, task, failure);
                break;
            case "PENDING":
                Run(service, task);
                break;
            case "DEACTIVATING":
                Stop(service, task, task.StopCode!, task.StoppedReason!);
                break;
            case "STOPPING":
                var ended = Running(service, task).ToList();
                Put(service, End(task, exitCode: 0));
                ended.ForEach(container => Program(container.Container).Ended(this, container));
                Reconcile(service);
                break;
        }
    }

    /// <summary>A task that nothing would lead any further has stopped, and counts as one that did not start.</summary>
    private void Break(string moment, string reason)
    {
        var key = moment.Split(Moment)[0];
        if (_tasks.Get(key) is not { LastStatus: not "STOPPED" } task)
        {
            return;
        }

        var service = ServiceOf(key, task);
        var ended = Running(service, task).ToList();
        Put(service, End(task, exitCode: 0) with { StopCode = "TaskFailedToStart", StoppedReason = reason });
        ended.ForEach(container => Program(container.Container).Ended(this, container));
        Failed(service, task.Deployment);
    }

    /// <summary>A service that nothing would lead any further: its deployment has failed.</summary>
    private void BreakService(string key, string reason)
    {
        if (_services.Get(key) is { Deployments.Count: > 0, Primary.Rollout: "IN_PROGRESS" } service)
        {
            _services.Put(key, Fail(service, service.Primary, string.Empty, reason, rollsBack: false));
        }
    }

    /// <summary>What keeps a task from running: a fault, or something that is not there.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html; a container killed for its memory:
    /// https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors
    /// </remarks>
    private StartFailure? Hindrance(ServiceRecord service, TaskRecord task)
    {
        const string Exited = "EssentialContainerExited";
        const string Essential = "Essential container in task exited";
        var definition = Definition(service, task);
        return Strikes(NotPulled, service, task.Deployment)
                ? TaskStart.NotPulled(definition.ContainerDefinitions[0].Image, "unexpected status from HEAD request: 403 Forbidden")
            : _start.Hindrance(service, definition, task.Id) is { } missing ? missing
            : Strikes(OutOfMemory, service, task.Deployment)
                ? new StartFailure(Exited, Essential, 137, "OutOfMemoryError: Container killed due to memory usage")
            : Strikes(DoNotStart, service, task.Deployment) ? new StartFailure(Exited, Essential, 1)
            : null;
    }

    private void NotStarted(ServiceRecord service, TaskRecord task, StartFailure failure)
    {
        var definition = Definition(service, task);
        if (failure.ExitCode is { } code)
        {
            // The program ran for a moment.
            task = task with
            {
                Containers = [.. task.Containers.Select(container => container with { LastStatus = "RUNNING" })],
            };
            foreach (var container in Running(service, task))
            {
                ((IContainerHost)this).Log(
                    container,
                    $"{container.Container.Name} started",
                    code == 1 ? $"{container.Container.Name} cannot go on: the fault {DoNotStart}" : $"{container.Container.Name} loads"
                );
            }
        }

        Put(
            service,
            task with
            {
                LastStatus = "STOPPED",
                Stopping = _world.Now,
                Stopped = _world.Now,
                StopCode = failure.Code,
                StoppedReason = failure.Reason,
                Containers =
                [
                    .. definition.ContainerDefinitions.Select(container => new ContainerRecord
                    {
                        Name = container.Name,
                        LastStatus = "STOPPED",
                        ImageDigest = failure.ExitCode is null ? null : _start.Digest(container.Image),
                        ExitCode = failure.ExitCode,
                        Reason = failure.ContainerReason,
                    }),
                ],
            }
        );
        Failed(service, task.Deployment);
    }

    /// <summary>
    /// A fault strikes a service that has something to lose: not the tasks of a revision that has proven itself there, whether they are
    /// those of the deployment that did or of one that goes back to it.
    /// </summary>
    private bool Strikes(string fault, ServiceRecord service, string deployment) =>
        IsStruck(fault, service, deployment) && _world.Faults.Strikes(fault);

    private bool IsStruck(string fault, ServiceRecord service, string deployment) =>
        _world.Faults.Find(fault) is { } found
        && (found.What is null || found.What == service.Name)
        && service.Deployments.Any(candidate => candidate.Proven && candidate.Id != deployment)
        && service.Deployments.FirstOrDefault(candidate => candidate.Id == deployment) is var struck
        && !service.Deployments.Any(candidate =>
            candidate.Proven
            && (
                candidate.Id == deployment
                || _definitions.IsOrCopies(service.Account, service.Region, struck?.TaskDefinition, candidate.TaskDefinition)
            )
        );

    /// <summary>A task runs, and its health checks have succeeded.</summary>
    private void Served(ServiceRecord service, TaskRecord task) =>
        Reconcile(
            Changed(
                service,
                task.Deployment,
                deployment => Resets(service) ? deployment with { FailedTasks = 0, NotBefore = default } : deployment
            )
        );

    private static bool Resets(ServiceRecord service) =>
        service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker?.ResetOnHealthyTask ?? true;

    private void Failed(ServiceRecord service, string id) => Reconcile(Counted(service, id));

    /// <summary>One more task of a deployment has failed, which the circuit breaker counts.</summary>
    private ServiceRecord Counted(ServiceRecord service, string id)
    {
        service = Changed(
            service,
            id,
            deployment =>
                deployment with
                {
                    FailedTasks = deployment.FailedTasks + 1,
                    NotBefore = _world.Now + Pause(deployment.FailedTasks),
                }
        );
        var deployment = service.Deployments.FirstOrDefault(candidate => candidate.Id == id);
        if (deployment is { Status: "PRIMARY", FailedTasks: Impaired })
        {
            service = _events.Log(service, "is unable to consistently start tasks successfully.");
            _events.Impaired(service);
        }

        var breaker = service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker;
        return
            deployment is { Status: "PRIMARY", Rollout: "IN_PROGRESS" }
            && breaker?.Enable == true
            && deployment.FailedTasks >= Threshold(service)
            ? Fail(service, deployment, "ECS deployment circuit breaker: ", "tasks failed to start.", breaker.Rollback == true)
            : service;
    }

    private static TimeSpan Pause(int failed) => TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(failed, 20), LongestPause.Ticks));

    /// <summary>An alarm of the deployment has gone off before it was completed.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html. The wording of the reason is chosen.
    /// </remarks>
    private ServiceRecord? Alarmed(ServiceRecord service) =>
        service is { Primary: { Rollout: "IN_PROGRESS" } primary, Settings.DeploymentConfiguration.Alarms: { Enable: true } alarms }
        && Strikes(Alarm, service, primary.Id)
            ? Fail(service, primary, "ECS deployment alarms: ", "alarm detected.", alarms.Rollback == true)
            : null;

    private ServiceRecord Fail(ServiceRecord service, DeploymentRecord deployment, string detector, string reason, bool rollsBack)
    {
        service = _events.Log(
            Changed(service, deployment.Id, failed => failed with { Rollout = "FAILED", Reason = detector + reason, Updated = _world.Now }),
            $"(deployment {deployment.Id}) deployment failed: {reason}"
        );
        _events.Deployment(service, service.Primary);
        return rollsBack && service.Deployments.FirstOrDefault(candidate => candidate.Proven && candidate.Id != deployment.Id) is { } last
            ? RollBack(service, last, detector)
            : service;
    }

    /// <summary>The last deployment that the service was steady with is the wanted one again, under its own id.</summary>
    private ServiceRecord RollBack(ServiceRecord service, DeploymentRecord last, string detector)
    {
        service = _events.Log(
            service with
            {
                Deployments =
                [
                    .. service.Deployments.Select(deployment =>
                        deployment.Id != last.Id
                            ? deployment with
                            {
                                Status = "ACTIVE",
                            }
                            : deployment with
                            {
                                Status = "PRIMARY",
                                Rollout = "IN_PROGRESS",
                                Reason = $"{detector}rolling back to deploymentId {last.Id}.",
                                Updated = _world.Now,
                            }
                    ),
                ],
            },
            $"rolling back to deployment {last.Id}."
        );
        _events.Deployment(service, service.Primary);
        return service;
    }

    /// <summary>How many failed tasks trip a service's circuit breaker.</summary>
    private static int Threshold(ServiceRecord service) => Math.Clamp((service.DesiredCount + 1) / 2, LeastThreshold, MostThreshold);
}
