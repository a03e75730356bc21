using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What a template may say of custom resources.</summary>
internal static partial class CustomResourceTypes
{
    /// <summary>Whether a type is one of custom resources.</summary>
    public static bool Includes(string type) =>
        type == "AWS::CloudFormation::CustomResource" || type.StartsWith("Custom::", StringComparison.Ordinal);

    /// <summary>What <c>Fn::GetAtt</c> gives for an attribute that the answer does not hold.</summary>
    /// <param name="logicalId">The resource.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="answered">What the answer holds; nothing when none is written down.</param>
    /// <exception cref="TemplateException">There is an answer, and the attribute is not in it.</exception>
    public static JsonNode MissingAttribute(string logicalId, string attribute, IReadOnlyDictionary<string, JsonNode> answered) =>
        answered.Count == 0
            ? $"{logicalId}-{attribute}-placeholder"
            : throw new TemplateException(
                $"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute in object {logicalId}"
            );

    /// <summary>
    /// Why something is refused that a placeholder is in: the rehearsal made that up, and AWS would never have seen it;
    /// <see langword="null"/> where none is in it.
    /// </summary>
    /// <param name="node">What was given.</param>
    /// <param name="refusal">The words of the refusal.</param>
    public static string? WhyRefused(JsonNode? node, string refusal) =>
        node is not null && Placeholder().Match(node.ToJsonString()) is { Success: true } match
            ? $"the rehearsal does not know the attribute {match.Groups["attribute"].Value} of the custom resource "
                + $"{match.Groups["id"].Value}, and what stands in its place does not do here ({refusal.TrimEnd('.')}); "
                + "expected it among the outputs of the resource in accounts/custom-resources.yaml"
            : null;

    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(?<id>[A-Za-z0-9]+)-(?<attribute>[A-Za-z0-9_.:]+)-placeholder(?![A-Za-z0-9])",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Placeholder();
}
