using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Ecr;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>The task definitions of all accounts: each registration is a further revision of its family.</summary>
public sealed partial class TaskDefinitions(RehearsalWorld world)
{
    private static readonly string[] Places =
    [
        Compatibility.EC2,
        Compatibility.EXTERNAL,
        Compatibility.FARGATE,
        Compatibility.MANAGED_INSTANCES,
    ];

    private readonly Table<DefinitionRecord> _definitions = world.Store.VersionedTable<DefinitionRecord>(
        "ecs/definitions",
        definition => definition
    );

    /// <summary>A revision by <c>family:revision</c>, by its ARN, or the newest active one by its family; <see langword="null"/> when there
    /// is none.</summary>
    public DefinitionRecord? Find(string account, string region, string reference)
    {
        var parts = reference[(reference.LastIndexOf('/') + 1)..].Split(':', 2);
        var prefix = RegionalKey.Prefix(account, region, parts[0]);
        return parts.Length == 1
                ? _definitions
                    .WithPrefix(prefix)
                    .Select(entry => entry.Value)
                    .LastOrDefault(record => record.Definition.Status == TaskDefinitionStatus.ACTIVE)
            : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                ? _definitions.Get(Key(prefix, revision))
            : null;
    }

    /// <summary>Adds the next revision of a family.</summary>
    /// <exception cref="ApiException">ClientException: the definition contradicts itself.</exception>
    public DefinitionRecord Register(string account, string region, string registeredBy, RegisterTaskDefinitionRequest request)
    {
        Check(request);
        var prefix = RegionalKey.Prefix(account, region, request.Family);
        var revision = _definitions.WithPrefix(prefix).Count + 1;
        var fargate = (request.RequiresCompatibilities ?? []).Contains(Compatibility.FARGATE);
        var record = new DefinitionRecord(
            new TaskDefinition
            {
                TaskDefinitionArn = $"arn:aws:ecs:{region}:{account}:task-definition/{request.Family}:{revision}",
                Family = request.Family,
                Revision = revision,
                Status = TaskDefinitionStatus.ACTIVE,
                ContainerDefinitions = request.ContainerDefinitions.ConvertAll(WithDefaults),
                TaskRoleArn = request.TaskRoleArn,
                ExecutionRoleArn = request.ExecutionRoleArn,
                NetworkMode = request.NetworkMode ?? NetworkMode.Bridge,
                Volumes = request.Volumes ?? [],
                PlacementConstraints = request.PlacementConstraints ?? [],
                ProxyConfiguration = request.ProxyConfiguration,
                PidMode = request.PidMode,
                IpcMode = request.IpcMode,
                RequiresAttributes = [new Amazon.ECS.Model.Attribute { Name = "com.amazonaws.ecs.capability.docker-remote-api.1.18" }],
                RequiresCompatibilities = request.RequiresCompatibilities,
                Compatibilities = fargate ? [Compatibility.EC2, Compatibility.FARGATE] : [Compatibility.EC2],
                Cpu = FargateSizes.Described(request.Cpu, "vCPU"),
                Memory = FargateSizes.Described(request.Memory, "GB"),
                RuntimePlatform = request.RuntimePlatform,
                EphemeralStorage = request.EphemeralStorage,
                RegisteredAt = world.Now.UtcDateTime,
                RegisteredBy = registeredBy,
            },
            request.Tags ?? []
        );
        _definitions.Put(Key(prefix, revision), record);
        return record;
    }

    /// <summary>
    /// Whether a revision is another one, or only a copy of it since it was deregistered: tasks of a copy are no other release.
    /// </summary>
    internal bool IsOrCopies(string account, string region, string? revision, string? other) =>
        revision == other
        || (
            revision is not null
            && other is not null
            && Find(account, region, other) is { Definition: { } original }
            && original.Status != TaskDefinitionStatus.ACTIVE
            && Find(account, region, revision) is { Definition: { } copy }
            && Content(original) == Content(copy)
        );

    private static string Content(TaskDefinition definition) =>
        JsonSerializer.Serialize(
            new object?[]
            {
                definition.Family,
                definition.ContainerDefinitions,
                definition.Cpu,
                definition.Memory,
                definition.TaskRoleArn,
                definition.ExecutionRoleArn,
                definition.EphemeralStorage,
                definition.RuntimePlatform,
                definition.Volumes,
            },
            Store.Json
        );

    /// <summary>Ends a revision: services that run it go on, but none begins to.</summary>
    internal void Deregister(string account, string region, string arn)
    {
        if (Find(account, region, arn) is { } record)
        {
            record.Definition.Status = TaskDefinitionStatus.INACTIVE;
            record.Definition.DeregisteredAt = world.Now.UtcDateTime;
            _definitions.Put(Key(RegionalKey.Prefix(account, region, record.Definition.Family), record.Definition.Revision!.Value), record);
        }
    }

