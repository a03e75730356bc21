using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>The nodes of a schedule file, read one by one; what is wrong with them is collected.</summary>
/// <param name="path">The file.</param>
/// <param name="names">What it may name.</param>
internal sealed partial class ScheduleNodes(string path, ScheduleNames names)
{
    /// <summary>The keys of each mapping, as <c>docs/schedule.schema.json</c> has them too.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<string, IReadOnlyList<string>>
    {
        ["file"] = ["people", "schedule"],
        ["person"] = ["may"],
        ["act"] = ["who", "when", "do"],
        ["when"] = ["at", "begins", "ends", "closes", "occurrence", "request", "of", "invocation", "operation", "wait"],
        ["stop"] = ["deployment"],
        ["redrive"] = ["deployment"],
        ["deploy"] = ["service", "steps"],
        ["approve"] = ["plan", "reason"],
        ["reject"] = ["plan", "reason"],
        ["createChangeSet"] = ["stack", "name", "parameters", "tags"],
        ["executeChangeSet"] = ["stack", "name"],
        ["changeStack"] = ["stack", "parameters", "tags"],
        ["deleteStack"] = ["stack"],
        ["moveAlias"] = ["function", "alias", "version"],
        ["setVariables"] = ["function", "variables"],
        ["changeResource"] = ["stack", "resource", "properties"],
        ["turnOff"] = ["group"],
        ["delay"] = ["by"],
        ["pause"] = ["for"],
        ["readStale"] = ["operation", "for"],
        ["kill"] = ["function"],
    };

    /// <summary>What can be done.</summary>
    public static readonly IReadOnlyList<string> Verbs = [.. Keys.Keys.Except(["file", "person", "act", "when"])];

    private readonly List<string> _faults = [];

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>What it may name.</summary>
    public ScheduleNames Names => names;

    /// <summary>What is wrong in it so far, in the order in which it was found.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>A mapping of a kind, its keys known; <see langword="null"/>, with a fault, for anything else.</summary>
    public YamlMappingNode? Map(YamlNode node, string kind, string expected)
    {
        if (node is not YamlMappingNode map)
        {
            Fault(node, expected.StartsWith("expected", StringComparison.Ordinal) ? $"not a mapping; {expected}" : expected);
            return null;
        }

        foreach (var key in map.Children.Keys)
        {
            if ((key as YamlScalarNode)?.Value is not { } name || !Keys[kind].Contains(name))
            {
                Fault(key, $"unknown key '{Text(key) ?? "which is not a text"}'; expected {string.Join(", ", Keys[kind])}");
            }
        }

        return map;
    }

    /// <summary>The entries of a mapping of names; none, with a fault, for anything else.</summary>
    public IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(YamlNode node)
    {
        if (node is YamlMappingNode { Children.Count: > 0 } map)
        {
            return map.Children;
        }

        Fault(node, "expected a mapping of names");
        return [];
    }

    /// <summary>The value of a key; <see langword="null"/>, with a fault, when it is missing.</summary>
    public YamlNode? Required(YamlMappingNode map, string key)
    {
        var found = Find(map, key);
        if (found is null)
        {
            Fault(map, $"the key '{key}' is missing");
        }

        return found;
    }

    /// <summary>The value of a key, or <see langword="null"/>.</summary>
    public static YamlNode? Find(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>A length of time; <see langword="null"/>, with a fault, for anything else.</summary>
    public TimeSpan? Time(YamlNode node)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (text.StartsWith('-'))
        {
            Fault(node, $"{text} is negative; {ScheduleTime.Expected}");
            return null;
        }

        var time = ScheduleTime.Parse(text);
        if (time is null || time > ScheduleTime.Longest)
        {
            var what = time is null ? "no length of time" : $"more than {ScheduleTime.Text(ScheduleTime.Longest)}";
            Fault(node, $"'{text}' is {what}; {ScheduleTime.Expected}");
            return null;
        }

        return time;
    }

    /// <summary>A whole number from 1; <see langword="null"/>, with a fault, for anything else.</summary>
    public int? Count(YamlNode node)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        Fault(node, $"'{text}' is no count; expected a whole number from 1");
        return null;
    }

    /// <summary>A text of a form; <see langword="null"/>, with a fault, for anything else.</summary>
    public string? Name(YamlNode node, Regex pattern, string expected)
    {
        if (Value(node) is not { } text)
        {
            return null;
        }

        if (pattern.IsMatch(text))
        {
            return text;
        }

        Fault(node, $"'{text}' is not {expected}");
        return null;
    }

    /// <summary>The texts of a list, each of a form; those that are not are faults.</summary>
    public IEnumerable<(string Text, YamlNode Node)> Texts(YamlNode node, string expected, Regex pattern)
    {
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
        {
            return
            [
                .. list.Children.Select(item => (Text: Name(item, pattern, expected)!, Node: item)).Where(item => item.Text is not null),
            ];
        }

        Fault(node, $"expected a list, each {expected}");
        return [];
    }

    /// <summary>Whether a name is known; a fault when it is not.</summary>
    public bool Known(YamlNode node, string kind, string name, IReadOnlyList<string> known)
    {
        if (known.Contains(name))
        {
            return true;
        }

        var problem = Names.Absent.Contains(name) ? $"no step of the service has the task '{name}'" : $"there is no {kind} '{name}'";
        Fault(node, $"{problem}; expected one of {string.Join(", ", known)}");
        return false;
    }

    /// <summary>A text, its <c>${…}</c> replaced.</summary>
    public string? Value(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text })
        {
            Fault(node, "expected a text");
            return null;
        }

        foreach (Match match in Variable().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (!Names.Values.TryGetValue(name, out var value))
            {
                Fault(node, $"${{{name}}} is not known; expected one of {string.Join(", ", Names.Values.Keys)}");
                return null;
            }

            text = text.Replace(match.Value, value, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A text as it is written, or <see langword="null"/>.</summary>
    public static string? Text(YamlNode node) => (node as YamlScalarNode)?.Value;

    /// <summary>Where a node stands, as <c>file:line:column</c>.</summary>
    public string Position(YamlNode node) => $"{Path}:{node.Start.Line}:{node.Start.Column}";

    /// <summary>Notes a fault with its position.</summary>
    public void Fault(YamlNode node, string message) => _faults.Add($"{Position(node)}: {message}");

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Variable();
}
