using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A revision of a task definition. Stored under "account/region/family/revision", the revision in nine digits.</summary>
/// <param name="Definition">As it is described.</param>
/// <param name="Tags">Its tags, which are described apart.</param>
public sealed record DefinitionRecord(TaskDefinition Definition, IReadOnlyList<Tag> Tags);
