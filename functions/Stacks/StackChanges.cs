using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>What a change set changes.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html</remarks>
public static class StackChanges
{
    /// <summary>The changes in their order.</summary>
    public static IReadOnlyList<StackChange> Describe(IEnumerable<PlacedChange> changes) =>
        [.. changes.Select(placed => Describe(placed.Change, placed.Resource))];

    // Kinds of resources that are settings alone. Of what is not here it is taken that it holds something.
    private static readonly string[] Settings =
    [
        "AWS::ApplicationAutoScaling::",
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::VPCEndpoint",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::",
        "AWS::Events::Rule",
        "AWS::IAM::",
        "AWS::Lambda::",
    ];

    private static bool HoldsNothing(string? type) =>
        type is not null && Array.Exists(Settings, kind => type.StartsWith(kind, StringComparison.Ordinal));

    private static StackChange Describe(ResourceChange change, string resource)
    {
        var (kind, risk) = Change(change);
        var properties = (change.Details ?? [])
            .Select(detail => detail.Target)
            .OfType<ResourceTargetDefinition>()
            .Select(target => target.Name ?? target.Attribute?.Value)
            .OfType<string>();
        return new StackChange(resource, change.ResourceType, kind, [.. properties.Distinct().Order(StringComparer.Ordinal)], risk);
    }

    private static (ChangeKind Kind, string? Risk) Change(ResourceChange change) =>
        change switch
        {
            _ when change.Action == ChangeAction.Add => (ChangeKind.Added, null),
            _ when change.Action == ChangeAction.Import => (ChangeKind.Imported, null),
            _ when change.Action == ChangeAction.Remove => (
                ChangeKind.Removed,
                change.PolicyAction == PolicyAction.Retain ? null
                : HoldsNothing(change.ResourceType) ? "it is deleted"
                : "what it holds is deleted with it"
            ),
            _ when change.Action == ChangeAction.Dynamic => (ChangeKind.Dynamic, "what happens to it is known after apply"),
            _ when change.Replacement == Replacement.True => (
                ChangeKind.Replaced,
                change.PolicyAction == PolicyAction.ReplaceAndRetain ? null
                : HoldsNothing(change.ResourceType) ? "the old one is deleted"
                : "what it holds is deleted with the old one"
            ),
            _ when change.Replacement == Replacement.Conditional => (ChangeKind.Modified, "may be replaced"),
            _ when (change.Details ?? []).Exists(MayRecreate) => (
                ChangeKind.Modified,
                "may be replaced, by a value that is known after apply"
            ),
            _ => (ChangeKind.Modified, null),
        };

    private static bool MayRecreate(ResourceChangeDetail detail) =>
        detail.Evaluation == EvaluationType.Dynamic
        && detail.Target?.RequiresRecreation is { } recreation
        && recreation != RequiresRecreation.Never;
}
