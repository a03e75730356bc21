using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>What members of a task definition have to be beside one another.</summary>
internal static class DefinitionParts
{
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, "tags": "Maximum number of tags per
    // resource - 50". The deployer adds one.
    private const int MostTags = 49;

    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html: both required, and the prefix "when using Fargate".
    private static readonly string[] LogOptions = ["awslogs-group", "awslogs-region"];
    private const string StreamPrefix = "awslogs-stream-prefix";

    /// <summary>Checks a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="containers">Its containers.</param>
    /// <param name="place">Where the list of containers is written.</param>
    /// <param name="faults">What is found.</param>
    public static void Check(YamlMapping definition, IReadOnlyList<YamlMapping> containers, SourcePosition place, FaultList faults)
    {
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, "essential": "All tasks must have at
        // least one essential container"
        if (containers.Count > 0 && containers.All(container => container.Text("essential") == "false"))
        {
            faults.Add(place, "no container is essential", "at least one that is");
        }

        var isFargate = FargateDefinition.IsOne(definition);
        foreach (var container in containers)
        {
            CheckLog(container, isFargate, faults);
            CheckRouter(container, isFargate, faults);
            CheckStart(container, isFargate, faults);
            CheckHealth(container, faults);
            CheckLimits(container, faults);
            CheckNetwork(container, definition.Text("networkMode"), isFargate, faults);
        }

        foreach (var volume in definition.Items("volumes"))
        {
            CheckEncryption(volume, faults);
        }

        CheckRouters(containers, faults);
        CheckPorts(definition, containers, faults);
        CheckTags(definition, faults);
    }

