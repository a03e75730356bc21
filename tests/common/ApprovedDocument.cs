using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployer.Tests;

/// <summary>
/// Documents that programs read: compared as whole texts with approved ones, so that no member is renamed, moved or dropped unseen. What is
/// generated has names in the place of its value, the same one wherever it stands.
/// </summary>
internal static partial class ApprovedDocument
{
    /// <summary>Members with numbers that say how long and how often, which change with the work and not with the contract.</summary>
    private static readonly string[] Measures = ["virtualSeconds", "wallSeconds", "transitions", "lambdaInvocations", "count"];

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Compares a document with the approved one.</summary>
    /// <param name="json">The document.</param>
    /// <param name="path">The approved one's file, from the repository's root.</param>
    public static void ShouldBeApproved(this string json, string path)
    {
        var written = Comparable(json);
        if (Environment.GetEnvironmentVariable("DEPLOYER_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Repository.At(path))!);
            File.WriteAllText(Repository.At(path), written);
        }

        written.ShouldBe(Repository.Text(path), "programs read it: look at the difference, then write it anew with DEPLOYER_APPROVE=1");
    }

    /// <summary>The document with names in the place of what is generated.</summary>
    internal static string Comparable(string json)
    {
        var names = new Names();
        return Replaced(JsonNode.Parse(json), member: string.Empty, names)!.ToJsonString(Written).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonNode? Replaced(JsonNode? node, string member, Names names) =>
        node switch
        {
            JsonArray calls when member == "calls" => new JsonArray(Shape(calls)),
            JsonArray items => new JsonArray([.. items.Select(item => Replaced(item, string.Empty, names))]),
            JsonObject members => new JsonObject(members.Select(one => KeyValuePair.Create(one.Key, Replaced(one.Value, one.Key, names)))),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => names.Replace(value.GetValue<string>()),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && Measures.Contains(member) => "(number)",
            null => null,
            var other => other.DeepClone(),
        };

    /// <summary>The members of the calls, all of which have the same: which calls there are says how the work is done.</summary>
    private static JsonNode Shape(JsonArray calls)
    {
        var shapes = calls
            .Select(call =>
                new JsonObject(
                    call!.AsObject().Select(one => KeyValuePair.Create(one.Key, (JsonNode?)$"({one.Value!.GetValueKind()})"))
                ).ToJsonString()
            )
            .Distinct()
            .ToList();
        return JsonNode.Parse(shapes.ShouldHaveSingleItem())!;
    }

    /// <summary>Names for what is generated, numbered by where it stands first.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

        public string Replace(string text) =>
            Generated().Replace(text, match => match.Groups["time"] is { Success: true } ? "(time)" : Name(match));

        private string Name(Match match)
        {
            if (!_known.TryGetValue(match.Value, out var name))
            {
                var kind = match.Groups.Values.Last(group => group.Success).Name;
                name = $"({kind} {_known.Values.Count(known => known.StartsWith($"({kind} ", StringComparison.Ordinal)) + 1})";
                _known.Add(match.Value, name);
            }

            return name;
        }
    }

    [GeneratedRegex(
        @"(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)"
            + "|(?<uuid>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
            + @"|(?<digest>\b[0-9a-f]{64}\b)"
            + @"|(?<commit>\b[0-9a-f]{40}\b)"
            + @"|(?<instance>\bi-[0-9a-f]{17}\b)"
            + @"|(?<endpoint>\bvpce-(svc-)?[0-9a-f]{17}(-[0-9a-f]{8})?\b)"
            + @"|(?<milliseconds>\b[0-9]{13}\b)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Generated();
}
