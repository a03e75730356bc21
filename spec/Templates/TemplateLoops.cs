using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// <c>Fn::ForEach::NAME: [ identifier, collection, what is repeated ]</c>
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html).
/// </summary>
internal static class TemplateLoops
{
    private const string Prefix = "Fn::ForEach";
    private const string Layout = "a list of an identifier, a collection and a map of what is repeated";

    /// <summary>Whether a key is that of a loop.</summary>
    public static bool IsLoop(YamlScalar key) => key.Value.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The entries of a section, with what its loops repeat in their place, as it is written.</summary>
    public static IEnumerable<YamlEntry> Repeated(IEnumerable<YamlEntry> entries) =>
        entries.SelectMany(entry =>
            !IsLoop(entry.Key) ? [entry]
            : entry.Value is YamlSequence { Items: [_, _, YamlMapping repeated] } ? Repeated(repeated.Entries)
            : []
        );

    /// <summary>
    /// How many entries a loop makes at least: as many as the items that are written, each time all that is repeated; none where the items
    /// are not written in the template.
    /// </summary>
    public static int Count(YamlNode loop) =>
        loop is YamlSequence { Items: [_, YamlSequence { Tag: null } items, YamlMapping repeated] }
            ? items.Items.Count * repeated.Entries.Sum(entry => IsLoop(entry.Key) ? Count(entry.Value) : 1)
            : 0;

    /// <summary>Reports loops that CloudFormation refuses, wherever they stand.</summary>
    public static void Check(YamlNode root, FaultList faults)
    {
        var names = TemplateNames.Read(root);
        if (!names.IsOpen)
        {
            Walk(root, names.UsesExtensions, faults);
        }
    }

    private static void Walk(YamlNode node, bool areAllowed, FaultList faults)
    {
        foreach (var (key, value) in (node as YamlMapping)?.Entries ?? [])
        {
            if (IsLoop(key))
            {
                CheckLoop(key, value, areAllowed, faults);
            }
            Walk(value, areAllowed, faults);
        }
        foreach (var item in (node as YamlSequence)?.Items ?? [])
        {
            Walk(item, areAllowed, faults);
        }
    }

    private static void CheckLoop(YamlScalar key, YamlNode loop, bool areAllowed, FaultList faults)
    {
        if (!areAllowed)
        {
            faults.Add(
                key.Position,
                $"{key.Value} is used in a template without the transform AWS::LanguageExtensions",
                "Transform: AWS::LanguageExtensions"
            );
        }
        else if (key.Value.Split("::") is not ["Fn", "ForEach", { Length: > 0 } name] || !name.All(char.IsAsciiLetterOrDigit))
        {
            faults.Add(key.Position, $"the loop {key.Value} has no name of letters and digits", "Fn::ForEach::NAME");
        }
        else if (
            loop is not YamlSequence { Tag: null, Items: [var identifier, var collection, YamlMapping { Entries.Count: > 0 }] }
            || TemplateFunction.Literal(identifier) is not { Value.Length: > 0 }
            || TemplateFunction.Literal(collection) is not null
        )
        {
            var parts = (loop as YamlSequence)?.Items.Count;
            var problem = parts is null or 3
                ? "is not laid out as a loop"
                : string.Create(CultureInfo.InvariantCulture, $"has {parts} parts");
            faults.Add(key.Position, $"{key.Value} {problem}", Layout);
        }
        else if (collection is YamlSequence { Tag: null } items && ((YamlMapping)((YamlSequence)loop).Items[2]).Entries.Any(IsOncePerItem))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var item in items.Items.Select(TemplateFunction.Literal).OfType<YamlScalar>().Where(item => !seen.Add(item.Value)))
            {
                faults.Add(
                    item.Position,
                    $"{key.Value} goes over \"{item.Value}\" more than once",
                    "each item once: it gives one key to each"
                );
            }
        }

        bool IsOncePerItem(YamlEntry entry) => !IsLoop(entry.Key);
    }
}
