using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>What a nested stack would do with new properties.</summary>
/// <param name="HasChanges">Something in it would change.</param>
/// <param name="ChangeSetId">Its own change set, where one was made.</param>
public sealed record NestedPlan(bool HasChanges, string? ChangeSetId);

/// <summary>Looks into nested stacks. Without it each of them counts as changed, as CloudFormation does unless asked to include
/// them.</summary>
public interface INestedStacks
{
    /// <summary>What would change in a nested stack.</summary>
    NestedPlan Plan(string logicalId, ExistingResource? existing, JsonObject properties);
}
