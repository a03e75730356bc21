using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.ECS.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Rules;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>A running revision of a task definition with what a step changes of it.</summary>
/// <param name="Request">What is registered: what can be registered of the running revision, its tags, and the changes.</param>
/// <param name="Differences">A sentence for each change, without values of the environment; empty when nothing differs.</param>
/// <param name="Image">The image that the container has then.</param>
internal sealed record WantedDefinition(RegisterTaskDefinitionRequest Request, IReadOnlyList<string> Differences, string Image)
{
    /// <summary>The tag that says of what a revision was made, so that the same is not registered twice.</summary>
    public const string DigestTag = ServiceStep.MadeOfTag;

    /// <summary>What the step wants of a running revision.</summary>
    /// <param name="run">The step.</param>
    /// <param name="running">The running revision.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="image">The image by its digest; <see langword="null"/> to keep the present one.</param>
    /// <exception cref="ServiceRefusedException">
    /// It does not have the container, or has several and the step names none; or Fargate has no task of the size.
    /// </exception>
    public static WantedDefinition For(StepRun run, TaskDefinition running, IReadOnlyList<Tag> tags, string? image)
    {
        var step = run.Step<ServiceStep>();
        var text = step.Definition is { } path ? DefinitionFile.Text(run, path) : null;
        var file = text is null ? null : DefinitionFile.Read(run, step.Definition!, text);
        var request = file ?? Copy(running);
        // Names that differ from one target to the next.
        request.Family ??= running.Family;
        request.TaskRoleArn ??= running.TaskRoleArn;
        request.ExecutionRoleArn ??= running.ExecutionRoleArn;
        var container = ContainerOf(step, file is null ? Name(running) : step.Definition!.ToString()!, request.ContainerDefinitions);
        var differences = new List<string>();
        if (image is not null && container.Image != image)
        {
            var before = file is null ? container.Image : running.ContainerDefinitions.Find(one => one.Name == container.Name)?.Image;
            differences.Add($"container {container.Name} would run {image}" + (before is null ? string.Empty : $" instead of {before}"));
            container.Image = image;
        }

        container.Cpu = Number($"container {container.Name} cpu", step.Cpu, container.Cpu, differences);
        container.Memory = Number($"container {container.Name} memory", step.Memory, container.Memory, differences);
        request.Cpu = Size("task cpu", step.TaskCpu, request.Cpu, differences);
        request.Memory = Size("task memory", step.TaskMemory, request.Memory, differences);
        container.Environment = [.. container.Environment ?? []];
        foreach (var (name, expression) in step.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            var value = run.Text(expression);
            if (container.Environment.Find(variable => variable.Name == name)?.Value != value)
            {
                differences.Add($"container {container.Name} would be given {name}");
                container.Environment.RemoveAll(variable => variable.Name == name);
                container.Secrets?.RemoveAll(secret => secret.Name == name);
                container.Environment.Add(new Amazon.ECS.Model.KeyValuePair { Name = name, Value = value });
            }
        }

        foreach (var (name, expression) in step.Secrets.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            var from = run.Text(expression);
            if (container.Secrets?.Find(secret => secret.Name == name)?.ValueFrom != from)
            {
                differences.Add($"container {container.Name} would be given the secret {name} from {from}");
                container.Environment.RemoveAll(variable => variable.Name == name);
                container.Secrets = [.. (container.Secrets ?? []).Where(secret => secret.Name != name)];
                container.Secrets.Add(new Secret { Name = name, ValueFrom = from });
            }
        }

        CheckSize(request);
        var digest = DigestOf(text is null ? running.TaskDefinitionArn : DefinitionFile.Content(text), container, request);
        if (file is not null)
        {
            // ECS answers a definition with its defaults, so that only what it was made of can be compared.
            // Versions before this one took the file as it was written.
            var earlier = DigestOf(text!, container, request);
            var isMade = tags.Any(tag => tag.Key == DigestTag && (tag.Value == digest || tag.Value == earlier));
            differences = isMade
                ? []
                : [$"{request.Family} would be registered of {step.Definition}", .. DefinitionDifferences.Between(request, running)];
            differences.AddRange(
                isMade
                    ? []
                    : (request.Tags ?? [])
                        .Where(tag => !tags.Any(one => one.Key == tag.Key && one.Value == tag.Value))
                        .Select(tag => $"the tag {tag.Key} would be {tag.Value}")
            );
        }

        List<Tag> own = request.Tags ?? [];
        request.Tags =
        [
            .. own,
            .. TagsOfCopy(tags).Where(tag => !own.Exists(one => one.Key == tag.Key)),
            new Tag { Key = DigestTag, Value = digest },
        ];
        return new WantedDefinition(request, differences, container.Image);
    }

