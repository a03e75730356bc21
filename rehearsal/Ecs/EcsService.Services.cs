using System.Text.Json;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <content>Services and their deployments.</content>
public sealed partial class EcsService
{
    private const int MostServices = 10;

    /// <summary>The quota of tasks of one service.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html</remarks>
    private const int MostTasksOfAService = 5000;

    private CreateServiceResponse CreateService(Call call, CreateServiceRequest request)
    {
        SimulatedMembers.Only(
            request,
            "ServiceName",
            "Cluster",
            "TaskDefinition",
            "DesiredCount",
            "LaunchType",
            "CapacityProviderStrategy",
            "PlatformVersion",
            "DeploymentConfiguration",
            "NetworkConfiguration",
            "LoadBalancers",
            "HealthCheckGracePeriodSeconds",
            "SchedulingStrategy",
            "DeploymentController",
            "Tags",
            "EnableECSManagedTags",
            "PropagateTags",
            "EnableExecuteCommand",
            "AvailabilityZoneRebalancing"
        );
        OnlySimulated("scheduling strategy", request.SchedulingStrategy, SchedulingStrategy.REPLICA);
        CheckName("Service name", request.ServiceName);
        CheckConfiguration(request.DeploymentConfiguration);
        CheckCount(request.DesiredCount ?? throw new ApiException("InvalidParameterException", "Desired count can not be null."));
        var cluster = Existing(call, request.Cluster);
        List<CapacityProviderStrategyItem>? strategy = null;
        TaskDefinition? definition = null;
        if (request.DeploymentController.IsExternal())
        {
            ExternalController.Check(request);
        }
        else
        {
            strategy = FargateProviders.ChooseStrategy(cluster, request.LaunchType, request.CapacityProviderStrategy);
            if (strategy is null)
            {
                OnlySimulated("launch type", request.LaunchType ?? LaunchType.EC2, LaunchType.FARGATE);
            }

            definition = Fitting(
                call,
                request.TaskDefinition ?? throw new ApiException("InvalidParameterException", "TaskDefinition can not be blank.")
            );
            CheckNetwork(call, definition, request.NetworkConfiguration);
            CheckBalancers(definition, request.LoadBalancers);
            CheckGracePeriod(request.HealthCheckGracePeriodSeconds, request.LoadBalancers);
        }

        var service = new ServiceRecord
        {
            Account = call.Account,
            Region = call.Region,
            Cluster = cluster.Name,
            Name = request.ServiceName,
            DesiredCount = request.DesiredCount.Value,
            Created = call.World.Now,
            CreatedBy = call.Principal.Arn,
            Settings = new Service
            {
                DeploymentController =
                    request.DeploymentController?.Type is { } type && type != DeploymentControllerType.ECS
                        ? request.DeploymentController
                        : null,
                LaunchType = request.LaunchType,
                CapacityProviderStrategy = strategy,
                PlatformVersion = definition is null ? null : request.PlatformVersion ?? "LATEST",
                DeploymentConfiguration = request.DeploymentConfiguration.WithDefaults(null),
                NetworkConfiguration = request.NetworkConfiguration,
                LoadBalancers = request.LoadBalancers,
                HealthCheckGracePeriodSeconds = request.HealthCheckGracePeriodSeconds,
                Tags = request.Tags,
                EnableECSManagedTags = request.EnableECSManagedTags ?? false,
                PropagateTags = request.PropagateTags ?? PropagateTags.NONE,
                EnableExecuteCommand = request.EnableExecuteCommand ?? false,
                AvailabilityZoneRebalancing = request.AvailabilityZoneRebalancing,
            },
        };
        Tagged(call, request.Tags, service.Arn);
        return new CreateServiceResponse { Service = Shape(cluster, _services.Create(service, definition?.TaskDefinitionArn), tags: true) };
    }

