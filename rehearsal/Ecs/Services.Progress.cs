namespace Deployer.Rehearsal.Ecs;

/// <content>What becomes of a task that was started or stopped, and of a deployment whose tasks do not start.</content>
public sealed partial class Services
{
    private const string Fault = "tasks-do-not-start";

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

        var service = _services.Get(key[..(key.LastIndexOf('/') + 1)] + task.Service)!;
        switch (task.LastStatus)
        {
            case "PENDING" when DoesNotStart(service, task):
                Put(
                    service,
                    task with
                    {
                        LastStatus = "STOPPED",
                        Stopping = _world.Now,
                        Stopped = _world.Now,
                        StopCode = "EssentialContainerExited",
                        StoppedReason = "Essential container in task exited",
                    }
                );
                Failed(service, task);
                break;
            case "PENDING":
                Put(service, task with { LastStatus = "RUNNING", Started = _world.Now });
                Reconcile(
                    Changed(
                        service,
                        task.Deployment,
                        deployment => Resets(service) ? deployment with { FailedTasks = 0, NotBefore = default } : deployment
                    )
                );
                break;
            case "STOPPING":
                Put(service, task with { LastStatus = "STOPPED", Stopped = _world.Now });
                Reconcile(service);
                break;
        }
    }

    /// <summary>The fault strikes a service that has something to lose: not the tasks of the deployment that has proven itself.</summary>
    private bool DoesNotStart(ServiceRecord service, TaskRecord task) =>
        _world.Faults.Find(Fault) is { } fault
        && (fault.What is null || fault.What == service.Name)
        && service.Deployments.Any(deployment => deployment.Proven && deployment.Id != task.Deployment)
        && _world.Faults.Strikes(Fault);

    private static bool Resets(ServiceRecord service) =>
        service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker?.ResetOnHealthyTask ?? true;

    private void Failed(ServiceRecord service, TaskRecord task)
    {
        service = Changed(
            service,
            task.Deployment,
            deployment =>
                deployment with
                {
                    FailedTasks = deployment.FailedTasks + 1,
                    NotBefore = _world.Now + Pause(deployment.FailedTasks),
                }
        );
        var deployment = service.Deployments.FirstOrDefault(candidate => candidate.Id == task.Deployment);
        if (deployment is { Status: "PRIMARY", FailedTasks: Impaired })
        {
            service = _events.Log(service, "is unable to consistently start tasks successfully.");
            _events.Impaired(service);
        }

        var breaker = service.Settings.DeploymentConfiguration?.DeploymentCircuitBreaker;
        if (
            deployment is { Status: "PRIMARY", Rollout: "IN_PROGRESS" }
            && breaker?.Enable == true
            && deployment.FailedTasks >= Threshold(service)
        )
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
        service = _events.Log(
            Changed(
                service,
                deployment.Id,
                failed =>
                    failed with
                    {
                        Rollout = "FAILED",
                        Reason = "ECS deployment circuit breaker: tasks failed to start.",
                        Updated = _world.Now,
                    }
            ),
            $"(deployment {deployment.Id}) deployment failed: tasks failed to start."
        );
        _events.Deployment(service, service.Primary);
        return service;
    }

    /// <summary>The last deployment that the service was steady with is the wanted one again, under its own id.</summary>
    private ServiceRecord RollBack(ServiceRecord service, DeploymentRecord last)
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
                                Reason = $"ECS deployment circuit breaker: rolling back to deploymentId {last.Id}.",
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
