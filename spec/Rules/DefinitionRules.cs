using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>A task definition in a file of the service is one that ECS registers with what the step changes of it.</summary>
internal sealed class DefinitionRules
{
    private const string Expected = "a task definition in JSON";

    /// <summary>What ECS makes itself of a task definition, and <c>describe-task-definition</c> answers beside it.</summary>
    private static readonly string[] ReadOnly =
    [
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "registeredBy",
        "deregisteredAt",
        "deleteRequestedAt",
    ];

    // It differs from deployment to deployment, so that no file would be deployed once.
    private const string Revision = "${revision}";

    private readonly ServiceStep _step;
    private readonly SourcePosition _position;
    private readonly string _file;
    private readonly IReadOnlyList<TargetSpec> _targets;
    private readonly FaultList _faults;
    private bool _isFargate;

    private DefinitionRules(
        ServiceStep step,
        RelativePath file,
        SourcePosition position,
        IReadOnlyList<TargetSpec> targets,
        FaultList faults
    ) => (_step, _file, _position, _targets, _faults) = (step, file.Value, position, targets, faults);

    /// <summary>Checks the file that a step names, with the values of each target.</summary>
    public static void Check(ServiceSpec spec, ServiceStep step, ISourceFolder folder, FaultList faults)
    {
        if (step is not { Definition: { } file, DefinitionPosition: { } position })
        {
            return;
        }

        if (folder.Read(file) is null)
        {
            faults.Add(
                position,
                LeftOutFile.Problem(folder, file) is { } problem ? $"the file \"{file}\" {problem}" : $"there is no file \"{file}\"",
                Expected
            );
            return;
        }

        if (SourceText.Read(folder, file, faults) is { } text && JsonReader.Read(text, file.Value, faults, Expected) is { } root)
        {
            new DefinitionRules(step, file, position, [.. spec.Targets], faults).CheckRoot(root);
        }
    }

    private void CheckRoot(YamlNode root)
    {
        if (root is not YamlMapping definition)
        {
            _faults.Add(root.Position, $"here is {root.Description}", Expected);
            return;
        }

        _isFargate = FargateDefinition.IsOne(definition);
        CheckObject(definition, DefinitionMembers.Root, "the task definition");
        if (definition["containerDefinitions"] is not { } written)
        {
            _faults.Add(root.Position, "the task definition has no containerDefinitions", Expected);
        }
        else if (written is YamlSequence { Items: var items })
        {
            var containers = items.OfType<YamlMapping>().ToList();
            if (items.Count == 0)
            {
                _faults.Add(written.Position, "there is no container", "at least one");
            }

            CheckContainers(containers);
            DefinitionParts.Check(definition, containers, written.Position, _faults);
            foreach (var target in _targets)
            {
                DefinitionNames.Check(definition, containers, target, _faults);
                CheckSize(definition, containers, target);
            }
        }
    }

    private void CheckObject(YamlMapping node, string type, string what)
    {
        var members = DefinitionMembers.Find(type)!;
        foreach (
            var missing in DefinitionMembers
                .RequiredOf(type)
                .Where(member => node[member] is null or YamlScalar { Type: YamlScalarType.Null })
        )
        {
            _faults.Add(node.Position, $"{what} has no {missing}", $"{missing}, {DefinitionMembers.Expectation(members[missing])}");
        }

        foreach (var entry in node.Entries)
        {
            var name = entry.Key.Value;
            if (type == DefinitionMembers.Root && ReadOnly.Contains(name, StringComparer.Ordinal))
            {
                _faults.Add(entry.Key.Position, $"{name} is made by ECS itself and cannot be registered", "a definition without it");
            }
            else if (members.TryGetValue(name, out var kind))
            {
                CheckValue(name, entry.Value, kind);
                if (DefinitionLimits.Missed(type, name, entry.Value) is { } expected)
                {
                    _faults.Add(entry.Value.Position, $"{name} is {entry.Value.Description}", expected);
                }

                if (_isFargate && FargateDefinition.Refusal(type, name, entry.Value) is { } refusal)
                {
                    _faults.Add(entry.Key.Position, refusal.Problem, refusal.Expected);
                }

                CheckText(type, name, entry.Value);
            }
            else
            {
                _faults.Add(
                    entry.Key.Position,
                    $"ECS knows no member \"{AddressCredentials.HideAndShorten(name, 40)}\" here",
                    NearestName.Expectation(name, [.. members.Keys])
                );
            }
        }
    }

