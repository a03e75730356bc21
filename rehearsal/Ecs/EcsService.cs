using System.Text.Json;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>Amazon ECS, as far as services on Fargate with rolling updates go. A task that runs is taken for healthy.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/; the resources of actions:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
/// </remarks>
public sealed class EcsService : ModelService
{
    private const int MostServices = 10;
    private const int MostTasks = 100;

    /// <summary>The quota of tasks of one service.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html</remarks>
    private const int MostTasksOfAService = 5000;

    private readonly Clusters _clusters;
    private readonly TaskDefinitions _definitions;
    private readonly Services _services;
    private readonly Networks _networks;
    private readonly PassRole _roles;

    /// <summary>The service over a world's services.</summary>
    public EcsService(RehearsalWorld world, Services services)
        : base(ECSModel.Service)
    {
        _clusters = new Clusters(world);
        _definitions = new TaskDefinitions(world);
        _services = services;
        _networks = new Networks(world);
        _roles = new PassRole(world);
        On<CreateClusterRequest, CreateClusterResponse>("CreateCluster", CreateCluster, (call, request) => [Arn(call, "cluster", request.ClusterName)]);
        On<DescribeClustersRequest, DescribeClustersResponse>("DescribeClusters", DescribeClusters, (call, request) => (request.Clusters ?? [Clusters.Default]).Select(name => Arn(call, "cluster", name)));
        On<RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse>("RegisterTaskDefinition", Register, (call, request) => [Arn(call, "task-definition", $"{request.Family}:*")]);
        On<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse>("DescribeTaskDefinition", DescribeDefinition, (_, _) => ["*"]);
        On<CreateServiceRequest, CreateServiceResponse>("CreateService", CreateService, (call, request) => [Service(call, request.Cluster, request.ServiceName)]);
        On<UpdateServiceRequest, UpdateServiceResponse>("UpdateService", UpdateService, (call, request) => [Service(call, request.Cluster, request.Service)]);
        On<DeleteServiceRequest, DeleteServiceResponse>("DeleteService", DeleteService, (call, request) => [Service(call, request.Cluster, request.Service)]);
        On<DescribeServicesRequest, DescribeServicesResponse>("DescribeServices", DescribeServices, (call, request) => request.Services.Select(name => Service(call, request.Cluster, name)));
        On<ListTasksRequest, ListTasksResponse>("ListTasks", ListTasks, (call, request) => [Arn(call, "container-instance", $"{Clusters.NameOf(request.Cluster)}/*")]);
        On<DescribeTasksRequest, DescribeTasksResponse>("DescribeTasks", DescribeTasks, (call, request) => request.Tasks.Select(task => Task(call, request.Cluster, task)));
        On<StopTaskRequest, StopTaskResponse>("StopTask", StopTask, (call, request) => [Task(call, request.Cluster, request.Task)]);
    }

    private static string Arn(Call call, string kind, string? name) =>
        $"arn:aws:ecs:{call.Region}:{call.Account}:{kind}/{(name?.Contains('/') == true && !name.StartsWith("arn:", StringComparison.Ordinal) ? name : Clusters.NameOf(name))}";

    private static string Service(Call call, string? cluster, string name) => Arn(call, "service", $"{Clusters.NameOf(cluster)}/{Clusters.NameOf(name)}");

    private static string Task(Call call, string? cluster, string id) => Arn(call, "task", $"{Clusters.NameOf(cluster)}/{Clusters.NameOf(id)}");

    private CreateClusterResponse CreateCluster(Call call, CreateClusterRequest request)
    {
        PlayedMembers.Only(request, "ClusterName", "Tags");
        CheckName("Cluster name", request.ClusterName ?? Clusters.Default);
        Tagged(call, request.Tags, Arn(call, "cluster", request.ClusterName));
        return new CreateClusterResponse { Cluster = Shape(_clusters.Create(call.Account, call.Region, request.ClusterName, request.Tags ?? []), tags: true) };
    }