    /// <summary>Gives a revision other tags.</summary>
    internal void Tag(string account, string region, DefinitionRecord record, IReadOnlyList<Tag> tags) =>
        _definitions.Put(
            Key(RegionalKey.Prefix(account, region, record.Definition.Family), record.Definition.Revision!.Value),
            record with
            {
                Tags = tags,
            }
        );

    private static void Check(RegisterTaskDefinitionRequest request)
    {
        if (request.ContainerDefinitions.Count == 0)
        {
            throw new ApiException("ClientException", "Container list cannot be empty.");
        }

        foreach (
            var (missing, found) in request.ContainerDefinitions.SelectMany(container =>
                new[] { ("name", container.Name), ("image", container.Image) }
            )
        )
        {
            if (string.IsNullOrEmpty(found))
            {
                throw new ApiException("ClientException", $"Container.{missing} should not be null or empty.");
            }
        }

        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html ("requiresCompatibilities") and
        // API_PortMapping ("name") beside it; the sentences are not documented.
        if ((request.RequiresCompatibilities ?? []).Find(place => !Places.Contains(place)) is { } unknown)
        {
            throw new ApiException(
                "InvalidParameterException",
                $"Invalid value '{unknown}' for requiresCompatibilities. Valid values: {string.Join(", ", Places)}."
            );
        }

        if (
            request
                .ContainerDefinitions.SelectMany(container => container.PortMappings ?? [])
                .FirstOrDefault(mapping => mapping.Name is { } name && !PortName().IsMatch(name)) is
            { } misnamed
        )
        {
            throw new ApiException(
                "ClientException",
                $"The port mapping name '{misnamed.Name}' is invalid: up to 64 lowercase letters, numbers, hyphens and underscores are "
                    + "allowed, and it must not start with a hyphen."
            );
        }

        // Seen in https://github.com/pulumi/pulumi-awsx/issues/188.
        if (
            int.TryParse(request.Memory, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            && request.ContainerDefinitions.Find(container => container.Memory > most) is { } larger
        )
        {
            throw new ApiException("ClientException", $"The 'memory' setting for container '{larger.Name}' is greater than for the task.");
        }

        // Seen in https://github.com/aws/amazon-ecs-cli/issues/1014.
        if (
            request.NetworkMode == NetworkMode.Awsvpc
            && request.ContainerDefinitions.Exists(container =>
                (container.PortMappings ?? []).Exists(mapping => mapping.HostPort is > 0 and var port && port != mapping.ContainerPort)
            )
        )
        {
            throw new ApiException(
                "ClientException",
                "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
            );
        }

        // Seen in https://github.com/fabfuel/ecs-deploy/issues/87.
        if (request.ExecutionRoleArn is null && request.ContainerDefinitions.Exists(container => container.Secrets?.Count > 0))
        {
            throw new ApiException(
                "ClientException",
                "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
            );
        }

        if ((request.RequiresCompatibilities ?? []).Contains(Compatibility.FARGATE))
        {
            if (request.NetworkMode != NetworkMode.Awsvpc)
            {
                throw new ApiException("ClientException", "Fargate only supports network mode 'awsvpc'.");
            }

            FargateSizes.Check(request.Cpu, request.Memory);
            if (request.ExecutionRoleArn is null && NeedsExecutionRole(request) is { } purpose)
            {
                throw new ApiException(
                    "ClientException",
                    $"Fargate requires task definition to have execution role ARN to support {purpose}."
                );
            }
        }
        else if (
            request.Memory is null
            && request.ContainerDefinitions.Find(container => (container.Memory ?? container.MemoryReservation) is null) is { } boundless
        )
        {
            throw new ApiException(
                "ClientException",
                $"Invalid setting for container '{boundless.Name}'. At least one of 'memory' or 'memoryReservation' must be specified."
            );
        }
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html: when it is required.</remarks>
    private static string? NeedsExecutionRole(RegisterTaskDefinitionRequest request) =>
        request.ContainerDefinitions.Exists(container => ImageReference.Read(container.Image) is not null) ? "ECR images"
        : request.ContainerDefinitions.Exists(container => container.LogConfiguration?.LogDriver == LogDriver.Awslogs)
            ? "log driver awslogs"
        : null;

    private static ContainerDefinition WithDefaults(ContainerDefinition container)
    {
        container.Cpu ??= 0;
        container.Essential ??= true;
        container.PortMappings ??= [];
        container.Environment ??= [];
        container.MountPoints ??= [];
        container.VolumesFrom ??= [];
        return container;
    }

    [GeneratedRegex("^[a-z0-9_][a-z0-9_-]{0,63}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex PortName();

    private static string Key(string prefix, int revision) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{revision:D9}");
}
