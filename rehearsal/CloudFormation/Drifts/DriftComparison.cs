using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Drifts;

/// <summary>
/// Compares the properties of a template with those of the resource as it is. "CloudFormation only determines drift for property values
/// that are explicitly set" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html).
/// </summary>
internal static class DriftComparison
{
    /// <summary>The properties that differ.</summary>
    /// <param name="expected">What the template says.</param>
    /// <param name="actual">The properties that were read; others are not compared.</param>
    /// <param name="isWhole">Whether all properties were read: one that is not among them was removed.</param>
    public static IReadOnlyList<DriftDifference> Differences(JsonObject expected, JsonObject actual, bool isWhole = false)
    {
        var found = new List<DriftDifference>();
        foreach (var (name, wanted) in expected)
        {
            var isRead = actual.TryGetPropertyValue(name, out var present);
            if (name == "Tags" && wanted is JsonArray tags && (isRead || isWhole))
            {
                CompareTags(tags, present as JsonArray ?? [], found);
            }
            else if (isRead || isWhole)
            {
                Compare($"/{name}", wanted, present, found);
            }
        }

        return found;
    }

    /// <summary>
    /// Tags that the template has are compared by their keys, in whatever order. Those of the stack count as expected
    /// (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/955): neither side has them here.
    /// CloudFormation's own, <c>aws:…</c>, are no drift.
    /// </summary>
    private static void CompareTags(JsonArray wanted, JsonArray present, List<DriftDifference> found)
    {
        var (expected, actual) = (ByKey(wanted), ByKey(present));
        foreach (var (key, tag) in expected)
        {
            if (!actual.TryGetValue(key, out var other))
            {
                found.Add(new DriftDifference($"/Tags/{tag.Index}", Text(tag.Tag), string.Empty, "REMOVE"));
            }
            else if (Text(tag.Tag["Value"]) != Text(other.Tag["Value"]))
            {
                found.Add(new DriftDifference($"/Tags/{tag.Index}/Value", Text(tag.Tag["Value"]), Text(other.Tag["Value"]), "NOT_EQUAL"));
            }
        }

        foreach (var (key, tag) in actual)
        {
            if (!expected.ContainsKey(key))
            {
                found.Add(new DriftDifference($"/Tags/{tag.Index}", string.Empty, Text(tag.Tag), "ADD"));
            }
        }
    }

    private static Dictionary<string, (int Index, JsonObject Tag)> ByKey(JsonArray tags)
    {
        var found = new Dictionary<string, (int Index, JsonObject Tag)>(StringComparer.Ordinal);
        foreach (var (index, tag) in tags.Index())
        {
            if (tag is JsonObject named && Text(named["Key"]) is var key && !key.StartsWith("aws:", StringComparison.Ordinal))
            {
                found[key] = (index, named);
            }
        }

        return found;
    }

    private static void Compare(string path, JsonNode? wanted, JsonNode? present, List<DriftDifference> found)
    {
        if (wanted is JsonObject && present is null)
        {
            found.Add(new DriftDifference(path, Text(wanted), string.Empty, "REMOVE"));
        }
        else if (wanted is JsonObject expected)
        {
            var actual = present as JsonObject ?? [];
            foreach (var (name, value) in expected)
            {
                Compare($"{path}/{name}", value, actual[name], found);
            }

            foreach (var (name, value) in actual.Where(member => !expected.ContainsKey(member.Key)))
            {
                found.Add(new DriftDifference($"{path}/{name}", string.Empty, Text(value), "ADD"));
            }
        }
        else if (present is null)
        {
            found.Add(new DriftDifference(path, Text(wanted), string.Empty, "REMOVE"));
        }
        else if (!Nodes.Same(wanted, present) && Text(wanted) != Text(present))
        {
            found.Add(new DriftDifference(path, Text(wanted), Text(present), "NOT_EQUAL"));
        }
    }

    private static string Text(JsonNode? node) =>
        node is null ? string.Empty
        : node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : node.ToJsonString();
}
