using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>What a change set changes.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html</remarks>
public static class StackChanges
{
    private const string Removed = "removed";

    /// <summary>The changes in their order.</summary>
    public static IReadOnlyList<StackChange> Describe(IEnumerable<PlacedChange> changes) =>
        [.. changes.Select(placed => Describe(placed.Change, placed.Resource))];

    private static StackChange Describe(ResourceChange change, string resource)
    {
        var (word, risk) = Change(change);
        var properties = (change.Details ?? [])
            .Select(detail => detail.Target)
            .OfType<ResourceTargetDefinition>()
            .Select(target => target.Name ?? target.Attribute?.Value)
            .OfType<string>();
        return new StackChange(resource, change.ResourceType, word, [.. properties.Distinct().Order(StringComparer.Ordinal)], risk);
    }

    private static (string Word, string? Risk) Change(ResourceChange change) =>
        change switch
        {
            _ when change.Action == ChangeAction.Add => ("added", null),
            _ when change.Action == ChangeAction.Import => ("imported", null),
            _ when change.Action == ChangeAction.Remove => (
                Removed,
                change.PolicyAction == PolicyAction.Retain ? null : "what it holds is deleted with it"
            ),
            _ when change.Action == ChangeAction.Dynamic => ("dynamic", "what happens to it is known after apply"),
            _ when change.Replacement == Replacement.True => (
                "replaced",
                change.PolicyAction == PolicyAction.ReplaceAndRetain ? null : "what it holds is deleted with the old one"
            ),
            _ when change.Replacement == Replacement.Conditional => ("modified", "may be replaced"),
            _ when (change.Details ?? []).Exists(MayRecreate) => ("modified", "may be replaced, by a value that is known after apply"),
            _ => ("modified", null),
        };

    private static bool MayRecreate(ResourceChangeDetail detail) =>
        detail.Evaluation == EvaluationType.Dynamic
        && detail.Target?.RequiresRecreation is { } recreation
        && recreation != RequiresRecreation.Never;
}
