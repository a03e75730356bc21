using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Which types are custom resources', and what their attributes give that nobody has answered.</summary>
internal static class CustomResourceNames
{
    /// <summary>Whether a type is one of custom resources.</summary>
    public static bool IsCustom(string type) =>
        type == "AWS::CloudFormation::CustomResource" || type.StartsWith("Custom::", StringComparison.Ordinal);

    /// <summary>What <c>Fn::GetAtt</c> gives for an attribute that the answer does not hold.</summary>
    /// <param name="logicalId">The resource.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="answered">What the answer holds; nothing when none is written down.</param>
    /// <exception cref="TemplateException">There is an answer, and the attribute is not in it.</exception>
    public static JsonNode Missing(string logicalId, string attribute, IReadOnlyDictionary<string, JsonNode> answered) =>
        answered.Count == 0
            ? $"{logicalId}-{attribute}-placeholder"
            : throw new TemplateException(
                $"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute in object {logicalId}"
            );
}
