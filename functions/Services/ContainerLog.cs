using Amazon.ECS.Model;
using LogDriver = Amazon.ECS.LogDriver;

namespace Deployer.Functions.Services;

/// <summary>Where the logs of a container are in CloudWatch.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html: the name of the stream.</remarks>
/// <param name="Group">The log group.</param>
/// <param name="Prefix">The prefix of its streams.</param>
/// <param name="Container">The container.</param>
internal sealed record ContainerLog(string Group, string Prefix, string Container)
{
    /// <summary>The stream of a task.</summary>
    /// <param name="task">The task's id.</param>
    public string Stream(string task) => $"{Prefix}/{Container}/{task}";

    /// <summary>The log of a container; <see langword="null"/> when it has none there whose streams can be named.</summary>
    public static ContainerLog? Find(ContainerDefinition container) =>
        container.LogConfiguration is { LogDriver: { } driver, Options: { } options }
        && driver == LogDriver.Awslogs
        && options.GetValueOrDefault("awslogs-group") is { } group
        && options.GetValueOrDefault("awslogs-stream-prefix") is { } prefix
            ? new ContainerLog(group, prefix, container.Name)
            : null;
}
