using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>Finds resources that wait for each other, which CloudFormation refuses: "Circular dependency between resources".</summary>
internal static class TemplateCycles
{
    public static void Check(YamlNode root, FaultList faults)
    {
        if (TemplateNames.Read(root).MayGrow("Resources"))
        {
            return;
        }
        // A condition can leave a resource out, and with it the cycle.
        var resources = root.Entries("Resources")
            .Where(entry => entry.Value.At("Condition") is null)
            .ToDictionary(entry => entry.Key.Value, entry => entry);
        var waits = resources.ToDictionary(
            resource => resource.Key,
            resource => new HashSet<string>(Needed(resource.Value.Value).Where(resources.ContainsKey))
        );
        if (TemplateCircle.Find(waits) is { Count: > 0 } circle)
        {
            faults.Add(
                resources[circle[0]].Key.Position,
                circle.Count == 1
                    ? $"the resource {circle[0]} waits for itself"
                    : $"the resources {string.Join(", ", circle)} wait for each other",
                "an order in which each resource comes after those that it names"
            );
        }
    }

    private static IEnumerable<string> Needed(YamlNode resource) =>
        Texts(resource.At("DependsOn")).Concat(resource.At("Properties") is { } properties ? Named(properties) : []);

    private static IEnumerable<string> Texts(YamlNode? node) =>
        node switch
        {
            YamlScalar text => [text.Value],
            YamlSequence several => several.Items.OfType<YamlScalar>().Select(item => item.Value),
            _ => [],
        };

    private static IEnumerable<string> Named(YamlNode node)
    {
        var (function, argument) = TemplateFunction.Split(node);
        switch (function, argument)
        {
            // Which branch is taken, the conditions decide.
            case ("If", _):
                return [];
            case ("Ref", YamlScalar name):
                return [name.Value];
            case ("GetAtt", YamlScalar text):
                return [text.Value.Split('.')[0]];
            case ("GetAtt", YamlSequence { Items: [YamlScalar { Tag: null } resource, ..] }):
                return [resource.Value];
            case ("Sub", YamlScalar text):
                return TemplateReferences.VariablesIn(text.Value).Select(name => name.Split('.')[0]);
            case ("Sub", YamlSequence { Items: [YamlScalar { Tag: null } text, YamlMapping values, ..] }):
                return TemplateReferences
                    .VariablesIn(text.Value)
                    .Where(name => values[name] is null)
                    .Select(name => name.Split('.')[0])
                    .Concat(values.Entries.SelectMany(entry => Named(entry.Value)));
            default:
                return TemplateFunction.Parts(node).SelectMany(Named);
        }
    }
}