    /// <summary>
    /// The tags of a revision that a copy of it keeps: not what it was made of, nor AWS's own, which nobody may set
    /// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html).
    /// </summary>
    public static IEnumerable<Tag> TagsOfCopy(IEnumerable<Tag> tags) =>
        tags.Where(tag => tag.Key != DigestTag && !tag.Key.StartsWith("aws:", StringComparison.Ordinal));

    /// <summary>Whether a revision was registered for exactly this.</summary>
    public bool IsMadeOf(IReadOnlyList<Tag>? tags) =>
        tags?.FirstOrDefault(tag => tag.Key == DigestTag)?.Value is { } made
        && made == Request.Tags.Find(tag => tag.Key == DigestTag)!.Value;

    /// <summary>What a step shows of its container; what is hidden from causes is what its environment holds.</summary>
    public static void Hide(SecretValues secrets, TaskDefinition definition, Func<string, bool>? isShown = null)
    {
        secrets.Show(definition.TaskDefinitionArn);
        Show(secrets, definition.ContainerDefinitions);
        Hide(secrets, definition.ContainerDefinitions, isShown);
    }

    /// <summary>
    /// Hides what containers hold: values of their environment, and secrets among the words of commands, options of logs and labels, which
    /// the reason of a stopped task, or a refusal of ECS, may quote.
    /// </summary>
    public static void Hide(SecretValues secrets, IEnumerable<ContainerDefinition> containers, Func<string, bool>? isShown = null)
    {
        foreach (var container in containers)
        {
            foreach (var variable in container.Environment ?? [])
            {
                if (isShown?.Invoke(variable.Name) != true)
                {
                    secrets.Add(variable.Value);
                }
                else
                {
                    HideWords(secrets, variable.Value?.Split((char[]?)null) ?? []);
                }
            }

            HideWords(secrets, container.Command ?? []);
            HideWords(secrets, container.EntryPoint ?? []);
            HideWords(secrets, container.HealthCheck?.Command ?? []);
            HideEntries(secrets, container.LogConfiguration?.Options);
            HideEntries(secrets, container.FirelensConfiguration?.Options);
            HideEntries(secrets, container.DockerLabels);
        }
    }

