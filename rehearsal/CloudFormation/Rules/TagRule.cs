using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>The tags of any resource.</summary>
/// <remarks>
/// "A tag key must be unique", at most 50 tags, keys of at most 128 and values of at most 256 characters, and no <c>aws:</c> before them:
/// https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html. Keys that differ in case differ, except in IAM:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
/// </remarks>
internal sealed class TagRule : IPropertyRule
{
    private const int Most = 50;
    private const int LongestKey = 128;
    private const int LongestValue = 256;

    /// <inheritdoc/>
    public IReadOnlyList<string> Types => [];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties)
    {
        var seen = new HashSet<string>(
            type.StartsWith("AWS::IAM::", StringComparison.Ordinal) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal
        );
        foreach (var (index, tag) in properties.KnownMaps("Tags"))
        {
            if (tag.Known("Key") is not { } key)
            {
                continue;
            }

            string[] path = ["Tags", $"{index}", "Key"];
            if (!seen.Add(key))
            {
                yield return Refused(
                    path,
                    $"is \"{key}\", which another tag has",
                    "each key once",
                    $"Duplicate tag key '{key}' specified."
                );
            }
            else if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                yield return Refused(
                    path,
                    $"is \"{key}\"",
                    "a key without aws: before it, which is AWS's own",
                    "aws: prefixed tag key names are not allowed for external use."
                );
            }
            else if (key.Length is 0 or > LongestKey)
            {
                yield return Refused(
                    path,
                    $"has {key.Length} characters",
                    $"1 to {LongestKey}",
                    $"Tag key must have 1 to {LongestKey} characters."
                );
            }

            if (tag.Known("Value") is { Length: > LongestValue } value)
            {
                yield return Refused(
                    ["Tags", $"{index}", "Value"],
                    $"has {value.Length} characters",
                    $"at most {LongestValue}",
                    $"Tag value must have at most {LongestValue} characters."
                );
            }
        }

        if (seen.Count > Most)
        {
            yield return Refused(["Tags"], $"are {seen.Count}", $"at most {Most}", $"The maximum number of tags is {Most}.");
        }
    }

    private static RefusedValue Refused(string[] path, string problem, string expected, string message) =>
        new(path, problem, expected, "InvalidParameterValue", message);
}
