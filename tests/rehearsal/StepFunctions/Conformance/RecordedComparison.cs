using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

/// <summary>Compares what ran with what AWS recorded, by the rules of the data's README.</summary>
/// <param name="placeholders">The places that the recording blanked.</param>
/// <param name="beforeRedrive">Whether the recording is older than redrive (15 November 2023), so that its fields are not there.</param>
internal sealed class RecordedComparison(IReadOnlySet<string> placeholders, bool beforeRedrive)
{
    private static readonly HashSet<string> Anything =
    [
        "date",
        "timestamp",
        "start-time",
        "start-date",
        "snf_role_arn",
        "RandomNumberGenerated",
    ];

    private readonly List<string> _differences = [];

    public IReadOnlyList<string> Differences => _differences;

    public void Same(JsonNode? expected, JsonNode? actual, string path, string key)
    {
        switch (expected)
        {
            case JsonObject o when actual is JsonObject a:
                Fields(o, a, path);
                break;
            case JsonArray o when actual is JsonArray a:
                if (o.Count != a.Count)
                {
                    Differ(path, expected, actual);
                    return;
                }

                for (var i = 0; i < o.Count; i++)
                {
                    Same(o[i], a[i], $"{path}[{i}]", key);
                }

                break;
            default:
                if (!SameLeaf(expected, actual, path, key))
                {
                    Differ(path, expected, actual);
                }

                break;
        }
    }

    /// <summary>A value that AWS sends as text: an object stands for its JSON text, a text is literal.</summary>
    public void SameText(JsonNode? expected, string? actual, string path, string key)
    {
        if (expected is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            if (actual is not null && TryParse(text, out var left) && TryParse(actual, out var right))
            {
                Same(left, right, path, key);
                return;
            }

            if (!SameLeaf(expected, actual is null ? null : JsonValue.Create(actual), path, key))
            {
                Differ(path, expected, actual);
            }

            return;
        }

        Same(
            expected,
            actual is not null && TryParse(actual, out var parsed) ? parsed
                : actual is null ? null
                : JsonValue.Create(actual),
            path,
            key
        );
    }

    private void Fields(JsonObject expected, JsonObject actual, string path)
    {
        var error = expected.ContainsKey("errorType") && expected.ContainsKey("errorMessage");
        foreach (var key in expected.Select(p => p.Key).Union(actual.Select(p => p.Key)).ToList())
        {
            if (beforeRedrive && key.StartsWith("Redrive") && !expected.ContainsKey(key))
            {
                continue;
            }

            if (key is "SdkHttpMetadata" or "SdkResponseMetadata" || (error && key is not ("errorType" or "errorMessage")))
            {
                continue;
            }

            if (!expected.ContainsKey(key) || !actual.ContainsKey(key))
            {
                Differ($"{path}.{key}", expected[key], actual[key]);
                continue;
            }

            Same(expected[key], actual[key], $"{path}.{key}", key);
        }
    }

    private bool SameLeaf(JsonNode? expected, JsonNode? actual, string path, string key)
    {
        if (JsonNode.DeepEquals(expected, actual))
        {
            return true;
        }

        if (expected is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return placeholders.Contains(path);
        }

        var text = value.GetValue<string>();
        if (Anything.Contains(text) || Plain(text) == Plain(key))
        {
            return true;
        }

        var actualText =
            actual is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : actual?.ToJsonString() ?? "null";
        if (
            key is "Cause" or "cause"
            && TryParse(text, out var left)
            && TryParse(actualText, out var right)
            && left is JsonObject
            && right is JsonObject
        )
        {
            var before = _differences.Count;
            Same(left, right, path, key);
            return before == _differences.Count;
        }

        if (text.Contains('<'))
        {
            var pattern = "^" + Regex.Replace(Regex.Escape(text), "<[^<>]+>", "[\\s\\S]+?") + "$";
            return Regex.IsMatch(actualText, pattern);
        }

        return placeholders.Contains(path);
    }

    private static bool TryParse(string text, out JsonNode? node)
    {
        try
        {
            node = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    private static string Plain(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    public void Differ(string path, object? expected, object? actual) =>
        _differences.Add($"{path}: AWS {Short(expected)}, here {Short(actual)}");

    private static string Short(object? value)
    {
        var text = value is JsonNode node ? node.ToJsonString() : value?.ToString() ?? "nothing";
        return text.Length > 300 ? text[..300] + "…" : text;
    }
}
