using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <content>Tasks behind load balancers: they are registered when they run, have to become healthy, and drain before they stop.</content>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html (ACTIVATING and DEACTIVATING),
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
/// </remarks>
public sealed partial class Services
{
    private const string TargetsUnhealthy = "targets-are-unhealthy";
    private const string TargetGroupType = "AWS::ElasticLoadBalancingV2::TargetGroup";

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html: the defaults.
    private const int Interval = 30;
    private const int HealthyThreshold = 5;
    private const int UnhealthyThreshold = 2;

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html: the default.
    private const int DeregistrationDelay = 300;

    private static string? TargetGroup(ServiceRecord service) =>
        service.Settings.LoadBalancers?.Select(balancer => balancer.TargetGroupArn).FirstOrDefault(arn => arn is not null);

    /// <summary>A task that runs is a target: it serves when the load balancer has found it healthy.</summary>
    private (ServiceRecord Service, TaskRecord Task) Register(ServiceRecord service, TaskRecord task)
    {
        if (TargetGroup(service) is not { } group)
        {
            return (service, task);
        }

        var settings = Group(service, group);
        var isStruck = IsStruck(TargetsUnhealthy, service, task.Deployment);
        var seconds =
            Number(settings, "HealthCheckIntervalSeconds", Interval)
            * (
                isStruck
                    ? Number(settings, "UnhealthyThresholdCount", UnhealthyThreshold)
                    : Number(settings, "HealthyThresholdCount", HealthyThreshold)
            );
        _world.Schedule(
            // What the load balancer finds within the grace period is passed over.
            TimeSpan.FromSeconds(isStruck ? Math.Max(seconds, service.Settings.HealthCheckGracePeriodSeconds ?? 0) : seconds),
            DueTarget,
            Prefix(service) + task.Id
        );
        service = _events.Log(service, $"registered 1 targets in (target-group {group})");
        _services.Put(Key(service), service);
        return (service, task with { TargetHealth = "initial" });
    }

    private void Found(string key)
    {
        if (_tasks.Get(key) is not { LastStatus: "RUNNING", TargetHealth: "initial" } task)
        {
            return;
        }

        var service = ServiceOf(key, task);
        if (!Strikes(TargetsUnhealthy, service, task.Deployment))
        {
            task = Put(service, task with { TargetHealth = "healthy" });
            if (task.Serves)
            {
                Served(service, task);
            }

            return;
        }

        var group = TargetGroup(service);
        var port = service.Settings.LoadBalancers[0].ContainerPort?.ToString(CultureInfo.InvariantCulture);
        service = _events.Log(
            service,
            $"(task {task.Id}) (port {port}) is unhealthy in (target-group {group}) due to (reason Health checks failed with these codes: "
                + "[503])."
        );
        Stop(service, task, "ServiceSchedulerInitiated", $"Task failed ELB health checks in (target-group {group})");
        Failed(service, task.Deployment);
    }

    /// <summary>A target is deregistered and finishes what it has begun, before its containers are stopped.</summary>
    /// <returns>How long that takes; <see langword="null"/> for a task that is no target.</returns>
    private TimeSpan? Drains(ServiceRecord service, TaskRecord task) =>
        task.TargetHealth is null || TargetGroup(service) is not { } group
            ? null
            : TimeSpan.FromSeconds(
                (Group(service, group)["TargetGroupAttributes"] as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .Where(attribute => attribute["Key"]?.ToString() == "deregistration_delay.timeout_seconds")
                    .Select(attribute => int.Parse(attribute["Value"]!.ToString(), CultureInfo.InvariantCulture))
                    .FirstOrDefault(DeregistrationDelay)
            );

    private ServiceRecord Deregistered(ServiceRecord service, List<TaskRecord> stopped)
    {
        var count = stopped.Count(task => task.TargetHealth is not null);
        return count == 0
            ? service
            : _events.Log(
                _events.Log(service, $"deregistered {count} targets in (target-group {TargetGroup(service)})"),
                $"has begun draining connections on {count} tasks."
            );
    }

    private JsonObject Group(ServiceRecord service, string arn) =>
        _world
            .Store.Table<RecordedResource>("resources")
            .Get(RegionalKey.Create(service.Account, service.Region, TargetGroupType, arn))
            ?.Properties
        ?? [];

    private static int Number(JsonObject properties, string name, int usual) =>
        properties[name] is { } value ? int.Parse(value.ToString(), CultureInfo.InvariantCulture) : usual;
}
