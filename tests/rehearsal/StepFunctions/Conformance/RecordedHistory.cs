using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

/// <summary>Compares a history event by event.</summary>
internal static class RecordedHistory
{
    private static readonly HashSet<string> Texts = ["input", "output", "parameters", "cause"];

    /// <param name="comparison">Collects the differences.</param>
    /// <param name="expected">The recorded events.</param>
    /// <param name="actual">The events that happened.</param>
    /// <param name="whole">Whether the recording has every field of an event.</param>
    public static void Compare(RecordedComparison comparison, JsonArray expected, IReadOnlyList<HistoryEvent> actual, bool whole)
    {
        if (expected.Any(e => e!["id"] is not JsonValue v || v.GetValueKind() != JsonValueKind.Number))
        {
            CompareTypes(comparison, expected, actual);
            return;
        }

        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i >= expected.Count || i >= actual.Count)
            {
                comparison.Differ($"events[{i}]", i < expected.Count ? expected[i] : null, i < actual.Count ? actual[i].Type : null);
                return;
            }

            Compare(comparison, (JsonObject)expected[i]!, actual[i], $"events[{i}]", whole);
        }
    }

    /// <summary>Where the recording dropped ids and order, and the outcome events of a Parallel, the types are counted.</summary>
    private static void CompareTypes(RecordedComparison comparison, JsonArray expected, IReadOnlyList<HistoryEvent> actual)
    {
        var left = expected.Select(e => e!["type"]!.GetValue<string>()).Order().ToList();
        var right = actual.Select(e => e.Type).Where(t => t is not ("ParallelStateSucceeded" or "ParallelStateFailed")).Order().ToList();
        if (!left.SequenceEqual(right))
        {
            comparison.Differ("events", string.Join(' ', left), string.Join(' ', right));
        }
    }

    private static void Compare(RecordedComparison comparison, JsonObject expected, HistoryEvent actual, string path, bool whole)
    {
        var fields = Flat(actual);
        foreach (var key in expected.Select(p => p.Key).Union(whole ? fields.Select(p => p.Key) : []).ToList())
        {
            var at = $"{path}.{key}";
            // AWS names now the start and now the success of a Map Run (recorded both ways).
            if (key == "prev" && actual.Type == "MapStateExited" && expected[key]!.GetValue<int>() - fields[key]!.GetValue<long>() == -1)
            {
                continue;
            }

            if (
                key == "assignedVariables"
                && expected[key] is JsonObject variables
                && actual.AssignedVariables is { } assigned
                && variables.Count == assigned.Count
            )
            {
                foreach (var (name, value) in variables)
                {
                    comparison.SameText(value, assigned.GetValueOrDefault(name), $"{at}.{name}", name);
                }
            }
            else if (Texts.Contains(key))
            {
                comparison.SameText(expected[key], fields[key]?.GetValue<string>(), at, key);
            }
            else
            {
                comparison.Same(expected[key], fields[key], at, key);
            }
        }
    }

    private static JsonObject Flat(HistoryEvent e)
    {
        var fields = (JsonObject)JsonSerializer.SerializeToNode(e, Naming)!;
        fields.Remove("timestamp");
        fields["prev"] = fields["previousEventId"]!.DeepClone();
        fields.Remove("previousEventId");
        if (e.RoleArn is not null && e.Type != "ExecutionStarted")
        {
            fields.Remove("roleArn");
            fields["taskCredentials"] = new JsonObject { ["roleArn"] = e.RoleArn };
        }

        return fields;
    }

    private static readonly JsonSerializerOptions Naming = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };
}
