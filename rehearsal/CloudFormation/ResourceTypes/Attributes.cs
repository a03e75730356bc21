using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Builds identities.</summary>
internal static class Attributes
{
    public static ResourceIdentity Identity(string physicalId, params (string Name, JsonNode Value)[] attributes) =>
        new(physicalId, attributes.ToDictionary(a => a.Name, a => a.Value));
}
