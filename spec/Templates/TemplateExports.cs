using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>An output that a template exports.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Export">The export's name; null where it is not known before the template is executed.</param>
/// <param name="Value">What is exported; null where that is not known before.</param>
/// <param name="IsConditional">Whether a condition decides if the output is there.</param>
/// <param name="Refs">The logical ids and parameters to which the value refers by <c>Ref</c>.</param>
/// <param name="Position">Where it is written.</param>
public sealed record TemplateExport(
    string Output,
    string? Export,
    string? Value,
    bool IsConditional,
    IReadOnlySet<string> Refs,
    SourcePosition Position
);

/// <summary>Reads what a template exports.</summary>
public static class TemplateExports
{
    /// <summary>The exports; null when the template cannot be read or a macro may add some.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="value">The value of a parameter or pseudo parameter, or null.</param>
    public static IReadOnlyList<TemplateExport>? Read(string text, string file, Func<string, string?> value)
    {
        // SAM's transform adds resources only.
        if (
            TemplateText.Read(text, file, new FaultList()) is not { } root
            || root.At("Transform") is not (null or YamlScalar { Value: "AWS::Serverless-2016-10-31" })
            || root.Entries("Outputs").Any(output => output.Key.Value.StartsWith("Fn::", StringComparison.Ordinal))
        )
        {
            return null;
        }

        var resources = root.Entries("Resources").Select(resource => resource.Key.Value).ToHashSet();
        var known = new TemplateValues(name =>
            resources.Contains(name) ? null : value(name) ?? root.At("Parameters")?.At(name)?.Text("Default")
        );
        return
        [
            .. from output in root.Entries("Outputs")
            let name = output.Value.At("Export")?.At("Name")
            where name is not null
            let exported = output.Value.At("Value")
            select new TemplateExport(
                output.Key.Value,
                known.Of(name),
                exported is null ? null : known.Of(exported),
                output.Value.At("Condition") is not null,
                TemplateValues.Refs(exported),
                output.Key.Position
            ),
        ];
    }
}
