using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>A resource as a stack holds it: what it was last made from, and what it answers to references.</summary>
/// <param name="LogicalId">Its name in the template.</param>
/// <param name="Type">Its type.</param>
/// <param name="PhysicalId">Its name or id in the service.</param>
/// <param name="Properties">Evaluated.</param>
public sealed record ExistingResource(string LogicalId, string Type, string PhysicalId, JsonObject Properties)
{
    /// <summary>What <c>Ref</c> gives; the physical id for most types.</summary>
    public required string Reference { get; init; }

    /// <summary>What <c>Fn::GetAtt</c> gives.</summary>
    public required IReadOnlyDictionary<string, JsonNode> Attributes { get; init; }
}

/// <summary>One side of a comparison: a template with the values that it is evaluated with.</summary>
public sealed record StackVersion(
    Template Template,
    IReadOnlyDictionary<string, ParameterValue> Parameters,
    IReadOnlyDictionary<string, string> Tags
);
