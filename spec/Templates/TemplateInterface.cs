using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>What a template takes from and gives to others.</summary>
/// <param name="Parameters">The names of its parameters.</param>
/// <param name="Required">Those of them that have no default.</param>
/// <param name="Outputs">The names of its outputs; those of a condition are among them.</param>
/// <param name="Imports">
/// The names of the exports that it imports, as far as they are known before the template is executed.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
/// </param>
public sealed record TemplateInterface(
    IReadOnlySet<string> Parameters,
    IReadOnlySet<string> Required,
    IReadOnlySet<string> Outputs,
    IReadOnlySet<string> Imports
)
{
    /// <summary>Reads a template; <see langword="null"/> when it cannot be read.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="value">The value of a parameter or pseudo parameter, or null.</param>
    public static TemplateInterface? Read(string text, string file, Func<string, string?> value)
    {
        if (TemplateText.Read(text, file, new FaultList()) is not { } root)
        {
            return null;
        }

        var known = new TemplateValues(name => value(name) ?? root.At("Parameters")?.At(name)?.Text("Default"));
        var imports = new HashSet<string>(StringComparer.Ordinal);
        Collect(root, known, imports);
        return new TemplateInterface(
            root.Entries("Parameters").Select(parameter => parameter.Key.Value).ToHashSet(StringComparer.Ordinal),
            root.Entries("Parameters")
                .Where(parameter => parameter.Value.At("Default") is null)
                .Select(parameter => parameter.Key.Value)
                .ToHashSet(StringComparer.Ordinal),
            root.Entries("Outputs").Select(output => output.Key.Value).ToHashSet(StringComparer.Ordinal),
            imports
        );
    }

    private static void Collect(YamlNode node, TemplateValues known, HashSet<string> imports)
    {
        if (TemplateFunction.Split(node) is ("ImportValue", var name))
        {
            // In the short form the argument carries the function's own tag.
            if (known.Of(node.Tag is null ? name : name with { Tag = null }) is { } export)
            {
                imports.Add(export);
            }

            return;
        }

        switch (node)
        {
            case YamlMapping map:
                map.Entries.ToList().ForEach(entry => Collect(entry.Value, known, imports));
                break;
            case YamlSequence list:
                list.Items.ToList().ForEach(item => Collect(item, known, imports));
                break;
        }
    }
}
