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

        return found.InOrder();
    }

    /// <summary>Checks it in each target with what the step gives; what only defaults make wrong is a notice.</summary>
    internal static void Check(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
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
            // Where the file gives the value, it is wrong there.
            var position =
                TemplateFunction.Split(node) is ("Ref", YamlScalar name) && stack.Parameters.TryGetValue(name.Value, out var given)
                    ? given.Position
                    : node.Position;
            // What is not known has no text; what is known to be empty has one.
            return values.Of(node) is { } text
                ? new Expression(position, text.Length == 0 ? "\"\"" : text, [new Literal(text)])
                : new Expression(position, string.Empty, []);
        }
    }
}
