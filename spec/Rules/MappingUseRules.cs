using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>
/// What <c>Fn::FindInMap</c> looks up is in the map for every target: the keys that are its account, its region, and the values of
/// parameters. CloudFormation fails otherwise: "Template error: Unable to get mapping for …"
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html).
/// </summary>
internal static class MappingUseRules
{
    /// <param name="spec">The service.</param>
    /// <param name="stack">The step whose template it is.</param>
    /// <param name="root">The template.</param>
    /// <param name="faults">Receives what is not in a map.</param>
    public static void Check(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
        if (TemplateNames.Read(root).MayGrow("Mappings"))
        {
            return;
        }
        var lookups = Certain(root).SelectMany(Lookups).ToList();
        foreach (var target in spec.Targets)
        {
            var given = ValuesIn(spec, stack, root, target);
            var withDefaults = ValuesWithDefaults(spec, stack, root, target);
            foreach (var (map, keys) in lookups)
            {
                if (root.At("Mappings")?.At(map.Value) is not YamlMapping { Tag: null } mapping || HoldsFunction(mapping))
                {
                    continue;
                }
                if (Missing(mapping, map.Value, keys, given) is var (position, problem))
                {
                    faults.Add(position, $"{problem} in the target \"{target.Name}\"", "a key of the mapping");
                }
                else if (Missing(mapping, map.Value, keys, withDefaults) is var (place, missing))
                {
                    // A stack that exists keeps its own value.
                    faults.AddNotice(
                        place,
                        $"{missing} by default, and the step \"{stack.Name}\" gives no value: "
                            + "only a stack that has another value already can be updated"
                    );
                }
            }
        }
    }

    /// <summary>What is known of a template's parameters and pseudo parameters in a target.</summary>
    public static TemplateValues ValuesIn(ServiceSpec spec, StackStep stack, YamlNode root, TargetSpec target) =>
        new(name => Given(spec, stack, root, target, name));

    /// <summary>The same, where parameters that the step does not give have their defaults, as those of a new stack have.</summary>
    public static TemplateValues ValuesWithDefaults(ServiceSpec spec, StackStep stack, YamlNode root, TargetSpec target) =>
        new(name => Given(spec, stack, root, target, name) ?? Default(root, name));

    // What is evaluated whatever the conditions are.
    private static IEnumerable<YamlNode> Certain(YamlNode root) =>
        root.Entries("Conditions")
            .Select(condition => condition.Value)
            .Concat(
                root.Entries("Resources")
                    .Where(resource => resource.Value.At("Condition") is null)
                    .Select(resource => resource.Value.At("Properties"))
                    .OfType<YamlNode>()
            )
            .Concat(root.Entries("Outputs").Select(output => output.Value).Where(output => output.At("Condition") is null));

    private static IEnumerable<(YamlScalar Map, (YamlNode First, YamlNode Second) Keys)> Lookups(YamlNode node)
    {
        var (function, argument) = TemplateFunction.Split(node);
        return (function, argument) switch
        {
            ("If", _) => [],
            // With a default, a key need not be there.
            ("FindInMap", YamlSequence { Items: [YamlScalar { Tag: null } map, var first, var second] }) => [(map, (first, second))],
            ({ } loop, _) when loop.StartsWith("ForEach", StringComparison.Ordinal) => [],
            (null, YamlMapping map) => map
                .Entries.Where(entry => !entry.Key.Value.StartsWith("Fn::ForEach", StringComparison.Ordinal))
                .SelectMany(entry => Lookups(entry.Value)),
            _ => TemplateFunction.Parts(node).SelectMany(Lookups),
        };
    }

    private static bool HoldsFunction(YamlMapping mapping) =>
        mapping.Entries.Any(entry =>
            TemplateFunction.IsFunction(entry.Key.Value)
            || entry.Value is YamlMapping inner && inner.Entries.Any(attribute => TemplateFunction.IsFunction(attribute.Key.Value))
        );

    // Keys that are written as they are, the template's own check has looked at.
    private static (SourcePosition Position, string Problem)? Missing(
        YamlMapping mapping,
        string name,
        (YamlNode First, YamlNode Second) keys,
        TemplateValues values
    )
    {
        if (values.Of(keys.First) is not { } top)
        {
            return null;
        }
        if (mapping[top] is not { } attributes)
        {
            return keys.First is YamlScalar { Tag: null } ? null : (keys.First.Position, $"the mapping \"{name}\" has no \"{top}\"");
        }
        return
            values.Of(keys.Second) is { } attribute
            && attributes is YamlMapping known
            && known[attribute] is null
            && !(keys.First is YamlScalar { Tag: null } && keys.Second is YamlScalar { Tag: null })
            ? (keys.Second.Position, $"\"{top}\" of the mapping \"{name}\" has no \"{attribute}\"")
            : null;
    }

    private static string? Given(ServiceSpec spec, StackStep stack, YamlNode root, TargetSpec target, string name) =>
        name switch
        {
            "AWS::AccountId" => target.Account,
            "AWS::Region" => target.Region,
            "AWS::Partition" => null,
            _ => Shown(root, name) && stack.Parameters.TryGetValue(name, out var given)
                ? given.Evaluate(spec.Resolver(target)).Value
                : null,
        };

    /// <summary>What a parameter has by default; <see langword="null"/> for one that is hidden, or has none.</summary>
    public static string? Default(YamlNode root, string name) =>
        Shown(root, name) && TemplateFunction.Literal(root.At("Parameters")?.At(name)?.At("Default")) is { } given
            ? TemplateScalars.Text(given)
            : null;

    // A value that is hidden stands in no message, and one of the Parameter Store is a name.
    private static bool Shown(YamlNode root, string name) =>
        root.At("Parameters")?.At(name) is { } declared
        && !TemplateParameter.HidesValues(declared)
        && declared.Text("Type")?.StartsWith("AWS::SSM::", StringComparison.Ordinal) != true;
}
