using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>A resource whose name the template chooses, so that there cannot be two of it at once.</summary>
/// <param name="LogicalId">The resource.</param>
/// <param name="Type">Its type.</param>
/// <param name="Property">The property that names it, such as <c>RoleName</c>.</param>
/// <param name="Name">The name; null where it is not known before the template is executed.</param>
/// <param name="Position">Where it is written.</param>
public sealed record CustomName(string LogicalId, string Type, string Property, string? Name, SourcePosition Position)
{
    /// <summary>Whether the resource is there only where a condition holds.</summary>
    public bool IsConditional { get; init; }
}

/// <summary>Finds the resources that a template names itself.</summary>
public static class CustomNames
{
    /// <summary>The resources that a template names; none of one that cannot be read.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="value">The value of a parameter or pseudo parameter, or null.</param>
    public static IReadOnlyList<CustomName> Read(string text, string file, Func<string, string?> value)
    {
        if (TemplateText.Read(text, file, new FaultList()) is not { } root)
        {
            return [];
        }
        var resources = root.Entries("Resources").Select(resource => resource.Key.Value).ToHashSet();
        var known = new TemplateValues(name =>
            resources.Contains(name) ? null : value(name) ?? root.At("Parameters")?.At(name)?.Text("Default")
        );
        var conditions = new TemplateConditions(
            root,
            new TemplateValues(name =>
                value(name) is { } given
                    ? IsKnown(given)
                        ? given
                        : null
                    : root.At("Parameters")?.At(name) is { } declared && !TemplateParameter.HidesValues(declared)
                        ? declared.Text("Default")
                        : null
            )
        );

        // A branch of a condition can be AWS::NoValue, and then there is no name.
        YamlNode? Chosen(YamlNode? name) =>
            name is null
                ? null
                : TemplateFunction.Split(name) switch
                {
                    ("Ref", YamlScalar { Value: "AWS::NoValue" }) => null,
                    ("If", YamlSequence { Items: [YamlScalar condition, var yes, var no] }) => conditions.Constant(condition.Value) switch
                    {
                        true => Chosen(yes),
                        false => Chosen(no),
                        // Named in any case, and which of the names it has is not known.
                        null => Chosen(yes) is not null && Chosen(no) is not null ? name : null,
                    },
                    _ => name,
                };

        return
        [
            .. from resource in root.Entries("Resources")
            let type = resource.Value.Text("Type") ?? string.Empty
            where NamedTypes.Properties.ContainsKey(type)
            let property = NamedTypes.Properties[type]
            let name = Chosen(resource.Value.At("Properties")?.At(property))
            where name is not null
            select new CustomName(resource.Key.Value, type, property, known.Of(name), name.Position)
            {
                IsConditional = resource.Value.At("Condition") is not null,
            },
        ];
    }

    // A caller may have something stand in a name for what is not known.
    private static bool IsKnown(string value) => !value.Contains('\0', StringComparison.Ordinal);
}
