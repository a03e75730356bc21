using System.Text.RegularExpressions;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Evaluates what of a template can be known without executing it: texts, <c>Ref</c> of parameters, <c>Fn::Sub</c> and <c>Fn::Join</c>.
/// </summary>
/// <param name="value">The value of a parameter or pseudo parameter; null for everything else.</param>
internal sealed partial class TemplateValues(Func<string, string?> value)
{
    /// <summary>The text of a node; null where it is not known.</summary>
    public string? Of(YamlNode node) =>
        TemplateFunction.Split(node) switch
        {
            (null, YamlScalar scalar) => scalar.Value,
            ("Ref", YamlScalar name) => value(name.Value),
            ("Sub", YamlScalar text) => Substituted(text.Value, null),
            ("Sub", YamlSequence { Items: [YamlScalar text, YamlMapping names] }) => Substituted(text.Value, names),
            ("Join", YamlSequence { Items: [YamlScalar delimiter, YamlSequence parts] }) when parts.Tag is null => Joined(
                delimiter.Value,
                [.. parts.Items.Select(Of)]
            ),
            _ => null,
        };

    /// <summary>The names that a node refers to by <c>Ref</c>, or by <c>Fn::Sub</c> without an attribute.</summary>
    public static IReadOnlySet<string> Refs(YamlNode? node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(node, names);
        return names;
    }

    private static void Collect(YamlNode? node, HashSet<string> names)
    {
        if (node is null)
        {
            return;
        }

        var (function, argument) = TemplateFunction.Split(node);
        switch (function, argument)
        {
            case ("Ref", YamlScalar name):
                names.Add(name.Value);
                break;
            case ("Sub", YamlScalar text):
                names.UnionWith(Named(text.Value));
                break;
            case (_, YamlMapping map):
                map.Entries.ToList().ForEach(entry => Collect(entry.Value, names));
                break;
            case ("Sub", YamlSequence { Items: [YamlScalar text, YamlMapping given] }):
                names.UnionWith(Named(text.Value).Where(name => given[name] is null));
                Collect(given, names);
                break;
            case (_, YamlSequence list):
                list.Items.ToList().ForEach(item => Collect(item, names));
                break;
        }
    }

    /// <summary>The names in a text of <c>Fn::Sub</c> that stand without an attribute.</summary>
    private static IEnumerable<string> Named(string text) =>
        Variables()
            .Matches(text)
            .Select(match => match.Groups["name"].Value.Trim())
            .Where(name => !name.Contains('.', StringComparison.Ordinal));

    private string? Substituted(string text, YamlMapping? names)
    {
        var known = true;
        var result = Variables()
            .Replace(
                text,
                match =>
                {
                    var name = match.Groups["name"].Value.Trim();
                    var found = names?[name] is { } given ? Of(given) : value(name);
                    known &= found is not null;
                    return found ?? string.Empty;
                }
            );
        return known ? result.Replace("${!", "${", StringComparison.Ordinal) : null;
    }

    private static string? Joined(string delimiter, IReadOnlyList<string?> parts) =>
        parts.Contains(null) ? null : string.Join(delimiter, parts);

    /// <summary><c>${NAME}</c>; <c>${!NAME}</c> stands for itself.</summary>
    [GeneratedRegex(@"\$\{(?<name>[^!}][^}]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Variables();
}