    private DescribeClustersResponse DescribeClusters(Call call, DescribeClustersRequest request)
    {
        if ((request.Include ?? []).Find(field => field != ClusterField.TAGS) is { } field)
        {
            throw new ApiException("InvalidParameterException", $"The rehearsal does not play the field {field} of clusters.");
        }

        var found = (request.Clusters ?? [Clusters.Default]).ConvertAll(name => (Name: name, Cluster: _clusters.Find(call.Account, call.Region, name)));
        return new DescribeClustersResponse
        {
            Clusters = [.. found.Select(one => one.Cluster).OfType<ClusterRecord>().Select(cluster => Shape(cluster, request.Include?.Count > 0))],
            Failures = [.. found.Where(one => one.Cluster is null).Select(one => EcsShapes.Missing(Arn(call, "cluster", one.Name)))],
        };
    }

    private Cluster Shape(ClusterRecord cluster, bool tags) => cluster.Shape(_services.Of(cluster), _services.Tasks(cluster), tags);

    private RegisterTaskDefinitionResponse Register(Call call, RegisterTaskDefinitionRequest request)
    {
        PlayedMembers.Only(
            request, "Family", "ContainerDefinitions", "TaskRoleArn", "ExecutionRoleArn", "NetworkMode", "Volumes", "RequiresCompatibilities", "Cpu", "Memory", "Tags", "RuntimePlatform", "EphemeralStorage");
        CheckName("Family", request.Family);
        foreach (var role in new[] { request.TaskRoleArn, request.ExecutionRoleArn }.OfType<string>().Distinct())
        {
            _roles.Check(call.Principal, role, "ecs-tasks.amazonaws.com", new ApiException("ClientException", "Role is not valid"));
        }

        Tagged(call, request.Tags, Arn(call, "task-definition", $"{request.Family}:*"));
        var registered = _definitions.Register(call.Account, call.Region, call.Principal.Arn, request);
        return new RegisterTaskDefinitionResponse { TaskDefinition = registered.Definition, Tags = [.. registered.Tags] };
    }

    private DescribeTaskDefinitionResponse DescribeDefinition(Call call, DescribeTaskDefinitionRequest request)
    {
        var found = _definitions.Find(call.Account, call.Region, request.TaskDefinition)
            ?? throw new ApiException("ClientException", "Unable to describe task definition.");
        return new DescribeTaskDefinitionResponse { TaskDefinition = found.Definition, Tags = request.Include?.Count > 0 ? [.. found.Tags] : null };
    }

    private CreateServiceResponse CreateService(Call call, CreateServiceRequest request)
    {
        PlayedMembers.Only(
            request, "ServiceName", "Cluster", "TaskDefinition", "DesiredCount", "LaunchType", "PlatformVersion", "DeploymentConfiguration", "NetworkConfiguration", "LoadBalancers",
            "HealthCheckGracePeriodSeconds", "SchedulingStrategy", "DeploymentController", "Tags", "EnableECSManagedTags", "PropagateTags", "EnableExecuteCommand", "AvailabilityZoneRebalancing");
        Played("launch type", request.LaunchType ?? LaunchType.EC2, LaunchType.FARGATE);
        Played("scheduling strategy", request.SchedulingStrategy, SchedulingStrategy.REPLICA);
        Played("deployment controller", request.DeploymentController?.Type, DeploymentControllerType.ECS);
        CheckName("Service name", request.ServiceName);
        CheckConfiguration(request.DeploymentConfiguration);
        CheckCount(request.DesiredCount ?? throw new ApiException("InvalidParameterException", "Desired count can not be null."));
        var cluster = Existing(call, request.Cluster);
        var definition = Fitting(call, request.TaskDefinition ?? throw new ApiException("InvalidParameterException", "TaskDefinition can not be blank."));
        CheckNetwork(call, definition, request.NetworkConfiguration);
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
                LaunchType = request.LaunchType,
                PlatformVersion = request.PlatformVersion ?? "LATEST",
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
        return new CreateServiceResponse { Service = Shape(cluster, _services.Create(service, definition.TaskDefinitionArn), tags: true) };
    }

