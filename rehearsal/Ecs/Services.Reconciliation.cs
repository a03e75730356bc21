using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <content>Brings a service to where it should be.</content>
public sealed partial class Services
{
    /// <summary>Stops what is not wanted, starts what is, and sees whether the service is where it should be.</summary>
    private void Reconcile(ServiceRecord service)
    {
        if (service.Status == "INACTIVE")
        {
            return;
        }

        if (service.Deployments.Count == 0)
        {
            // No task is its own.
            _services.Put(Key(service), service.Status == "DRAINING" ? service with { Status = "INACTIVE" } : service);
            return;
        }

        service = Start(StopSurplus(service));
        _services.Put(Key(service), service);
        var left = Tasks(service).Where(task => task.LastStatus != "STOPPED").ToList();
        if (service.Status == "DRAINING" && left.Count == 0)
        {
            _services.Put(Key(service), service with { Status = "INACTIVE", Deployments = [] });
        }
        else if (
            service is { Status: "ACTIVE", Steady: false, Primary.Rollout: not "FAILED" }
            && left.Count == service.DesiredCount
            && left.TrueForAll(task => task.Serves && task.Deployment == service.Primary.Id)
        )
        {
            if (Alarmed(service) is { } failed)
            {
                Reconcile(failed);
            }
            else
            {
                _services.Put(Key(service), Settle(service));
            }
        }
    }

    private ServiceRecord StopSurplus(ServiceRecord service)
    {
        var primary = service.Primary;
        var wanted = Tasks(service).Where(task => task.Wanted).ToList();
        var running = wanted.Count(task => task.Serves);
        var (healthy, _) = Bounds(service);
        var own = wanted.FindAll(task => task.Deployment == primary.Id);
        var surplus = own.OrderBy(task => task.LastStatus == "RUNNING")
            .ThenByDescending(task => task.Created)
            .Take(own.Count - service.DesiredCount)
            .ToList();
        running -= surplus.Count(task => task.Serves);
        foreach (var task in wanted.Where(task => task.Deployment != primary.Id).OrderBy(task => task.LastStatus == "RUNNING"))
        {
            if (!task.Serves)
            {
                surplus.Add(task);
            }
            // A failed deployment keeps the tasks of the one before only as far as the service is to have tasks: minimumHealthyPercent is
            // of the desired count, which is "the number of instantiations of the task to place and keep running in your service",
            // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
            else if (running > healthy && (primary.Rollout != "FAILED" || service.Status == "DRAINING" || service.DesiredCount == 0))
            {
                surplus.Add(task);
                running--;
            }
        }

        surplus.ForEach(task =>
            Stop(service, task, "ServiceSchedulerInitiated", $"Scaling activity initiated by (deployment {primary.Id})")
        );
        return surplus.Count == 0
            ? service
            : Deregistered(_events.Log(service, $"has stopped {surplus.Count} running tasks: {Named(surplus)}."), surplus) with
            {
                Steady = false,
            };
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

        if (primary.NotBefore <= _world.Now && Strikes(DoNotFit, service, primary.Id))
        {
            service = Counted(
                _events.Log(
                    service,
                    "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different "
                        + "availability zone."
                ),
                primary.Id
            );
            _events.NotPlaced(service);
            _world.Schedule(TimeSpan.Zero, DueService, Key(service));
            return service;
        }

        if (primary.NotBefore > _world.Now)
        {
            _world.Schedule(primary.NotBefore - _world.Now, DueService, Key(service));
            return service;
        }

        var own = wanted.FindAll(task => task.Deployment == primary.Id);
        var started = new List<TaskRecord>();
        for (var number = 0; number < count; number++)
        {
            var task = Pending(service, primary, wanted.Count + number) with
            {
                Provider = FargateProviders.Next(service.Settings.CapacityProviderStrategy, [.. own, .. started]),
            };
            started.Add(task);
            Put(service, task);
            Schedule(service, task, Durations.TaskStart);
        }

        return _events.Log(service, $"has started {count} tasks: {Named(started)}.") with
        {
            Steady = false,
        };
    }

    /// <summary>A task with a network interface in one of the service's subnets, spread over them in turn.</summary>
    private TaskRecord Pending(ServiceRecord service, DeploymentRecord deployment, int number)
    {
        var subnets = service.Settings.NetworkConfiguration?.AwsvpcConfiguration?.Subnets ?? [];
        var subnet = subnets.Count > 0 ? _networks.Subnet(service.Account, service.Region, subnets[number % subnets.Count]) : null;
        var definition = _definitions.Find(service.Account, service.Region, deployment.TaskDefinition)!.Definition;
        var id = _world.Random.HexId(32);
        return new TaskRecord
        {
            Id = id,
            Service = service.Name,
            Deployment = deployment.Id,
            TaskDefinition = deployment.TaskDefinition,
            LastStatus = "PENDING",
            Created = _world.Now,
            Subnet = subnet?.Id,
            Zone = subnet?.Zone,
            Address = subnet is null ? null : Address(subnet.CidrBlock, id),
            Containers =
            [
                .. definition.ContainerDefinitions.Select(container => new ContainerRecord
                {
                    Name = container.Name,
                    LastStatus = "PENDING",
                }),
            ],
        };
    }

    /// <summary>An address of a subnet, past the ones that AWS keeps for itself.</summary>
    /// <remarks>https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html</remarks>
    private static string Address(string block, string id) =>
        $"{block[..block.LastIndexOf('.')]}.{4 + (Convert.ToInt32(id[..4], 16) % 250)}";

    private ServiceRecord Settle(ServiceRecord service)
    {
        if (service.Primary is { Rollout: "IN_PROGRESS" } primary)
        {
            var completed = primary with
            {
                Rollout = "COMPLETED",
                Reason = $"ECS deployment {primary.Id} completed.",
                Updated = _world.Now,
                Proven = true,
            };
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
        return ((int)Math.Min((healthy + 99) / 100, int.MaxValue), (int)Math.Min(most / 100, int.MaxValue));
    }

    private void Stop(ServiceRecord service, TaskRecord task, string code, string reason)
    {
        if (task.LastStatus == "RUNNING" && Drains(service, task) is { } delay)
        {
            Put(service, task with { LastStatus = "DEACTIVATING", StopCode = code, StoppedReason = reason });
            _world.Schedule(delay, DueTask, $"{Prefix(service)}{task.Id}");
            return;
        }

        var containers = Running(service, task).ToList();
        Put(service, task with { LastStatus = "STOPPING", Stopping = _world.Now, StopCode = code, StoppedReason = reason });
        containers.ForEach(container => Program(container.Container).Stopping(this, container));
        Schedule(service, task, Durations.TaskStop);
    }

    private void Schedule(ServiceRecord service, TaskRecord task, SimulatedDuration duration) =>
        _world.Schedule(duration.Draw(_world.Random), DueTask, $"{Prefix(service)}{task.Id}");
}
