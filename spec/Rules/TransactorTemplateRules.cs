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
internal static class TransactorTemplateRules
{
    private const string Heap = "DATOMIC_HEAP";
    private const string Property = "DATOMIC_PROPERTY_";

    private const string TaskDefinition = "AWS::ECS::TaskDefinition";

    /// <summary>Checks it in each target with what the step gives; what only defaults make wrong is a notice.</summary>
    public static void Check(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
        foreach (var resource in root.Entries("Resources").Select(entry => entry.Value))
        {
            if (resource.Text("Type") != TaskDefinition || resource.At("Properties") is not { } properties)
            {
                continue;
            }

            foreach (var container in properties.Items("ContainerDefinitions"))
            {
                var variables = container
                    .Items("Environment")
                    .Where(variable => variable.Text("Name") is not null && variable.At("Value") is not null)
                    .DistinctBy(variable => variable.Text("Name"))
                    .ToDictionary(variable => variable.Text("Name")!, variable => variable.At("Value")!, StringComparer.Ordinal);
                if (variables.ContainsKey(Heap))
                {
                    Check(spec, stack, root, properties, variables, faults);
                }
            }
        }
    }

    private static void Check(
        ServiceSpec spec,
        StackStep stack,
        YamlNode root,
        YamlNode properties,
        Dictionary<string, YamlNode> variables,
        FaultList faults
    )
    {
        foreach (var target in spec.Targets)
        {
            var found = Faults(MappingUseRules.ValuesIn(spec, stack, root, target));
            faults.AddRange(found);
            foreach (var other in Faults(MappingUseRules.ValuesWithDefaults(spec, stack, root, target)).Except(found))
            {
                // A stack that exists keeps its own values.
                faults.AddNotice(
                    other.Position,
                    $"{other.Problem}, by values of which some are defaults of the template; expected {other.Expected}: only a stack that "
                        + "has others already can be updated"
                );
            }

            List<Fault> Faults(TemplateValues values)
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
                    new TransactorSize(Written("Cpu"), Written("Memory"), Value(variables[Heap]))
                )
                {
                    Mode = none,
                    Table = none,
                    LogGroup = none,
                    Properties = variables
                        .Where(variable => variable.Key.StartsWith(Property, StringComparison.Ordinal))
                        .ToDictionary(
                            variable => variable.Key[Property.Length..].ToLowerInvariant().Replace('_', '-'),
                            variable => Value(variable.Value),
                            StringComparer.Ordinal
                        ),
                };
                TransactorMemoryRules.Check(new TransactorInTarget(spec, target, step, own));
                return [.. own.InOrder()];

                Expression Written(string? member) =>
                    member is not null && properties.At(member) is { } node
                        ? Value(node)
                        : new Expression(stack.Position, string.Empty, []);

                Expression Value(YamlNode node)
                {
                    var text = values.Of(node) ?? string.Empty;
                    // Where the file gives the value, it is wrong there.
                    var position =
                        TemplateFunction.Split(node) is ("Ref", YamlScalar name) && stack.Parameters.TryGetValue(name.Value, out var given)
                            ? given.Position
                            : node.Position;
                    return new Expression(position, text, [new Literal(text)]);
                }
            }
        }
    }
}
