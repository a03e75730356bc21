using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>ECS services as they stand.</summary>
internal static class EcsServices
{
    /// <summary>The service of a step.</summary>
    /// <exception cref="ServiceRefusedException">It is missing, is deleted, or is deployed by another controller than ECS.</exception>
    public static async Task<Service> Find(StepRun run)
    {
        var step = run.Step<ServiceStep>();
        return (await Find(run, run.Text(step.Cluster), run.Text(step.Service)))[0];
    }

    /// <summary>Services of a cluster by their names, in the same order.</summary>
    /// <exception cref="ServiceRefusedException">One is missing, is deleted, or is deployed by another controller than ECS.</exception>
    public static Task<IReadOnlyList<Service>> Find(StepRun run, string cluster, params string[] names) =>
        EcsRefusal.Explained(run, () => Find(run.Account, cluster, names));

    /// <summary>Services of a cluster of an account by their names, in the same order.</summary>
    /// <exception cref="ServiceRefusedException">One is missing, is deleted, or is deployed by another controller than ECS.</exception>
    public static async Task<IReadOnlyList<Service>> Find(TargetAccount account, string cluster, params string[] names)
    {
        DescribeServicesResponse described;
        try
        {
            described = await account.Ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = cluster, Services = [.. names] });
        }
        catch (ClusterNotFoundException)
        {
            throw new ServiceRefusedException($"account {account.Account} has no ECS cluster {cluster} in {account.Region}");
        }

        var services = new List<Service>();
        foreach (var name in names)
        {
            var service =
                (described.Services ?? []).Find(found => found.Status != "INACTIVE" && found.ServiceName == name)
                ?? throw new ServiceRefusedException($"the cluster {cluster} has no service {name} in account {account.Account}");
            services.Add(Deployable(service));
        }

        return services;
    }

    private static Service Deployable(Service service)
    {
        var name = service.ServiceName;
        if (service.Status != "ACTIVE")
        {
            throw new ServiceRefusedException($"the service {name} is {service.Status}: it is being deleted");
        }

        if (service.DeploymentConfiguration?.Strategy is { } strategy && strategy != DeploymentStrategy.ROLLING)
        {
            // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html, "strategy": such a deployment
            // runs two revisions side by side for up to a day, and has no circuit breaker.
            throw new ServiceRefusedException(
                $"the service {name} has the deployment strategy {strategy}, whose traffic moves and waits by times and hooks of its own; "
                    + "give it the strategy ROLLING, or leave it out of deployer.yaml"
            );
        }

        return Controller(service) is { } controller && controller != DeploymentControllerType.ECS
            ? throw new ServiceRefusedException(
                $"the service {name} is deployed by {controller}, not by ECS itself: its task sets are exchanged "
                    + (
                        controller == DeploymentControllerType.CODE_DEPLOY
                            ? "by CodeDeploy, and ECS refuses another task definition"
                            : "by the program that made them"
                    )
                    + "; give it the deployment controller ECS, or leave it out of deployer.yaml"
            )
            : service;
    }

    /// <summary>The id of a task, which ends its ARN.</summary>
    public static string Id(this Amazon.ECS.Model.Task task) => task.TaskArn[(task.TaskArn.LastIndexOf('/') + 1)..];

    /// <summary>The deployment of this id, while ECS shows it.</summary>
    public static Deployment? Deployment(this Service service, string id) =>
        (service.Deployments ?? []).Find(deployment => deployment.Id == id);

    /// <summary>The newest deployment, or the one that ECS went back to.</summary>
    public static Deployment Primary(this Service service) => service.Deployments.Find(deployment => deployment.Status == "PRIMARY")!;

    /// <summary>
    /// The deployment that the tasks are of: one that failed stays the newest where ECS does not go back, and those of the one
    /// before serve. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
    /// </summary>
    public static Deployment Running(this Service service) =>
        service.Primary() is { RolloutState: { } state, RunningCount: null or 0 } && state == DeploymentRolloutState.FAILED
            ? service.Deployments.Find(deployment => deployment.RunningCount > 0) ?? service.Primary()
            : service.Primary();

    /// <summary>Why a deployment failed, by the service's own log, which keeps it when the deployment is gone.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html</remarks>
    public static string? WhyFailed(this Service service, string id)
    {
        const string Failed = "deployment failed: ";
        return
            (service.Events ?? [])
                .Select(line => line.Message)
                .FirstOrDefault(message =>
                    message.Contains($"(deployment {id})", StringComparison.Ordinal) && message.Contains(Failed, StringComparison.Ordinal)
                )
                is { } found
            ? found[(found.IndexOf(Failed, StringComparison.Ordinal) + Failed.Length)..].TrimEnd('.')
            : null;
    }

    /// <summary>
    /// The alarms that end a deployment where the reason of its failure is one of them; ECS's reason does not name it.
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    /// </summary>
    public static string NamedAlarms(this Service service, string? reason) =>
        reason?.Contains("alarm detected", StringComparison.OrdinalIgnoreCase) == true
            ? service.DeploymentConfiguration?.Alarms?.AlarmNames switch
            {
                [var only] => $": {only}",
                [_, ..] several => $": one of {string.Join(", ", several)}",
                _ => string.Empty,
            }
            : string.Empty;

    // Tasks that are not made, so that none of them stopped for a reason.
    private static readonly string[] Blocks =
    [
        "unable to place a task",
        "unable to stop or start tasks during a deployment",
        "unable to reach steady state",
        "operations are being throttled",
        "failed to launch a task with (error",
    ];

    /// <summary>Why ECS makes or ends no task since a moment, by the service's own log.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html</remarks>
    public static string? Blocked(this Service service, DateTime? since) =>
        (service.Events ?? [])
            .Find(line => line.CreatedAt >= since && Array.Exists(Blocks, what => line.Message.Contains(what, StringComparison.Ordinal)))
            ?.Message;

    /// <summary>What a load balancer says against a task since a moment, by the service's own log.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html</remarks>
    public static string? Unhealthy(this Service service, DateTime? since) =>
        (service.Events ?? [])
            .Find(line => line.CreatedAt >= since && line.Message.Contains(" is unhealthy in (", StringComparison.Ordinal))
            ?.Message;

    /// <summary>What runs, for a cause.</summary>
    public static string Runs(this Service service)
    {
        var primary = service.Primary();
        return $"service {service.ServiceName} runs {WantedDefinition.Name(primary.TaskDefinition)} with {primary.RunningCount ?? 0} of "
            + $"{service.DesiredCount ?? 0} tasks";
    }

    private static DeploymentControllerType? Controller(Service service) => service.DeploymentController?.Type;
}