    private void CheckValue(string name, YamlNode value, string kind)
    {
        if (DefinitionMembers.Find(kind) is not null && value is YamlMapping inner)
        {
            CheckObject(inner, kind, name);
        }
        else if (DefinitionMembers.Item(kind) is { } item && value is YamlSequence list)
        {
            foreach (var one in list.Items)
            {
                CheckValue(name, one, item);
            }

            if (name is "command" or "entryPoint")
            {
                CheckCommand(name, list);
            }
        }
        else if (kind == "map" && value is YamlMapping map)
        {
            foreach (var entry in map.Entries)
            {
                CheckValue(entry.Key.Value, entry.Value, "text");
                CheckEntry(name, entry.Key.Value, entry.Value);
            }
        }
        else if (value is not YamlScalar scalar || !DefinitionMembers.Holds(kind, scalar))
        {
            // Values of an environment are not shown, whatever they are.
            var what = name is "value" or "command" or "entryPoint" || PlainSecrets.IsNamed(name) ? "something else" : value.Description;
            _faults.Add(value.Position, $"{name} is {what}", DefinitionMembers.Expectation(kind));
        }
        else
        {
            CheckText(name, scalar);
        }
    }

    /// <summary>A text, or each of a list, is one that the member can have, in each target.</summary>
    private void CheckText(string type, string name, YamlNode value)
    {
        if (value is YamlSequence list)
        {
            foreach (var item in list.Items.OfType<YamlScalar>())
            {
                CheckText(type, name, item);
            }
        }

        if (value is not YamlScalar { Plain: false } scalar || DefinitionTexts.Find(type, name) is not { } rule)
        {
            return;
        }

        foreach (var text in _targets.Select(target => DefinitionText.In(scalar.Value, target)).Where(text => !rule.Holds(text)))
        {
            _faults.Add(value.Position, $"{name} is \"{AddressCredentials.HideAndShorten(text, 40)}\"", rule.Expected);
        }
    }

    private void CheckText(string name, YamlScalar value)
    {
        if (value.Value.Contains(Revision, StringComparison.Ordinal))
        {
            _faults.Add(value.Position, $"{name} has {Revision}, which the step's image alone can have", "the key image of the step");
        }

        if (name != "value" && _targets.Any(target => PlainSecrets.IsOne(DefinitionText.In(value.Value, target))))
        {
            _faults.Add(
                value.Position,
                $"{name} has a credential in it, and everybody who may read task definitions reads it",
                PlainSecrets.Expectation
            );
        }
    }

    /// <summary>A command holds no password or token: its words stand in the definition as the environment does.</summary>
    private void CheckCommand(string name, YamlSequence list)
    {
        var words = list.Items.OfType<YamlScalar>().ToList();
        foreach (var target in _targets)
        {
            var texts = words.ConvertAll(word => DefinitionText.In(word.Value, target));
            for (var at = 0; at < texts.Count; at++)
            {
                // One by its look is a fault of the word already.
                if (!PlainSecrets.IsOne(texts[at]) && PlainSecrets.InWord(texts, at).Any())
                {
                    _faults.Add(
                        words[at].Position,
                        $"{name} has a credential in it, and everybody who may read task definitions reads it",
                        PlainSecrets.Expectation
                    );
                    return;
                }
            }
        }
    }

    /// <summary>An option of a log driver, or a label, whose name says that it is a secret.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-logconfig.html: "use the secretOptions parameter"
    /// </remarks>
    private void CheckEntry(string map, string name, YamlNode value)
    {
        if (
            value is YamlScalar { Value: var written }
            && _targets.Any(target =>
                DefinitionText.In(written, target) is { } text && !PlainSecrets.IsOne(text) && PlainSecrets.IsVariable(name, text)
            )
        )
        {
            _faults.Add(
                value.Position,
                $"{name} of {map} is a secret, and everybody who may read task definitions reads it",
                map == "options" ? $"it among the secretOptions, taken from {ServiceRules.SecretReferences}" : PlainSecrets.Expectation
            );
        }
    }