    private static void HideWords(SecretValues secrets, IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            // Of an option the value alone: its name is shown.
            IReadOnlyList<string> found = [.. PlainSecrets.InWord(words, at)];
            foreach (var secret in found is [] && PlainSecrets.IsOne(words[at]) ? [words[at]] : found)
            {
                secrets.Add(secret);
            }
        }
    }

    private static void HideEntries(SecretValues secrets, Dictionary<string, string>? entries)
    {
        foreach (var (name, value) in entries ?? [])
        {
            if (PlainSecrets.IsVariable(name, value))
            {
                secrets.Add(value);
            }
        }
    }

    /// <summary>Names of containers, which causes say anyway.</summary>
    public static void Show(SecretValues secrets, IEnumerable<ContainerDefinition> containers)
    {
        foreach (var container in containers)
        {
            secrets.Show(container.Name);
            secrets.Show(container.Image);
            secrets.Show(ContainerLog.Find(container)?.Group);
        }
    }

    /// <summary>
    /// What of a revision can be registered. ARN, revision, status, attributes, compatibilities, who registered it and when are made by
    /// ECS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
    /// </summary>
    internal static RegisterTaskDefinitionRequest Copy(TaskDefinition running) =>
        new()
        {
            Family = running.Family,
            ContainerDefinitions = running.ContainerDefinitions,
            TaskRoleArn = running.TaskRoleArn,
            ExecutionRoleArn = running.ExecutionRoleArn,
            NetworkMode = running.NetworkMode,
            Volumes = running.Volumes,
            PlacementConstraints = running.PlacementConstraints,
            RequiresCompatibilities = running.RequiresCompatibilities,
            Cpu = running.Cpu,
            Memory = running.Memory,
            PidMode = running.PidMode,
            IpcMode = running.IpcMode,
            ProxyConfiguration = running.ProxyConfiguration,
            InferenceAccelerators = running.InferenceAccelerators,
            EphemeralStorage = running.EphemeralStorage,
            RuntimePlatform = running.RuntimePlatform,
            EnableFaultInjection = running.EnableFaultInjection,
        };

    private static ContainerDefinition ContainerOf(ServiceStep step, string definition, List<ContainerDefinition> containers) =>
        (step.Container, containers) switch
        {
            (null, [var only]) => only,
            (null, [var first, ..]) when !step.ChangesContainer => first,
            (null, _) => throw new ServiceRefusedException(
                $"{definition} has the containers {Names(containers)}; name the one that is changed with container"
            ),
            var (name, _) => containers.Find(container => container.Name == name)
                ?? throw new ServiceRefusedException($"{definition} has no container '{name}'; it has {Names(containers)}"),
        };

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html, and for a container
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, "memory".
    /// </remarks>
    private static void CheckSize(RegisterTaskDefinitionRequest request)
    {
        if (
            request.RequiresCompatibilities?.Contains("FARGATE") == true
            && int.TryParse(request.Cpu, NumberStyles.None, CultureInfo.InvariantCulture, out var cpu)
            && int.TryParse(request.Memory, NumberStyles.None, CultureInfo.InvariantCulture, out var memory)
            && !FargateSize.Fits(cpu, memory)
        )
        {
            throw new ServiceRefusedException(
                $"{request.Family} would be a task with a cpu of {request.Cpu} and a memory of {request.Memory} MiB, which Fargate does "
                    + $"not have; it has {FargateSize.Expectation(cpu)}"
            );
        }

        // "the total amount of CPU reserved for all containers within a task be lower than the task-level cpu value"
        if (
            int.TryParse(request.Cpu, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            && request.ContainerDefinitions.Sum(container => container.Cpu ?? 0) is var needed
            && needed > units
        )
        {
            throw new ServiceRefusedException(
                $"the containers of {request.Family} would have {needed} CPU units together, and the task has {units}; "
                    + "a task of another size is task: { cpu: …, memory: … }"
            );
        }

        if (
            int.TryParse(request.Memory, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            && request.ContainerDefinitions.Find(container => container.Memory > most) is { } larger
        )
        {
            throw new ServiceRefusedException(
                $"the container {larger.Name} would have {larger.Memory} MiB of memory, and the task of {request.Family} has {most}; "
                    + "a task of that size is task: { cpu: …, memory: … }"
            );
        }
    }

    private static string Names(List<ContainerDefinition> containers) => string.Join(", ", containers.Select(container => container.Name));

    /// <summary><c>family:revision</c>.</summary>
    public static string Name(TaskDefinition definition) => Name(definition.TaskDefinitionArn);

    /// <summary><c>family:revision</c> of an ARN.</summary>
    public static string Name(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    private static int? Number(string what, int? wanted, int? present, List<string> differences)
    {
        if (wanted is { } number && number != present)
        {
            differences.Add($"{what} would be {Text(number)} instead of {(present is { } before ? Text(before) : "none")}");
        }

        return wanted ?? present;
    }

    /// <summary>ECS answers a size as a number, however it was given; one in a file is as it was written.</summary>
    private static string? Size(string what, int? wanted, string? present, List<string> differences)
    {
        if (wanted is { } number && Text(number) != present)
        {
            differences.Add($"{what} would be {Text(number)} instead of {present ?? "none"}");
            return Text(number);
        }

        return present;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string DigestOf(string running, ContainerDefinition container, RegisterTaskDefinitionRequest request)
    {
        var text = new StringBuilder();
        foreach (var part in Parts())
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        IEnumerable<string?> Parts() =>
            [
                running,
                container.Name,
                container.Image,
                container.Cpu?.ToString(CultureInfo.InvariantCulture),
                container.Memory?.ToString(CultureInfo.InvariantCulture),
                request.Cpu,
                request.Memory,
                .. container.Environment.OrderBy(one => one.Name, StringComparer.Ordinal).SelectMany(one => new[] { one.Name, one.Value }),
                .. (container.Secrets ?? [])
                    .OrderBy(one => one.Name, StringComparer.Ordinal)
                    .SelectMany(one => new[] { one.Name, one.ValueFrom }),
            ];
    }
}
