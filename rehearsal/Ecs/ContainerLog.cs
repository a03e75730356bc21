using Amazon.ECS;
using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>Where the <c>awslogs</c> driver of a container writes.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html</remarks>
/// <param name="Region">The region of the group.</param>
/// <param name="Group">The log group.</param>
/// <param name="Prefix">What names of streams begin with.</param>
/// <param name="Container">The container's name.</param>
/// <param name="MakesGroup">Whether a missing group is made.</param>
internal sealed record ContainerLog(string Region, string Group, string Prefix, string Container, bool MakesGroup)
{
    /// <summary>The stream of a task: prefix, container and task id.</summary>
    internal string Stream(string task) => $"{Prefix}/{Container}/{task}";

    /// <summary>The log of a container; <see langword="null"/> for one with another driver or none.</summary>
    internal static ContainerLog? Find(ContainerDefinition container, string region) =>
        container.LogConfiguration is { LogDriver: { } driver, Options: { } options }
        && driver == LogDriver.Awslogs
        && options.GetValueOrDefault("awslogs-group") is { } group
            ? new ContainerLog(
                options.GetValueOrDefault("awslogs-region") ?? region,
                group,
                options.GetValueOrDefault("awslogs-stream-prefix") ?? string.Empty,
                container.Name,
                options.GetValueOrDefault("awslogs-create-group") == "true"
            )
            : null;
}