    /// <remarks>What begins a deployment: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html</remarks>
    private UpdateServiceResponse UpdateService(Call call, UpdateServiceRequest request)
    {
        SimulatedMembers.Only(
            request,
            "Service",
            "Cluster",
            "TaskDefinition",
            "DesiredCount",
            "CapacityProviderStrategy",
            "PlatformVersion",
            "DeploymentConfiguration",
            "NetworkConfiguration",
            "LoadBalancers",
            "HealthCheckGracePeriodSeconds",
            "ForceNewDeployment",
            "EnableECSManagedTags",
            "PropagateTags",
            "EnableExecuteCommand",
            "AvailabilityZoneRebalancing"
        );
        CheckConfiguration(request.DeploymentConfiguration);
        CheckCount(request.DesiredCount ?? 0);
        var cluster = Existing(call, request.Cluster);
        var service = Existing(cluster, request.Service);
        if (service.Status != "ACTIVE")
        {
            throw new ApiException("ServiceNotActiveException", "Service was not ACTIVE.");
        }

        var before = service.Settings;
        var strategy = request.CapacityProviderStrategy is { Count: > 0 } wanted
            ? FargateProviders.ChooseStrategy(cluster, launchType: null, wanted)
            : before.CapacityProviderStrategy;
        if (before.DeploymentController?.Type is { } controller && request.TaskDefinition is not null)
        {
            throw new ApiException(
                "InvalidParameterException",
                $"Unable to update task definition on services with a {controller} deployment controller."
                    + (
                        controller == DeploymentControllerType.CODE_DEPLOY
                            ? " Use AWS CodeDeploy to trigger a new deployment."
                            : string.Empty
                    )
            );
        }

        if (service.Deployments.Count == 0)
        {
            ExternalController.Check(request);
            return new UpdateServiceResponse { Service = Shape(cluster, _services.Change(Updated(service, request)), tags: false) };
        }

        var definition = request.TaskDefinition is null
            ? _definitions.Find(call.Account, call.Region, service.Primary.TaskDefinition)!.Definition
            : Fitting(call, request.TaskDefinition);
        CheckNetwork(call, definition, request.NetworkConfiguration ?? before.NetworkConfiguration);
        CheckBalancers(definition, request.LoadBalancers ?? before.LoadBalancers);
        CheckGracePeriod(request.HealthCheckGracePeriodSeconds, before.LoadBalancers);
        CheckGracePeriod(request.HealthCheckGracePeriodSeconds, request.LoadBalancers ?? before.LoadBalancers);
        service = Updated(service, request);
        if (strategy is not null)
        {
            service.Settings.LaunchType = null;
            service.Settings.CapacityProviderStrategy = strategy;
        }

        var deploys =
            request.ForceNewDeployment == true
            || definition.TaskDefinitionArn != service.Primary.TaskDefinition
            || Differs(strategy, before.CapacityProviderStrategy)
            || Differs(request.PlatformVersion, before.PlatformVersion)
            || Differs(request.NetworkConfiguration, before.NetworkConfiguration)
            || Differs(request.LoadBalancers, before.LoadBalancers)
            || Differs(request.EnableExecuteCommand, before.EnableExecuteCommand)
            || Differs(request.PropagateTags, before.PropagateTags)
            || Differs(request.EnableECSManagedTags, before.EnableECSManagedTags);
        return new UpdateServiceResponse
        {
            Service = Shape(
                cluster,
                deploys ? _services.Deploy(service, definition.TaskDefinitionArn) : _services.Change(service),
                tags: false
            ),
        };
    }

    private static ServiceRecord Updated(ServiceRecord service, UpdateServiceRequest request)
    {
        var before = service.Settings;
        return service with
        {
            DesiredCount = request.DesiredCount ?? service.DesiredCount,
            Settings = new Service
            {
                DeploymentController = before.DeploymentController,
                LaunchType = before.LaunchType,
                CapacityProviderStrategy = before.CapacityProviderStrategy,
                PlatformVersion = request.PlatformVersion ?? before.PlatformVersion,
                DeploymentConfiguration = request.DeploymentConfiguration.WithDefaults(before.DeploymentConfiguration),
                NetworkConfiguration = request.NetworkConfiguration ?? before.NetworkConfiguration,
                LoadBalancers = request.LoadBalancers ?? before.LoadBalancers,
                HealthCheckGracePeriodSeconds = request.HealthCheckGracePeriodSeconds ?? before.HealthCheckGracePeriodSeconds,
                Tags = before.Tags,
                EnableECSManagedTags = request.EnableECSManagedTags ?? before.EnableECSManagedTags,
                PropagateTags = request.PropagateTags ?? before.PropagateTags,
                EnableExecuteCommand = request.EnableExecuteCommand ?? before.EnableExecuteCommand,
                AvailabilityZoneRebalancing = request.AvailabilityZoneRebalancing ?? before.AvailabilityZoneRebalancing,
            },
        };
    }

    private static bool Differs<T>(T? wanted, T? before) =>
        wanted is not null && JsonSerializer.Serialize(wanted, Store.Json) != JsonSerializer.Serialize(before, Store.Json);

    private DeleteServiceResponse DeleteService(Call call, DeleteServiceRequest request)
    {
        var cluster = Existing(call, request.Cluster);
        var service = Existing(cluster, request.Service);
        if (service.Status != "ACTIVE")
        {
            throw new ApiException("ServiceNotActiveException", "Service was not ACTIVE.");
        }

        if (service.DesiredCount > 0 && request.Force != true)
        {
            throw new ApiException("InvalidParameterException", "The service cannot be stopped while it is scaled above 0.");
        }

        return new DeleteServiceResponse { Service = Shape(cluster, _services.Delete(service), tags: false) };
    }

