using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecs;

/// <summary>Amazon ECS, as far as services on Fargate with rolling updates go. A task that runs is taken for healthy.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/; the resources of actions:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
/// </remarks>
public sealed partial class EcsService : ModelService
{
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
    private const int LongestTagKey = 128;
    private const int LongestTagValue = 256;
    private const int MostTags = 50;

    private readonly Clusters _clusters;
    private readonly TaskDefinitions _definitions;
    private readonly Services _services;
    private readonly Networks _networks;

    /// <summary>The service over a world's services.</summary>
    public EcsService(Clusters clusters, TaskDefinitions definitions, Services services, Networks networks)
        : base(ECSModel.Service)
    {
        _clusters = clusters;
        _definitions = definitions;
        _services = services;
        _networks = networks;
        On<CreateClusterRequest, CreateClusterResponse>(
            "CreateCluster",
            CreateCluster,
            (call, request) => [Arn(call, "cluster", request.ClusterName)]
        );
        On<DescribeClustersRequest, DescribeClustersResponse>(
            "DescribeClusters",
            DescribeClusters,
            (call, request) => (request.Clusters ?? [Clusters.Default]).Select(name => Arn(call, "cluster", name))
        );
        On<RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse>(
            "RegisterTaskDefinition",
            Register,
            (call, request) => [Arn(call, "task-definition", $"{request.Family}:*")]
        );
        On<DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse>("DeregisterTaskDefinition", Deregister, (_, _) => ["*"]);
        On<DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse>("DescribeTaskDefinition", DescribeDefinition, (_, _) => ["*"]);
        On<CreateServiceRequest, CreateServiceResponse>(
            "CreateService",
            CreateService,
            (call, request) => [Service(call, request.Cluster, request.ServiceName)]
        );
        On<UpdateServiceRequest, UpdateServiceResponse>(
            "UpdateService",
            UpdateService,
            (call, request) => [Service(call, request.Cluster, request.Service)]
        );
        On<DeleteServiceRequest, DeleteServiceResponse>(
            "DeleteService",
            DeleteService,
            (call, request) => [Service(call, request.Cluster, request.Service)]
        );
        On<DescribeServicesRequest, DescribeServicesResponse>(
            "DescribeServices",
            DescribeServices,
            (call, request) => request.Services.Select(name => Service(call, request.Cluster, name))
        );
        On<ListTasksRequest, ListTasksResponse>(
            "ListTasks",
            ListTasks,
            (call, request) => [Arn(call, "container-instance", $"{Clusters.NameOf(request.Cluster)}/*")]
        );
        On<DescribeTasksRequest, DescribeTasksResponse>(
            "DescribeTasks",
            DescribeTasks,
            (call, request) => request.Tasks.Select(task => Task(call, request.Cluster, task))
        );
        On<StopTaskRequest, StopTaskResponse>("StopTask", StopTask, (call, request) => [Task(call, request.Cluster, request.Task)]);
    }

    private static string Arn(Call call, string kind, string? name) =>
        $"arn:aws:ecs:{call.Region}:{call.Account}:{kind}/"
        + $"{(name?.Contains('/') == true && !name.StartsWith("arn:", StringComparison.Ordinal) ? name : Clusters.NameOf(name))}";

    private static string Service(Call call, string? cluster, string name) =>
        Arn(call, "service", $"{Clusters.NameOf(cluster)}/{Clusters.NameOf(name)}");

    private static string Task(Call call, string? cluster, string id) =>
        Arn(call, "task", $"{Clusters.NameOf(cluster)}/{Clusters.NameOf(id)}");

    private CreateClusterResponse CreateCluster(Call call, CreateClusterRequest request)
    {
        SimulatedMembers.Only(request, "ClusterName", "CapacityProviders", "DefaultCapacityProviderStrategy", "Tags");
        CheckName("Cluster name", request.ClusterName ?? Clusters.Default);
        Tagged(call, request.Tags, Arn(call, "cluster", request.ClusterName));
        return new CreateClusterResponse
        {
            Cluster = Shape(
                _clusters.Create(
                    call.Account,
                    call.Region,
                    request.ClusterName,
                    request.Tags ?? [],
                    request.CapacityProviders,
                    request.DefaultCapacityProviderStrategy
                ),
                tags: true
            ),
        };
    }

    private DescribeClustersResponse DescribeClusters(Call call, DescribeClustersRequest request)
    {
        if ((request.Include ?? []).Find(field => field != ClusterField.TAGS) is { } field)
        {
            throw new ApiException("InvalidParameterException", $"The rehearsal does not simulate the field {field} of clusters.");
        }

        var found = (request.Clusters ?? [Clusters.Default]).ConvertAll(name =>
            (Name: name, Cluster: _clusters.Find(call.Account, call.Region, name))
        );
        return new DescribeClustersResponse
        {
            Clusters =
            [
                .. found.Select(one => one.Cluster).OfType<ClusterRecord>().Select(cluster => Shape(cluster, request.Include?.Count > 0)),
            ],
            Failures = [.. found.Where(one => one.Cluster is null).Select(one => EcsShapes.Missing(Arn(call, "cluster", one.Name)))],
        };
    }

