using System.Globalization;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>The members of a task definition that can be registered, with what each holds.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html</remarks>
internal static class DefinitionMembers
{
    /// <summary>What is registered.</summary>
    public const string Root = "Definition";

    // A name of a capital is an object of this table, one with [] a list of them. A member with ! has to be there: "Required: Yes" in the
    // reference, and sourceVolume, containerPath and sourceContainer by
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html ("Storage and logging").
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        [Root] = """
            family text
            containerDefinitions Container[]
            taskRoleArn text
            executionRoleArn text
            networkMode awsvpc|bridge|host|none
            volumes Volume[]
            placementConstraints PlacementConstraint[]
            requiresCompatibilities texts
            cpu text
            memory text
            tags Tag[]
            pidMode host|task
            ipcMode host|none|task
            proxyConfiguration Proxy
            inferenceAccelerators Accelerator[]
            ephemeralStorage Storage
            runtimePlatform Platform
            enableFaultInjection flag
            """,
        ["Container"] = """
            name text
            image text
            repositoryCredentials RepositoryCredentials
            cpu number
            memory number
            memoryReservation number
            links texts
            portMappings Port[]
            essential flag
            restartPolicy RestartPolicy
            entryPoint texts
            command texts
            environment Variable[]
            environmentFiles EnvironmentFile[]
            mountPoints MountPoint[]
            volumesFrom VolumeFrom[]
            linuxParameters LinuxParameters
            secrets Secret[]
            dependsOn Dependency[]
            startTimeout number
            stopTimeout number
            versionConsistency disabled|enabled
            hostname text
            user text
            workingDirectory text
            disableNetworking flag
            privileged flag
            readonlyRootFilesystem flag
            dnsServers texts
            dnsSearchDomains texts
            extraHosts Host[]
            dockerSecurityOptions texts
            interactive flag
            pseudoTerminal flag
            dockerLabels map
            ulimits Ulimit[]
            logConfiguration Log
            healthCheck HealthCheck
            systemControls SystemControl[]
            resourceRequirements Resource[]
            firelensConfiguration Firelens
            credentialSpecs texts
            """,
        ["RepositoryCredentials"] = "credentialsParameter! text",
        ["Port"] = """
            containerPort number
            hostPort number
            protocol tcp|udp
            name text
            appProtocol grpc|http|http2
            containerPortRange text
            """,
        ["RestartPolicy"] = """
            enabled! flag
            ignoredExitCodes numbers
            restartAttemptPeriod number
            """,
        ["Variable"] = """
            name text
            value text
            """,
        ["EnvironmentFile"] = """
            value! text
            type! s3
            """,
        ["MountPoint"] = """
            sourceVolume! text
            containerPath! text
            readOnly flag
            """,
        ["VolumeFrom"] = """
            sourceContainer! text
            readOnly flag
            """,
        ["LinuxParameters"] = """
            capabilities Capabilities
            devices Device[]
            initProcessEnabled flag
            sharedMemorySize number
            tmpfs Tmpfs[]
            maxSwap number
            swappiness number
            """,
        ["Capabilities"] = """
            add texts
            drop texts
            """,
        ["Device"] = """
            hostPath! text
            containerPath text
            permissions texts
            """,
        ["Tmpfs"] = """
            containerPath! text
            size! number
            mountOptions texts
            """,
        ["Secret"] = """
            name! text
            valueFrom! text
            """,
        ["Dependency"] = """
            containerName! text
            condition! COMPLETE|HEALTHY|START|SUCCESS
            """,
        ["Host"] = """
            hostname! text
            ipAddress! text
            """,
        ["Ulimit"] = """
            name! core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack
            softLimit! number
            hardLimit! number
            """,
        ["Log"] = """
            logDriver! awsfirelens|awslogs|fluentd|gelf|journald|json-file|splunk|syslog
            options map
            secretOptions Secret[]
            """,
        ["HealthCheck"] = """
            command! texts
            interval number
            timeout number
            retries number
            startPeriod number
            """,
        ["SystemControl"] = """
            namespace text
            value text
            """,
        ["Resource"] = """
            type! GPU|InferenceAccelerator|NeuronDevice
            value text
            sharingStrategy Sharing
            """,
        ["Sharing"] = "nvidiaMps Nvidia",
        ["Nvidia"] = """
            memory number
            maxComputePercent number
            """,
        ["Firelens"] = """
            type! fluentbit|fluentd
            options map
            """,
        ["Volume"] = """
            name text
            host HostVolume
            dockerVolumeConfiguration DockerVolume
            efsVolumeConfiguration EfsVolume
            s3filesVolumeConfiguration S3Volume
            fsxWindowsFileServerVolumeConfiguration FsxVolume
            configuredAtLaunch flag
            """,
        ["HostVolume"] = "sourcePath text",
        ["DockerVolume"] = """
            scope shared|task
            autoprovision flag
            driver text
            driverOpts map
            labels map
            """,
        ["EfsVolume"] = """
            fileSystemId! text
            rootDirectory text
            transitEncryption DISABLED|ENABLED
            transitEncryptionPort number
            authorizationConfig EfsAuthorization
            """,
        ["EfsAuthorization"] = """
            accessPointId text
            iam DISABLED|ENABLED
            """,
        ["S3Volume"] = """
            fileSystemArn! text
            rootDirectory text
            transitEncryptionPort number
            accessPointArn text
            """,
        ["FsxVolume"] = """
            fileSystemId! text
            rootDirectory! text
            authorizationConfig! FsxAuthorization
            """,
        ["FsxAuthorization"] = """
            credentialsParameter! text
            domain! text
            """,
        ["PlacementConstraint"] = """
            type memberOf
            expression text
            """,
        ["Tag"] = """
            key! text
            value text
            """,
        ["Proxy"] = """
            containerName! text
            type APPMESH
            properties Variable[]
            """,
        ["Accelerator"] = """
            deviceName! text
            deviceType! text
            """,
        ["Storage"] = "sizeInGiB! number",
        ["Platform"] =
            "cpuArchitecture ARM64|X86_64\n"
            + "operatingSystemFamily LINUX|WINDOWS_SERVER_2004_CORE|WINDOWS_SERVER_2016_FULL|WINDOWS_SERVER_2019_CORE"
            + "|WINDOWS_SERVER_2019_FULL|WINDOWS_SERVER_2022_CORE|WINDOWS_SERVER_2022_FULL|WINDOWS_SERVER_2025_CORE"
            + "|WINDOWS_SERVER_2025_FULL|WINDOWS_SERVER_20H2_CORE",
    };

    private static readonly Dictionary<string, List<string>> Required = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> All = Parse();

    /// <summary>The members of an object and what they hold; <see langword="null"/> for what is no object.</summary>
    public static IReadOnlyDictionary<string, string>? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>The members that an object has to have, beside those that another rule asks for.</summary>
    public static IReadOnlyList<string> RequiredOf(string name) => Required.GetValueOrDefault(name) ?? [];

    /// <summary>The kind of an item where a member holds a list; else <see langword="null"/>.</summary>
    public static string? Item(string kind) =>
        kind switch
        {
            "texts" => "text",
            "numbers" => "number",
            [.. var item, '[', ']'] => item,
            _ => null,
        };

    /// <summary>Whether a value is what a member that is neither a list nor an object holds.</summary>
    public static bool Holds(string kind, YamlScalar value) =>
        kind switch
        {
            "text" => !value.Plain,
            "number" => value.Plain && int.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "flag" => value.Type == YamlScalarType.Boolean,
            _ => !value.Plain && kind.Split('|').Contains(value.Value),
        };

    /// <summary>What a member holds, in words.</summary>
    public static string Expectation(string kind) =>
        kind switch
        {
            "text" => "a text in quotes",
            "number" => "a whole number without quotes",
            "flag" => "true or false",
            "map" => "an object of texts",
            _ when Item(kind) is not null => "a list",
            _ when Find(kind) is not null => "an object",
            _ when !kind.Contains('|', StringComparison.Ordinal) => $"\"{kind}\"",
            _ => $"one of {kind.Replace("|", ", ", StringComparison.Ordinal)}",
        };

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Parse()
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (name, table) in Tables)
        {
            var (members, required) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
            foreach (var line in table.Split('\n'))
            {
                var words = line.Trim().Split(' ');
                var member = words[0].TrimEnd('!');
                members.Add(member, words[1]);
                if (member != words[0])
                {
                    required.Add(member);
                }
            }

            all.Add(name, members);
            Required.Add(name, required);
        }

        return all;
    }
}