    /// <remarks>What begins a deployment: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html</remarks>
    private UpdateServiceResponse UpdateService(Call call, UpdateServiceRequest request)
    {
        PlayedMembers.Only(
            request, "Service", "Cluster", "TaskDefinition", "DesiredCount", "PlatformVersion", "DeploymentConfiguration", "NetworkConfiguration", "LoadBalancers", "HealthCheckGracePeriodSeconds",
            "ForceNewDeployment", "EnableECSManagedTags", "PropagateTags", "EnableExecuteCommand", "AvailabilityZoneRebalancing");
        CheckConfiguration(request.DeploymentConfiguration);
        CheckCount(request.DesiredCount ?? 0);
        var cluster = Existing(call, request.Cluster);
        var service = Existing(cluster, request.Service);
        if (service.Status != "ACTIVE")
        {
            throw new ApiException("ServiceNotActiveException", "Service was not ACTIVE.");
        }

        var before = service.Settings;
        var definition = request.TaskDefinition is null
            ? _definitions.Find(call.Account, call.Region, service.Primary.TaskDefinition)!.Definition
            : Fitting(call, request.TaskDefinition);
        CheckNetwork(call, definition, request.NetworkConfiguration ?? before.NetworkConfiguration);
        service = service with
        {
            DesiredCount = request.DesiredCount ?? service.DesiredCount,
            Settings = new Service
            {
                LaunchType = before.LaunchType,
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
        var deploys = request.ForceNewDeployment == true
            || definition.TaskDefinitionArn != service.Primary.TaskDefinition
            || Differs(request.PlatformVersion, before.PlatformVersion)
            || Differs(request.NetworkConfiguration, before.NetworkConfiguration)
            || Differs(request.LoadBalancers, before.LoadBalancers)
            || Differs(request.EnableExecuteCommand, before.EnableExecuteCommand)
            || Differs(request.PropagateTags, before.PropagateTags)
            || Differs(request.EnableECSManagedTags, before.EnableECSManagedTags);
        return new UpdateServiceResponse { Service = Shape(cluster, deploys ? _services.Deploy(service, definition.TaskDefinitionArn) : _services.Change(service), tags: false) };
    }

    private static bool Differs<T>(T? wanted, T? before) => wanted is not null && JsonSerializer.Serialize(wanted, Store.Json) != JsonSerializer.Serialize(before, Store.Json);

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
            throw new ApiException("InvalidParameterException", request.Services.Count == 0 ? "Services cannot be empty." : $"Too many services: at most {MostServices} are described at once.");
        }

        var cluster = Existing(call, request.Cluster);
        var found = request.Services.ConvertAll(name => (Name: name, Service: _services.Find(cluster, name)));
        return new DescribeServicesResponse
        {
            Services = [.. found.Select(one => one.Service).OfType<ServiceRecord>().Select(service => Shape(cluster, service, request.Include?.Count > 0))],
            Failures = [.. found.Where(one => one.Service is null).Select(one => EcsShapes.Missing(Service(call, cluster.Name, one.Name)))],
        };
    }

    private Service Shape(ClusterRecord cluster, ServiceRecord service, bool tags) => service.Shape(_services.Tasks(cluster), tags);

    private ListTasksResponse ListTasks(Call call, ListTasksRequest request)
    {
        PlayedMembers.Only(request, "Cluster", "ServiceName", "Family", "DesiredStatus", "StartedBy", "LaunchType", "MaxResults", "NextToken");
        var cluster = Existing(call, request.Cluster);
        var service = request.ServiceName is null ? null : Existing(cluster, request.ServiceName).Name;
        var running = request.DesiredStatus != DesiredStatus.STOPPED;
        var ids = _services.Tasks(cluster)
            .Where(task => task.Wanted == running
                && (service is null || task.Service == service)
                && (request.Family is null || EcsShapes.Family(task.TaskDefinition) == request.Family)
                && (request.StartedBy is null || task.Deployment == request.StartedBy)
                && (request.LaunchType is null || request.LaunchType == LaunchType.FARGATE)
                && string.CompareOrdinal(task.Id, request.NextToken) > 0)
            .Select(task => task.Id)
            .ToList();
        var page = ids.Take(Math.Clamp(request.MaxResults ?? MostTasks, 1, MostTasks)).ToList();
        return new ListTasksResponse { TaskArns = page.ConvertAll(id => Task(call, cluster.Name, id)), NextToken = page.Count < ids.Count ? page[^1] : null };
    }

