using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What a template may say of custom resources.</summary>
internal static class CustomResourceTypes
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
}
