using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>What a task definition for Fargate cannot have, though ECS knows it.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html: members that "are not valid in Fargate tasks",
/// and "valid in Fargate tasks, but have limitations" (linuxParameters, volumes, cpu of Windows);
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, "pidMode": "On Fargate for Linux containers,
/// the only valid value is task"; API_LogConfiguration: "For tasks on AWS Fargate, the supported log drivers are awslogs, splunk, and
/// awsfirelens"; API_HostVolumeProperties: "If you're using the Fargate launch type, the sourcePath parameter is not supported".
/// The tmpfs that these pages still exclude Fargate has since January 2026:
/// https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
/// </remarks>
internal static class FargateDefinition
{
    /// <summary>
    /// The longest time, in seconds, that a container has to stop: "For tasks that use the Fargate launch type, the max stop timeout value
    /// is 120 seconds", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    /// </summary>
    public const int LongestStop = 120;

    private const string Fargate = "FARGATE";
    private const string Not = "";

    // What a member may be on Fargate, with bars between; nothing where it may not be there at all.
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Capabilities.add"] = "SYS_PTRACE",
        ["Container.disableNetworking"] = Not,
        ["Container.dnsSearchDomains"] = Not,
        ["Container.dnsServers"] = Not,
        ["Container.dockerSecurityOptions"] = Not,
        ["Container.extraHosts"] = Not,
        ["Container.links"] = Not,
        ["Container.privileged"] = Not,
        ["Definition.inferenceAccelerators"] = Not,
        ["Definition.ipcMode"] = Not,
        ["Definition.pidMode"] = "task",
        ["Definition.placementConstraints"] = Not,
        ["HostVolume.sourcePath"] = Not,
        ["LinuxParameters.devices"] = Not,
        ["LinuxParameters.maxSwap"] = Not,
        ["LinuxParameters.sharedMemorySize"] = Not,
        ["LinuxParameters.swappiness"] = Not,
        ["Log.logDriver"] = "awsfirelens|awslogs|splunk",
        ["Resource.type"] = Not,
        ["Volume.dockerVolumeConfiguration"] = Not,
        ["Volume.fsxWindowsFileServerVolumeConfiguration"] = Not,
    };

    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, "Task CPU and memory": the rows of "Linux,
    // Windows".
    private const string WindowsCpu = "1024, 2048 or 4096";

    /// <summary>What a stopTimeout may be, in words.</summary>
    public static string StopExpectation { get; } = $"0 to {LongestStop} seconds";

    /// <summary>That a stopTimeout is too long.</summary>
    public static string NoStop(string seconds) => $"Fargate has no stopTimeout of {seconds} seconds";

    /// <summary>Whether a definition is one for Fargate.</summary>
    public static bool IsOne(YamlMapping definition) =>
        definition.Items("requiresCompatibilities").Any(one => one is YamlScalar { Value: Fargate });

    /// <summary>Why Fargate does not have a member with a value; <see langword="null"/> where it does.</summary>
    /// <param name="type">The object, by its name in <see cref="DefinitionMembers"/>.</param>
    /// <param name="member">Its member.</param>
    /// <param name="value">What it holds.</param>
    public static Refused? Refusal(string type, string member, YamlNode value)
    {
        if (!Allowed.TryGetValue($"{type}.{member}", out var allowed) || IsNothing(value))
        {
            return null;
        }

        var choices = allowed.Split('|', StringSplitOptions.RemoveEmptyEntries);
        var others = Texts(value).Where(text => !choices.Contains(text)).ToList();
        return choices.Length == 0 ? new Refused($"Fargate has no {member}{What(type, value)}", $"no {member}")
            : others.Count == 0 ? null
            : new Refused($"Fargate has no {member} {string.Join(", ", others)}", string.Join(", ", choices));
    }

    /// <summary>Windows has tasks of fewer sizes.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="cpu">The task's units of CPU, where they are known.</param>
    /// <param name="place">Where these are written.</param>
    /// <param name="faults">What is found.</param>
    public static void CheckWindows(YamlMapping definition, int? cpu, SourcePosition place, FaultList faults)
    {
        if (
            cpu is { } units
            && definition["runtimePlatform"]?.Text("operatingSystemFamily")?.StartsWith("WINDOWS", StringComparison.Ordinal) == true
            && units is not (1024 or 2048 or 4096)
        )
        {
            faults.Add(place, $"Fargate has no tasks of Windows with a cpu of {units}", WindowsCpu);
        }
    }

    private static string What(string type, YamlNode value) =>
        type == "Resource" && value is YamlScalar { Value: var of } ? $" {of}" : string.Empty;

    /// <summary>What stands there as <c>describe-task-definition</c> answers it where nothing was given.</summary>
    private static bool IsNothing(YamlNode value) =>
        value is YamlSequence { Items.Count: 0 } or YamlScalar { Plain: true, Value: "false" or "null" };

    private static IEnumerable<string> Texts(YamlNode value) =>
        value is YamlSequence list ? list.Items.SelectMany(Texts)
        : value is YamlScalar scalar ? [scalar.Value]
        : [];

    /// <summary>Why something is not there on Fargate.</summary>
    /// <param name="Problem">What is wrong.</param>
    /// <param name="Expected">What stands there instead.</param>
    internal sealed record Refused(string Problem, string Expected);
}