    private DescribeTasksResponse DescribeTasks(Call call, DescribeTasksRequest request)
    {
        if (request.Tasks.Count is 0 or > MostTasks)
        {
            throw new ApiException("InvalidParameterException", request.Tasks.Count == 0 ? "Tasks cannot be empty." : $"Too many tasks: at most {MostTasks} are described at once.");
        }

        var cluster = Existing(call, request.Cluster);
        var found = request.Tasks.ConvertAll(id => (Id: id, Task: Find(cluster, id)));
        return new DescribeTasksResponse
        {
            Tasks = [.. found.Select(one => one.Task).OfType<TaskRecord>().Select(task => Shape(call, cluster, task))],
            Failures = [.. found.Where(one => one.Task is null).Select(one => EcsShapes.Missing(Task(call, cluster.Name, one.Id)))],
        };
    }

    private StopTaskResponse StopTask(Call call, StopTaskRequest request)
    {
        var cluster = Existing(call, request.Cluster);
        var task = Find(cluster, request.Task) ?? throw new ApiException("InvalidParameterException", "The referenced task was not found.");
        return new StopTaskResponse { Task = Shape(call, cluster, _services.Stop(Existing(cluster, task.Service), task, request.Reason ?? "Task stopped by user")) };
    }

    private Amazon.ECS.Model.Task Shape(Call call, ClusterRecord cluster, TaskRecord task) => task.Shape(cluster, _definitions.Find(call.Account, call.Region, task.TaskDefinition)!.Definition);

    private TaskRecord? Find(ClusterRecord cluster, string idOrArn) => _services.Tasks(cluster).FirstOrDefault(task => task.Id == Clusters.NameOf(idOrArn));

    private ClusterRecord Existing(Call call, string? cluster) =>
        _clusters.Find(call.Account, call.Region, cluster) ?? throw new ApiException("ClusterNotFoundException", "Cluster not found.");

    private ServiceRecord Existing(ClusterRecord cluster, string service) =>
        _services.Find(cluster, service) ?? throw new ApiException("ServiceNotFoundException", "Service not found.");

    private TaskDefinition Fitting(Call call, string reference)
    {
        var definition = _definitions.Find(call.Account, call.Region, reference)?.Definition ?? throw new ApiException("ClientException", "TaskDefinition not found.");
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
            throw new ApiException("InvalidParameterException", $"Network Configuration must be provided when networkMode '{definition.NetworkMode}' is specified.");
        }

        if (subnets.Count == 0)
        {
            throw new ApiException("InvalidParameterException", "subnets can not be empty.");
        }

        if (subnets.Find(id => _networks.Subnet(call.Account, call.Region, id) is null) is { } unknown)
        {
            throw new ApiException("InvalidParameterException", $"Error retrieving subnet information for [{unknown}]: The subnet ID '{unknown}' does not exist (ErrorCode: InvalidSubnetID.NotFound)");
        }
    }

    private static void CheckName(string what, string name)
    {
        if (name.Length is 0 or > 255 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            throw new ApiException("InvalidParameterException", $"{what} contains invalid characters or is not of 1 to 255 of them: letters, digits, hyphens and underscores are allowed.");
        }
    }

    private static void CheckCount(int desired)
    {
        if (desired is < 0 or > MostTasksOfAService)
        {
            throw new ApiException("InvalidParameterException", $"The desired count is {desired}; from 0 to {MostTasksOfAService} tasks are allowed.");
        }
    }

    private static void CheckConfiguration(DeploymentConfiguration? configuration)
    {
        PlayedMembers.Only(configuration, "MaximumPercent", "MinimumHealthyPercent", "DeploymentCircuitBreaker", "Strategy");
        PlayedMembers.Only(configuration?.DeploymentCircuitBreaker, "Enable", "Rollback", "ResetOnHealthyTask");
        Played("deployment strategy", configuration?.Strategy, DeploymentStrategy.ROLLING);
    }

    private static void Played(string what, Amazon.Runtime.ConstantClass? wanted, Amazon.Runtime.ConstantClass played)
    {
        if (wanted is not null && wanted != played)
        {
            throw new ApiException("InvalidParameterException", $"The rehearsal plays the {what} {played} only, not {wanted}.");
        }
    }

    /// <summary>Tags at creation need their own permission.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html</remarks>
    private static void Tagged(Call call, List<Tag>? tags, string arn)
    {
        if (tags?.Count > 0)
        {
            call.World.Api.Check(call.Principal, call.Account, [arn], "ecs:TagResource");
        }
    }
}
