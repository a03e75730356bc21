using System.Text.Json.Nodes;
using Amazon.ECS.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>The types of ECS that stacks may hold.</summary>
internal static class EcsResources
{
    /// <summary>Properties as an operation takes them, with the stack's tags beside their own.</summary>
    internal static JsonObject WithTags(this JsonObject properties, ResourceCall call) =>
        properties.Without("Tags").With("Tags", call.Tags().AsList());

    /// <summary>Tags as ECS's records hold them.</summary>
    internal static IReadOnlyList<Tag> AsShapes(this SortedDictionary<string, string> tags) =>
        [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
}