    private DescribeServicesResponse DescribeServices(Call call, DescribeServicesRequest request)
    {
        if (request.Services.Count is 0 or > MostServices)
        {
            throw new ApiException(
                "InvalidParameterException",
                request.Services.Count == 0
                    ? "Services cannot be empty."
                    : $"Too many services: at most {MostServices} are described at once."
            );
        }

        var cluster = Existing(call, request.Cluster);
        var found = request.Services.ConvertAll(name => (Name: name, Service: _services.Find(cluster, name)));
        return new DescribeServicesResponse
        {
            Services =
            [
                .. found
                    .Select(one => one.Service)
                    .OfType<ServiceRecord>()
                    .Select(service => Shape(cluster, service, request.Include?.Count > 0)),
            ],
            Failures = [.. found.Where(one => one.Service is null).Select(one => EcsShapes.Missing(Service(call, cluster.Name, one.Name)))],
        };
    }

    private Service Shape(ClusterRecord cluster, ServiceRecord service, bool tags) => service.Shape(_services.Tasks(cluster), tags);

    private TaskDefinition Fitting(Call call, string reference)
    {
        var definition =
            _definitions.Find(call.Account, call.Region, reference)?.Definition
            ?? throw new ApiException("ClientException", "TaskDefinition not found.");
        if (definition.Status != TaskDefinitionStatus.ACTIVE)
        {
            throw new ApiException("ClientException", "TaskDefinition is inactive");
        }

        return definition.Compatibilities.Contains(Compatibility.FARGATE)
            ? definition
            : throw new ApiException("InvalidParameterException", "Task definition does not support launch_type FARGATE.");
    }

    private void CheckNetwork(Call call, TaskDefinition definition, NetworkConfiguration? network)
    {
        if (network?.AwsvpcConfiguration?.Subnets is not { } subnets)
        {
            throw new ApiException(
                "InvalidParameterException",
                $"Network Configuration must be provided when networkMode '{definition.NetworkMode}' is specified."
            );
        }

        if (subnets.Count == 0)
        {
            throw new ApiException("InvalidParameterException", "subnets can not be empty.");
        }

        if (subnets.Find(id => _networks.Subnet(call.Account, call.Region, id) is null) is { } unknown)
        {
            throw new ApiException(
                "InvalidParameterException",
                $"Error retrieving subnet information for [{unknown}]: The subnet ID '{unknown}' does not exist (ErrorCode: "
                    + "InvalidSubnetID.NotFound)"
            );
        }
    }

    /// <remarks>
    /// The texts are those of https://github.com/aws/amazon-ecs-agent/issues/497 and
    /// https://github.com/aws/amazon-ecs-agent/issues/1276.
    /// </remarks>
    private static void CheckBalancers(TaskDefinition definition, List<LoadBalancer>? balancers)
    {
        foreach (var balancer in balancers ?? [])
        {
            var container =
                definition.ContainerDefinitions.Find(one => one.Name == balancer.ContainerName)
                ?? throw new ApiException(
                    "InvalidParameterException",
                    $"The container {balancer.ContainerName} does not exist in the task definition."
                );
            if (container.PortMappings?.Exists(mapping => mapping.ContainerPort == balancer.ContainerPort) != true)
            {
                throw new ApiException(
                    "InvalidParameterException",
                    $"The container {balancer.ContainerName} did not have a container port {balancer.ContainerPort} defined."
                );
            }
        }
    }

    /// <remarks>
    /// An update is judged by the load balancers that the service has, so that both cannot be given to it at once:
    /// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1313. The text is also that of
    /// https://github.com/hashicorp/terraform-provider-aws/issues/31104.
    /// </remarks>
    private static void CheckGracePeriod(int? seconds, List<LoadBalancer>? balancers)
    {
        if (seconds is not null && balancers is not { Count: > 0 })
        {
            throw new ApiException(
                "InvalidParameterException",
                "Health check grace period is only valid for services configured to use load balancers"
            );
        }
    }

    private static void CheckCount(int desired)
    {
        if (desired is < 0 or > MostTasksOfAService)
        {
            throw new ApiException(
                "InvalidParameterException",
                $"The desired count is {desired}; from 0 to {MostTasksOfAService} tasks are allowed."
            );
        }
    }

    private static void CheckConfiguration(DeploymentConfiguration? configuration)
    {
        SimulatedMembers.Only(configuration, "MaximumPercent", "MinimumHealthyPercent", "DeploymentCircuitBreaker", "Alarms", "Strategy");
        SimulatedMembers.Only(configuration?.DeploymentCircuitBreaker, "Enable", "Rollback", "ResetOnHealthyTask");
        OnlySimulated("deployment strategy", configuration?.Strategy, DeploymentStrategy.ROLLING);
    }
}
