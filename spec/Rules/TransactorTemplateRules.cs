using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>
/// A template's first task definition of a transactor has a size in which it starts, by the rules of a step of the kind <c>transactor</c>.
/// It is recognised by the variable that the start script of <c>examples/transactor/image</c> takes the heap from.
/// </summary>
public static class TransactorTemplateRules
{
    private const string Heap = "DATOMIC_HEAP";
    private const string Property = "DATOMIC_PROPERTY_";

    private const string TaskDefinition = "AWS::ECS::TaskDefinition";

    /// <summary>What is wrong with it where every value of a parameter is known.</summary>
    /// <param name="spec">The service.</param>
    /// <param name="stack">The step whose template it is.</param>
    /// <param name="target">The target.</param>
    /// <param name="template">The template.</param>
    /// <param name="file">Its file or address.</param>
    /// <param name="parameter">The value of a parameter; <see langword="null"/> where it has its default, or is not known.</param>
    public static IReadOnlyList<Fault> Faults(
        ServiceSpec spec,
        StackStep stack,
        TargetSpec target,
        string template,
        string file,
        Func<string, string?> parameter
    )
    {
        // Most templates have none, and need not be read once more.
        if (!template.Contains(Heap, StringComparison.Ordinal) || TemplateText.Read(template, file, new FaultList()) is not { } root)
        {
            return [];
        }

        var values = new TemplateValues(name => parameter(name) ?? MappingUseRules.Default(root, name));
        var found = new FaultList();
        foreach (var transactor in Transactors(root))
        {
            found.AddRange(Faults(spec, stack, target, transactor, values));
        }

        found.AddRange(SameSubnet(stack, root, values));
        return found.InOrder();
    }

    /// <summary>Checks it in each target with what the step gives; what only defaults make wrong is a notice.</summary>
    internal static void Check(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            faults.AddRange(SameSubnet(stack, root, MappingUseRules.ValuesIn(spec, stack, root, target)));
        }

        foreach (var transactor in Transactors(root))
        {
            foreach (var target in spec.Targets)
            {
                var found = Faults(spec, stack, target, transactor, MappingUseRules.ValuesIn(spec, stack, root, target));
                faults.AddRange(found);
                if (found.Count > 0)
                {
                    // With other values the defaults would have other faults: one thing is corrected at a time.
                    continue;
                }

                foreach (
                    var other in Faults(spec, stack, target, transactor, MappingUseRules.ValuesWithDefaults(spec, stack, root, target))
                )
                {
                    // A stack that exists keeps its own values, with which it is judged when it is planned.
                    faults.AddNotice(
                        other.Position,
                        $"{other.Problem}, by values of which some are defaults of the template; expected {other.Expected}: only a stack "
                            + "that has others already can be updated"
                    );
                }
            }
        }
    }

    // The task definition's properties, and the variables of its container with a transactor.
    private sealed record Transactor(YamlNode Properties, Dictionary<string, YamlNode> Variables);

    private static List<Transactor> Transactors(YamlNode root) =>
        [
            .. from resource in root.Entries("Resources").Select(entry => entry.Value)
            where resource.Text("Type") == TaskDefinition
            let properties = resource.At("Properties")
            where properties is not null
            from container in properties.Items("ContainerDefinitions")
            let variables = Variables(container)
            where variables.ContainsKey(Heap)
            select new Transactor(properties, variables),
        ];

    /// <summary>
    /// That both services are in one subnet, and so in one zone: the loss of it would end the active transactor and its standby.
    /// https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html: a subnet is of one zone.
    /// </summary>
    private static IReadOnlyList<Fault> SameSubnet(StackStep stack, YamlNode root, TemplateValues values)
    {
        var definitions = root.Entries("Resources")
            .Where(resource =>
                resource.Value.Text("Type") == TaskDefinition
                && resource.Value.At("Properties") is { } properties
                && properties.Items("ContainerDefinitions").Any(container => Variables(container).ContainsKey(Heap))
            )
            .Select(resource => resource.Key.Value)
            .ToList();
        var faults = new FaultList();
        var seen = new List<string>();
        foreach (var (_, resource) in root.Entries("Resources"))
        {
            if (
                resource.Text("Type") != "AWS::ECS::Service"
                || resource.At("Properties") is not { } properties
                || properties.At("TaskDefinition") is not { } definition
                || TemplateFunction.Split(definition) is not ("Ref", YamlScalar name)
                || !definitions.Contains(name.Value)
                || properties.At("NetworkConfiguration")?.At("AwsvpcConfiguration")?.Items("Subnets").ToList() is not [var subnet]
                || values.Of(subnet) is not { Length: > 0 } id
            )
            {
                continue;
            }

            if (seen.Contains(id))
            {
                faults.Add(
                    PositionOf(stack, subnet),
                    $"both services of the transactor are in the subnet {id}, and the loss of its zone would end both",
                    "a subnet of another zone for each"
                );
            }

            seen.Add(id);
        }

        return faults.InOrder();
    }

    /// <summary>Where a value is written: where the file gives it, it is wrong there.</summary>
    private static SourcePosition PositionOf(StackStep stack, YamlNode node) =>
        TemplateFunction.Split(node) is ("Ref", YamlScalar name) && stack.Parameters.TryGetValue(name.Value, out var given)
            ? given.Position
            : node.Position;

    private static Dictionary<string, YamlNode> Variables(YamlNode container) =>
        container
            .Items("Environment")
            .Where(variable => variable.Text("Name") is not null && variable.At("Value") is not null)
            .DistinctBy(variable => variable.Text("Name"))
            .ToDictionary(variable => variable.Text("Name")!, variable => variable.At("Value")!, StringComparer.Ordinal);

    private static IReadOnlyList<Fault> Faults(
        ServiceSpec spec,
        StackStep stack,
        TargetSpec target,
        Transactor transactor,
        TemplateValues values
    )
    {
        var own = new FaultList();
        var none = Written(null);
        var step = new TransactorStep(
            stack.Name,
            stack.Position,
            [],
            none,
            none,
            none,
            none,
            none,
            new TransactorSize(Written("Cpu"), Written("Memory"), Value(transactor.Variables[Heap]))
        )
        {
            Mode = none,
            Table = none,
            LogGroup = none,
            Properties = transactor
                .Variables.Where(variable => variable.Key.StartsWith(Property, StringComparison.Ordinal))
                .ToDictionary(
                    variable => variable.Key[Property.Length..].ToLowerInvariant().Replace('_', '-'),
                    variable => Value(variable.Value),
                    StringComparer.Ordinal
                ),
        };
        var inTarget = new TransactorInTarget(spec, target, step, own);
        TransactorMemoryRules.Check(inTarget);
        TransactorPropertyRules.CheckLimits(inTarget);
        return own.InOrder();

        Expression Written(string? member) =>
            member is not null && transactor.Properties.At(member) is { } node
                ? Value(node)
                : new Expression(stack.Position, string.Empty, []);

        Expression Value(YamlNode node)
        {
            var position = PositionOf(stack, node);
            // What is not known has no text; what is known to be empty has one.
            return values.Of(node) is { } text
                ? new Expression(position, text.Length == 0 ? "\"\"" : text, [new Literal(text)])
                : new Expression(position, string.Empty, []);
        }
    }
}
