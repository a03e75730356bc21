using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>The types of ECS that stacks may hold.</summary>
internal static class EcsResources
{
    /// <summary>Properties as an operation takes them, with the stack's tags beside their own.</summary>
    internal static JsonObject WithTags(this JsonObject properties, ResourceCall call) =>
        properties.Without("Tags").With("Tags", call.Tags().AsList());
}