    private void CheckContainers(List<YamlMapping> containers)
    {
        var names = new List<string>();
        foreach (var container in containers)
        {
            if (container.Text("name") is not { Length: > 0 } name)
            {
                _faults.Add(container.Position, "the container has no name", "a name");
            }
            else if (names.Contains(name))
            {
                _faults.Add(container["name"]!.Position, $"a container \"{name}\" stands before", "a name of its own for each container");
            }
            else
            {
                names.Add(name);
            }

            var isChanged = containers.Count == 1 || container.Text("name") == _step.Container;
            if (string.IsNullOrEmpty(container.Text("image")) && !(isChanged && _step.Image is not null))
            {
                _faults.Add(container.Position, "the container has no image", "an image, or the key image of the step");
            }

            CheckVariables(container, isChanged);
        }

        CheckChanged(names, containers.Count);
    }

    private void CheckChanged(List<string> names, int containers)
    {
        if (_step.Container is { } changed && !names.Contains(changed))
        {
            _faults.Add(
                _step.ContainerPosition ?? _position,
                $"\"{_file}\" has no container \"{changed}\"",
                NearestName.Expectation(changed, names)
            );
        }
        else if (_step is { Container: null, ChangesContainer: true } && containers > 1)
        {
            _faults.Add(
                _position,
                $"\"{_file}\" has the containers {string.Join(", ", names)}, and the step does not say which of them it changes",
                "the key container"
            );
        }
    }

