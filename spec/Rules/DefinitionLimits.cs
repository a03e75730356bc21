using System.Globalization;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>The numbers that members of a task definition may have.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, API_PortMapping, API_HealthCheck,
/// API_EphemeralStorage, API_LinuxParameters, API_ContainerRestartPolicy and API_EFSVolumeConfiguration beside it.
/// </remarks>
internal static class DefinitionLimits
{
    private const int Any = int.MaxValue;
    private const int LargestPort = 65_535;

    // "don't specify less than 6 MiB of memory for your containers"
    private const int LeastMemory = 6;

    private static readonly Dictionary<string, Limit> All = new(StringComparer.Ordinal)
    {
        ["Container.cpu"] = new(0, Any, "CPU units"),
        ["Container.memory"] = new(LeastMemory, Any, "MiB"),
        ["Container.memoryReservation"] = new(LeastMemory, Any, "MiB"),
        ["Container.startTimeout"] = new(0, Any, "seconds"),
        ["Container.stopTimeout"] = new(0, Any, "seconds"),
        ["EfsVolume.transitEncryptionPort"] = new(0, LargestPort, string.Empty),
        ["HealthCheck.interval"] = new(5, 300, "seconds"),
        ["HealthCheck.retries"] = new(1, 10, "retries"),
        ["HealthCheck.startPeriod"] = new(0, 300, "seconds"),
        ["HealthCheck.timeout"] = new(2, 60, "seconds"),
        ["LinuxParameters.maxSwap"] = new(0, Any, "MiB"),
        ["LinuxParameters.sharedMemorySize"] = new(0, Any, "MiB"),
        ["LinuxParameters.swappiness"] = new(0, 100, string.Empty),
        ["Port.containerPort"] = new(1, LargestPort, string.Empty),
        ["Port.hostPort"] = new(0, LargestPort, string.Empty),
        ["RestartPolicy.restartAttemptPeriod"] = new(60, 1800, "seconds"),
        ["S3Volume.transitEncryptionPort"] = new(0, LargestPort, string.Empty),
        ["Storage.sizeInGiB"] = new(21, 200, "GiB"),
        ["Tmpfs.size"] = new(1, Any, "MiB"),
    };

    /// <summary>What a number has to be; <see langword="null"/> where it is that, or where there is no limit.</summary>
    /// <param name="type">The object, by its name in <see cref="DefinitionMembers"/>.</param>
    /// <param name="member">Its member.</param>
    /// <param name="value">The number.</param>
    public static string? Missed(string type, string member, YamlNode value) =>
        All.GetValueOrDefault($"{type}.{member}") is { } limit
        && value is YamlScalar { Plain: true } scalar
        && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && (number < limit.Least || number > limit.Most)
            ? $"{(limit.Most == Any ? $"{limit.Least} or more" : $"{limit.Least} to {limit.Most}")} {limit.Unit}".TrimEnd()
            : null;

    private sealed record Limit(int Least, int Most, string Unit);
}
