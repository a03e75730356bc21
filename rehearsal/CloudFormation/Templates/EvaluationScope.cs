using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>All that an evaluation may look at outside the template.</summary>
/// <param name="Pseudo">The pseudo parameters.</param>
/// <param name="Parameters">The values in use by parameter (an SSM parameter's value, not its name).</param>
/// <param name="Resources">What is known of resources.</param>
/// <param name="Imports">The value of an export, or null when there is none of that name.</param>
/// <param name="DynamicReferences">The value of <c>{{resolve:service:key}}</c> by what stands between the braces after
/// <c>resolve:</c>.</param>
public sealed record EvaluationScope(
    PseudoParameters Pseudo,
    IReadOnlyDictionary<string, string> Parameters,
    IResourceValues Resources,
    Func<string, string?> Imports,
    Func<string, string> DynamicReferences
);

/// <summary>What references to resources give at some moment of an operation.</summary>
public interface IResourceValues
{
    /// <summary>What <c>Ref</c> gives.</summary>
    JsonNode Ref(string logicalId);

    /// <summary>What <c>Fn::GetAtt</c> gives.</summary>
    /// <exception cref="TemplateException">The resource's type has no such attribute.</exception>
    JsonNode GetAtt(string logicalId, string attribute);
}
