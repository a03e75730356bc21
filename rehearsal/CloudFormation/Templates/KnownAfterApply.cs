using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>The value that a change set shows for what is only known after the execution. It is no value that a resource ever has,
/// so that it differs from every present one.</summary>
public static class KnownAfterApply
{
    /// <summary>As DescribeChangeSet words it.</summary>
    public const string Text = "{{changeSet:KNOWN_AFTER_APPLY}}";

    /// <summary>Whether a value is, or holds, what is not known yet.</summary>
    public static bool In(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.Any(entry => In(entry.Value)),
            JsonArray list => list.Any(In),
            _ => node.Text()?.Contains(Text, StringComparison.Ordinal) == true,
        };
}