    private void CheckVariables(YamlMapping container, bool isChanged)
    {
        var secrets = container.Items("secrets").Select(secret => secret.Text("name")).ToList();
        var seen = new List<string>();
        foreach (var variable in container.Items("environment"))
        {
            if (variable.Text("name") is not { } name)
            {
                _faults.Add(variable.Position, "the variable has no name", "an object with name and value");
                continue;
            }

            var position = variable.At("value")?.Position ?? variable.Position;
            var value = variable.Text("value") ?? string.Empty;
            var isSecret = _targets.Any(target => PlainSecrets.IsVariable(name, DefinitionText.In(value, target)));
            if (isSecret && !(isChanged && _step.Secrets.ContainsKey(name)))
            {
                _faults.Add(
                    position,
                    $"the environment variable {name} is a secret, and everybody who may read task definitions reads it",
                    PlainSecrets.Expectation
                );
            }

            if (seen.Contains(name) || secrets.Contains(name))
            {
                _faults.Add(variable.Position, $"the container has the variable {name} twice", "each variable once");
            }

            seen.Add(name);
        }

        if (
            container["repositoryCredentials"]?.Text("credentialsParameter") is { } credentials
            && _targets.Any(target => !PlainSecrets.IsSecretReference(DefinitionText.In(credentials, target)))
        )
        {
            _faults.Add(
                container["repositoryCredentials"]!.At("credentialsParameter")!.Position,
                "the credentialsParameter is no secret's ARN or name, and is not shown",
                PlainSecrets.SecretReference
            );
        }

        foreach (var secret in container.Items("secrets").Concat(container["logConfiguration"]?.Items("secretOptions") ?? []))
        {
            // That one of the two is missing is a fault of the object already.
            if (
                secret.Text("name") is { } name
                && secret.Text("valueFrom") is { } from
                && _targets.Any(target => DefinitionText.In(from, target) is { } text && !ServiceRules.IsReferencedSecret(text))
            )
            {
                _faults.Add(
                    secret.At("valueFrom")!.Position,
                    $"what {name} is taken from is no parameter and no secret, and is not shown",
                    ServiceRules.SecretReferences
                );
            }
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html: "Task size", and "Network mode" for
    /// tasks on Fargate; https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: the memory of all
    /// containers together.
    /// </remarks>
    private void CheckSize(YamlMapping definition, List<YamlMapping> containers, TargetSpec target)
    {
        var cpu = _step.TaskCpu ?? Units(definition, "cpu", "vcpu", target);
        var memory = _step.TaskMemory ?? Units(definition, "memory", "gb", target);
        var place =
            (_step.TaskCpu ?? _step.TaskMemory) is not null && _step.TaskPosition is { } ofStep
                ? ofStep
                : (definition["memory"] ?? definition["cpu"] ?? definition).Position;
        if (_isFargate)
        {
            if (definition.Text("networkMode") != "awsvpc")
            {
                _faults.Add((definition["networkMode"] ?? definition).Position, "Fargate has no other network mode than awsvpc", "awsvpc");
            }

            CheckPair(definition, cpu, memory, place);
            FargateDefinition.CheckWindows(definition, cpu, _step.TaskCpu is null ? definition["cpu"]?.Position ?? place : place, _faults);
            CheckStop(containers);
        }

        var (needed, units) = (0L, 0L);
        foreach (var container in containers)
        {
            var isChanged = containers.Count == 1 || container.Text("name") == _step.Container;
            units += (isChanged ? _step.Cpu : null) ?? Number(container, "cpu") ?? 0;
            var most = (isChanged ? _step.Memory : null) ?? Number(container, "memory");
            var least = Number(container, "memoryReservation");
            needed += least ?? most ?? 0;
            if (most < least)
            {
                _faults.Add(
                    container["memoryReservation"]!.Position,
                    $"the memoryReservation of {least} MiB is more than the container's memory of {most} MiB",
                    "less than the memory"
                );
            }
        }

        // "the total amount of CPU reserved for all containers within a task be lower than the task-level cpu value": the same page.
        if (cpu is { } ofTask && units > ofTask)
        {
            _faults.Add(
                (definition["cpu"] ?? definition).Position,
                $"the containers have {units} CPU units together, and the task has {ofTask}",
                $"a cpu of at least {units}"
            );
        }

        if (memory is { } given && needed > given)
        {
            _faults.Add(
                place,
                $"the containers need {needed} MiB together, and the task has {given}",
                $"a memory of at least {needed} MiB"
            );
        }
    }

    private void CheckStop(List<YamlMapping> containers)
    {
        foreach (var container in containers.Where(container => Number(container, "stopTimeout") > FargateDefinition.LongestStop))
        {
            _faults.Add(
                container["stopTimeout"]!.Position,
                FargateDefinition.NoStop(container.Text("stopTimeout")!),
                FargateDefinition.StopExpectation
            );
        }
    }

    private void CheckPair(YamlMapping definition, int? cpu, int? memory, SourcePosition place)
    {
        if (cpu is null || memory is null)
        {
            var missing = cpu is null ? "cpu" : "memory";
            if (definition[missing] is null)
            {
                _faults.Add(definition.Position, $"a task on Fargate needs a {missing}", $"{missing}, or task with it in the step");
            }
        }
        else if (!FargateSize.IsCpu(cpu.Value))
        {
            _faults.Add(
                _step.TaskCpu is null ? definition["cpu"]!.Position : place,
                $"Fargate has no tasks with a cpu of {cpu}",
                FargateSize.CpuExpectation
            );
        }
        else if (!FargateSize.Fits(cpu.Value, memory.Value))
        {
            _faults.Add(
                place,
                $"Fargate has no tasks with a cpu of {cpu} and a memory of {memory} MiB",
                FargateSize.MemoryExpectation(cpu.Value)
            );
        }
    }

    /// <summary>A size as a number of units, or as <c>1 vCPU</c> and <c>2 GB</c>, of which one are 1024.</summary>
    private int? Units(YamlMapping definition, string member, string unit, TargetSpec target)
    {
        if (definition.Text(member) is not { } written)
        {
            return null;
        }

        var text = DefinitionText.In(written, target);
        var isLarge = text.EndsWith(unit, StringComparison.OrdinalIgnoreCase);
        var digits = isLarge ? text[..^unit.Length].Trim() : text;
        if (
            decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1_000_000
        )
        {
            return (int)(isLarge ? number * 1024 : number);
        }

        _faults.Add(
            definition[member]!.Position,
            $"the {member} is \"{AddressCredentials.HideAndShorten(text, 40)}\"",
            member == "cpu" ? "\"1024\" or \"1 vCPU\"" : "\"2048\" or \"2 GB\""
        );
        return null;
    }

    private static int? Number(YamlMapping container, string member) =>
        int.TryParse(container.Text(member), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
