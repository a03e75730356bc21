using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>What a custom resource answers in a rehearsal.</summary>
/// <param name="PhysicalId">What <c>Ref</c> gives; null for a generated one.</param>
/// <param name="Outputs">What <c>Fn::GetAtt</c> gives: texts and lists of texts.</param>
public sealed record CustomResourceAnswer(string? PhysicalId, IReadOnlyDictionary<string, JsonNode> Outputs);

/// <summary>The answers of custom resources by <c>stack/LogicalId</c> or by type.</summary>
public sealed class CustomResourceAnswers(IReadOnlyDictionary<string, CustomResourceAnswer> answers)
{
    /// <summary>No answer is written down.</summary>
    public static readonly CustomResourceAnswers None = new(new Dictionary<string, CustomResourceAnswer>());

    /// <summary>The answer of a resource: its own, or else its type's.</summary>
    public CustomResourceAnswer? Find(string stack, string logicalId, string type) =>
        answers.GetValueOrDefault($"{stack}/{logicalId}") ?? answers.GetValueOrDefault(type);
}