    private Cluster Shape(ClusterRecord cluster, bool tags) => cluster.Shape(_services.Of(cluster), _services.Tasks(cluster), tags);

    private RegisterTaskDefinitionResponse Register(Call call, RegisterTaskDefinitionRequest request)
    {
        SimulatedMembers.Only(
            request,
            "Family",
            "ContainerDefinitions",
            "TaskRoleArn",
            "ExecutionRoleArn",
            "NetworkMode",
            "Volumes",
            "PlacementConstraints",
            "ProxyConfiguration",
            "PidMode",
            "IpcMode",
            "RequiresCompatibilities",
            "Cpu",
            "Memory",
            "Tags",
            "RuntimePlatform",
            "EphemeralStorage"
        );
        CheckName("Family", request.Family);
        foreach (var role in new[] { request.TaskRoleArn, request.ExecutionRoleArn }.OfType<string>().Distinct())
        {
            call.World.Api.CheckPassRole(
                call,
                role,
                "ecs-tasks.amazonaws.com",
                new ApiException("ClientException", "Role is not valid"),
                // As the confused deputy's condition names it:
                // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
                $"arn:aws:ecs:{call.Region}:{call.Account}:*"
            );
        }

        Tagged(call, request.Tags, Arn(call, "task-definition", $"{request.Family}:*"));
        var registered = _definitions.Register(call.Account, call.Region, call.Principal.Arn, request);
        return new RegisterTaskDefinitionResponse { TaskDefinition = registered.Definition, Tags = [.. registered.Tags] };
    }

    /// <summary>
    /// "You must specify a revision": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    /// </summary>
    private DeregisterTaskDefinitionResponse Deregister(Call call, DeregisterTaskDefinitionRequest request)
    {
        if (!request.TaskDefinition[(request.TaskDefinition.LastIndexOf('/') + 1)..].Contains(':'))
        {
            throw new ApiException("InvalidParameterException", "Task definition does not have a revision.");
        }

        var found = Definition(call, request.TaskDefinition);
        _definitions.Deregister(call.Account, call.Region, found.Definition.TaskDefinitionArn);
        return new DeregisterTaskDefinitionResponse { TaskDefinition = Definition(call, request.TaskDefinition).Definition };
    }

    private DescribeTaskDefinitionResponse DescribeDefinition(Call call, DescribeTaskDefinitionRequest request)
    {
        var found = Definition(call, request.TaskDefinition);
        return new DescribeTaskDefinitionResponse
        {
            TaskDefinition = found.Definition,
            Tags = request.Include?.Count > 0 ? [.. found.Tags] : null,
        };
    }

    private DefinitionRecord Definition(Call call, string reference) =>
        _definitions.Find(call.Account, call.Region, reference)
        ?? throw new ApiException("ClientException", "Unable to describe task definition.");

    private ClusterRecord Existing(Call call, string? cluster) =>
        _clusters.Find(call.Account, call.Region, cluster) ?? throw new ApiException("ClusterNotFoundException", "Cluster not found.");

    private ServiceRecord Existing(ClusterRecord cluster, string service) =>
        _services.Find(cluster, service) ?? throw new ApiException("ServiceNotFoundException", "Service not found.");

    private static void CheckName(string what, string name)
    {
        if (name.Length is 0 or > 255 || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
        {
            throw new ApiException(
                "InvalidParameterException",
                $"{what} contains invalid characters or is not of 1 to 255 of them: letters, digits, hyphens and underscores are allowed."
            );
        }
    }

    private static void OnlySimulated(string what, Amazon.Runtime.ConstantClass? wanted, Amazon.Runtime.ConstantClass simulated)
    {
        if (wanted is not null && wanted != simulated)
        {
            throw new ApiException("InvalidParameterException", $"The rehearsal simulates the {what} {simulated} only, not {wanted}.");
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html: "each tag key must be unique", "Do not use aws:, AWS:, or
    /// any upper or lowercase combination of such as a prefix for either keys or values", and the lengths. The sentences are not
    /// documented.
    /// </remarks>
    private static void CheckTags(List<Tag> tags)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var (key, value) = (tag.Key ?? string.Empty, tag.Value ?? string.Empty);
            var refusal =
                !before.Add(key) ? "Duplicate tag keys are not allowed."
                : IsReserved(key) || IsReserved(value) ? "Tag keys and values must not begin with aws:, which is reserved."
                : key.Length is 0 or > LongestTagKey ? $"A tag key must have 1 to {LongestTagKey} characters."
                : value.Length > LongestTagValue ? $"A tag value must have at most {LongestTagValue} characters."
                : null;
            if (refusal is not null)
            {
                throw new ApiException("InvalidParameterException", refusal);
            }
        }

        if (tags.Count > MostTags)
        {
            throw new ApiException("InvalidParameterException", $"A resource has at most {MostTags} tags.");
        }
    }

    private static bool IsReserved(string text) => text.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tags at creation need their own permission.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html</remarks>
    private static void Tagged(Call call, List<Tag>? tags, string arn)
    {
        CheckTags(tags ?? []);
        if (tags?.Count > 0)
        {
            call.World.Api.Check(call, [arn], "ecs:TagResource");
        }
    }
}
