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
)
{
    /// <summary>What is read of it: properties that it was given, and nothing of those that it was not.</summary>
    internal static ResourceReading Reading(RecordedResource recorded) =>
        new((JsonObject)recorded.Properties.DeepClone()) { IsWhole = true };

    /// <summary>What a stack's call has made.</summary>
    /// <param name="type">The resource's type.</param>
    /// <param name="call">The call, with the properties that it was made with.</param>
    /// <param name="identity">What it became.</param>
    internal static RecordedResource Create(string type, ResourceCall call, ResourceIdentity identity) =>
        new(
            type,
            identity.PhysicalId,
            call.Stack.Id,
            call.LogicalId,
            (JsonObject)call.Properties.DeepClone(),
            identity.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.DeepClone())
        );
}
