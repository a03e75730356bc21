using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A resource of a service that the rehearsal does not simulate otherwise. Kept in the table <c>resources</c> under
/// <c>account/region/type/physical id</c>.</summary>
public sealed record RecordedResource(
    string Type,
    string PhysicalId,
    string StackId,
    string LogicalId,
    JsonObject Properties,
    Dictionary<string, JsonNode> Attributes
);
