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
            if (actual.TryGetPropertyValue(name, out var present) || isWhole)
            {
                Compare($"/{name}", wanted, present, found);
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