    private static void CheckLog(YamlMapping container, bool isFargate, FaultList faults)
    {
        if (container["logConfiguration"] is not YamlMapping log || log.Text("logDriver") != "awslogs")
        {
            return;
        }

        var options = log["options"];
        foreach (var option in isFargate ? [.. LogOptions, StreamPrefix] : LogOptions)
        {
            if (string.IsNullOrEmpty(options?.Text(option)))
            {
                faults.Add((options ?? log).Position, $"the log driver awslogs has no {option}", $"{option} among its options");
            }
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FirelensConfiguration.html: "Tasks hosted on AWS Fargate only support
    /// the file configuration file type."
    /// </remarks>
    private static void CheckRouter(YamlMapping container, bool isFargate, FaultList faults)
    {
        if (isFargate && container["firelensConfiguration"]?.At("options") is { } options && options.Text("config-file-type") == "s3")
        {
            faults.Add(
                options.At("config-file-type")!.Position,
                "Fargate has no config-file-type s3",
                "file, with the path of a file of the image"
            );
        }
    }

    /// <summary>Logs go by FireLens where there is a container that routes them.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html</remarks>
    private static void CheckRouters(IReadOnlyList<YamlMapping> containers, FaultList faults)
    {
        var routers = containers.Where(container => container["firelensConfiguration"] is YamlMapping).ToList();
        foreach (var container in containers)
        {
            if (routers.Count == 0 && container["logConfiguration"]?.At("logDriver") is YamlScalar { Value: "awsfirelens" } driver)
            {
                faults.Add(
                    driver.Position,
                    "the logDriver is awsfirelens, and no container routes logs",
                    "a container with firelensConfiguration"
                );
            }
        }

        foreach (var second in routers.Skip(1))
        {
            faults.Add(second["firelensConfiguration"]!.Position, "a container with firelensConfiguration stands before", "one of them");
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, "startTimeout": "The valid values for
    /// Fargate are 2-120 seconds."
    /// </remarks>
    private static void CheckStart(YamlMapping container, bool isFargate, FaultList faults)
    {
        if (isFargate && Number(container, "startTimeout") is { } seconds and (< 2 or > 120) && seconds >= 0)
        {
            faults.Add(container["startTimeout"]!.Position, $"Fargate has no startTimeout of {seconds} seconds", "2 to 120 seconds");
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html: "must start with CMD to run the command arguments
    /// directly, or CMD-SHELL to run the command with the container's default shell"; NONE is Docker's for no check at all,
    /// https://docs.docker.com/reference/dockerfile/#healthcheck
    /// </remarks>
    private static void CheckHealth(YamlMapping container, FaultList faults)
    {
        if (container["healthCheck"] is not YamlMapping check || check["command"] is not YamlSequence { Items: var items } command)
        {
            return;
        }

        var form = (items.FirstOrDefault() as YamlScalar)?.Value;
        var isRight = form switch
        {
            "CMD" => items.Count > 1,
            "CMD-SHELL" => items.Count == 2,
            "NONE" => items.Count == 1,
            _ => false,
        };
        if (!isRight)
        {
            faults.Add(
                command.Position,
                form is "CMD" or "CMD-SHELL" or "NONE"
                    ? $"the command of the healthCheck has {items.Count - 1} items after {form}"
                    : "the command of the healthCheck begins with neither CMD, CMD-SHELL nor NONE",
                "[\"CMD\", PROGRAM, ARGUMENTS …], [\"CMD-SHELL\", COMMAND] or [\"NONE\"]"
            );
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: "The hostname parameter is not supported if
    /// you're using the awsvpc network mode". Fargate has no other one.
    /// </remarks>
    private static void CheckNetwork(YamlMapping container, string? mode, bool isFargate, FaultList faults)
    {
        if ((mode == "awsvpc" || isFargate) && container["hostname"] is { } written and not YamlScalar { Plain: true, Value: "null" })
        {
            faults.Add(written.Position, "a container with the network mode awsvpc cannot have hostname", "no hostname");
        }
    }

    private static void CheckLimits(YamlMapping container, FaultList faults)
    {
        foreach (var limit in container.Items("ulimits"))
        {
            // https://man7.org/linux/man-pages/man2/setrlimit.2.html: "The hard limit acts as a ceiling for the soft limit"
            if (Number(limit, "softLimit") is { } soft && Number(limit, "hardLimit") is { } hard && hard >= 0 && soft > hard)
            {
                faults.Add(
                    limit.At("softLimit")!.Position,
                    $"the softLimit of {soft} is more than the hardLimit of {hard}",
                    $"at most {hard}"
                );
            }
        }
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSAuthorizationConfig.html</remarks>
    private static void CheckEncryption(YamlNode volume, FaultList faults)
    {
        if (volume.At("efsVolumeConfiguration") is not YamlMapping efs || efs["authorizationConfig"] is not YamlMapping authorization)
        {
            return;
        }

        var point = authorization["accessPointId"];
        var needs = authorization.Text("iam") == "ENABLED" ? authorization["iam"] : point;
        if (needs is not null && efs.Text("transitEncryption") != "ENABLED")
        {
            faults.Add(
                (efs["transitEncryption"] ?? needs).Position,
                $"{(ReferenceEquals(needs, point) ? "an access point" : "iam")} of EFS needs encryption in transit",
                "\"transitEncryption\": \"ENABLED\""
            );
        }

        if (point is not null && efs["rootDirectory"] is { } root && efs.Text("rootDirectory") != "/")
        {
            faults.Add(root.Position, "the access point has its own rootDirectory", "no rootDirectory, or /");
        }
    }

    /// <remarks>
    /// Containers of a task with the network mode awsvpc share one network interface
    /// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html), and "a port can only be included in one
    /// port mapping per container" (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html).
    /// </remarks>
    private static void CheckPorts(YamlMapping definition, IReadOnlyList<YamlMapping> containers, FaultList faults)
    {
        var mode = definition.Text("networkMode");
        var isShared = mode is "awsvpc" or "host";
        var (seen, names) = (new List<UsedPorts>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var container in containers)
        {
            if (!isShared)
            {
                seen.Clear();
            }

            foreach (var mapping in container.Items("portMappings"))
            {
                var protocol = mapping.Text("protocol") ?? "tcp";
                if (mapping.At("containerPortRange") is { } written)
                {
                    CheckRange(mapping, written, mode, faults);
                }

                if (UsedPorts.Read(mapping, protocol) is { } used)
                {
                    if (seen.Exists(before => before.Overlaps(used)))
                    {
                        faults.Add(
                            (mapping.At("containerPort") ?? mapping.At("containerPortRange"))!.Position,
                            $"the port {used.Text} ({protocol}) is mapped before",
                            "each port once"
                        );
                    }

                    seen.Add(used);
                }
                else if (mapping is YamlMapping && mapping.At("containerPort") is null && mapping.At("containerPortRange") is null)
                {
                    faults.Add(mapping.Position, "portMappings has no containerPort", "containerPort, a whole number without quotes");
                }

                if (mapping.Text("name") is { Length: > 0 } name && !names.Add(name))
                {
                    faults.Add(mapping.At("name")!.Position, $"a port \"{name}\" stands before", "a name of its own for each port");
                }
            }
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html, "containerPortRange": "You must use either the
    /// bridge network mode or the awsvpc network mode", ports of 1 to 65535, and a range has no containerPort beside it.
    /// </remarks>
    private static void CheckRange(YamlNode mapping, YamlNode written, string? mode, FaultList faults)
    {
        var range = mapping.Text("containerPortRange");
        if (range is not null && UsedPorts.Range(range, string.Empty) is null)
        {
            faults.Add(
                written.Position,
                $"containerPortRange is \"{AddressCredentials.HideAndShorten(range, 40)}\"",
                "two ports of 1 to 65535, the smaller one first, such as \"8000-8010\""
            );
        }

        if (mapping.At("containerPort") is not null)
        {
            faults.Add(written.Position, "portMappings has a containerPort and a containerPortRange", "one of both");
        }

        if (mode is "host" or "none")
        {
            faults.Add(written.Position, $"a containerPortRange needs another network mode than {mode}", "awsvpc or bridge");
        }
    }

    // A class, since LINQ is compiled anew for each value type.
    private sealed record UsedPorts(int First, int Last, string Protocol, string Text)
    {
        private const int Largest = 65_535;

        public bool Overlaps(UsedPorts other) => Protocol == other.Protocol && First <= other.Last && other.First <= Last;

        public static UsedPorts? Read(YamlNode mapping, string protocol) =>
            mapping.Text("containerPort") is { } port
                ? Port(port) is { } number
                    ? new UsedPorts(number, number, protocol, port)
                    : null
                : mapping.Text("containerPortRange") is { } range
                    ? Range(range, protocol)
                    : null;

        public static UsedPorts? Range(string text, string protocol) =>
            text.Split('-') is [var first, var last] && Port(first) is { } from && Port(last) is { } to && from <= to
                ? new UsedPorts(from, to, protocol, text)
                : null;

        private static int? Port(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Largest
                ? number
                : null;
    }

    private static void CheckTags(YamlMapping definition, FaultList faults)
    {
        var tags = definition.Items("tags").ToList();
        if (tags.Count > MostTags)
        {
            faults.Add(
                definition["tags"]!.Position,
                $"there are {tags.Count} tags",
                $"at most {MostTags}: ECS has 50 for each task definition, and the deployer adds one"
            );
        }
    }

    private static long? Number(YamlNode node, string member) =>
        long.TryParse(node.Text(member), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
