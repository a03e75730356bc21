using System.Globalization;
using System.Text;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>CloudFormation's limits (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).</summary>
internal static class TemplateLimits
{
    /// <summary>The longest name of a parameter, resource, output or mapping, in characters.</summary>
    private const int LongestName = 255;

    /// <summary>The longest description, in bytes.</summary>
    private const int LongestDescription = 1024;

    /// <summary>The longest value of a parameter, in bytes.</summary>
    public const int LongestParameterValue = 4096;

    private static readonly IReadOnlyList<(string Section, int Most)> Sections =
    [
        ("Resources", 500),
        ("Parameters", 200),
        ("Mappings", 200),
        ("Outputs", 200),
    ];

    public static void Check(YamlNode root, FaultList faults)
    {
        if (TemplateFunction.Literal(root.At("Description")) is { } description)
        {
            var bytes = Encoding.UTF8.GetByteCount(description.Value);
            if (bytes > LongestDescription)
            {
                faults.Add(
                    description.Position,
                    Invariant($"the Description has {bytes} bytes"),
                    Invariant($"at most {LongestDescription}")
                );
            }
        }
        foreach (var (section, most) in Sections)
        {
            var entries = root.Entries(section).Where(entry => !TemplateFunction.IsFunction(entry.Key.Value)).ToList();
            CheckCount(root.Entries(section), section, most, faults);
            foreach (var name in entries.Select(entry => entry.Key).Where(name => name.Value.Length > LongestName))
            {
                faults.Add(
                    name.Position,
                    Invariant($"the name \"{name.Value[..40]}…\" in {section} has {name.Value.Length} characters"),
                    Invariant($"at most {LongestName}")
                );
            }
        }
        foreach (var (key, value) in root.Entries("Mappings"))
        {
            foreach (var (name, attributes) in (value as YamlMapping)?.Entries ?? [])
            {
                if (attributes is YamlMapping { Entries.Count: > 200 } many)
                {
                    faults.Add(
                        name.Position,
                        Invariant($"\"{name.Value}\" of the mapping \"{key.Value}\" has {many.Entries.Count} attributes"),
                        "at most 200"
                    );
                }
            }
        }
    }

    private static void CheckCount(IReadOnlyList<YamlEntry> entries, string section, int most, FaultList faults)
    {
        // How many entries a macro makes is not known: those that are written are there at least.
        var count = 0;
        YamlScalar? first = null;
        foreach (var (key, value) in entries)
        {
            count +=
                TemplateLoops.IsLoop(key) ? TemplateLoops.Count(value)
                : TemplateFunction.IsFunction(key.Value) ? 0
                : 1;
            first ??= count > most ? key : null;
        }
        if (first is not null)
        {
            faults.Add(first.Position, Invariant($"{section} has {count} entries"), Invariant($"at most {most}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
