using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Stacks;

/// <summary>A change of a resource, and the nested stacks that the resource is in.</summary>
/// <param name="Resource">Its logical id, after those of the nested stacks that it is in: <c>Network/Listener</c>.</param>
/// <param name="Change">What CloudFormation says of it.</param>
public sealed record PlacedChange(string Resource, ResourceChange Change);

/// <summary>The changes of a change set, through nested stacks.</summary>
public static class ChangeSetChanges
{
    /// <summary>The changes in CloudFormation's order, those of a nested stack after its own.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack of the change set, by which IAM judges the request; <see langword="null"/> for that of its id.</param>
    /// <param name="changeSet">The change set's id.</param>
    /// <param name="path">The nested stacks that the change set's stack is in.</param>
    public static async Task<IReadOnlyList<PlacedChange>> Read(
        IAmazonCloudFormation cloudFormation,
        string? stack,
        string changeSet,
        string path = ""
    )
    {
        var changes = new List<PlacedChange>();
        var found = await Pages.All(
            next =>
                cloudFormation.DescribeChangeSetAsync(
                    new DescribeChangeSetRequest
                    {
                        StackName = stack,
                        ChangeSetName = changeSet,
                        NextToken = next,
                    }
                ),
            answer => answer.Changes?.Select(change => change.ResourceChange).OfType<ResourceChange>(),
            answer => answer.NextToken
        );
        foreach (var change in found)
        {
            var resource = path + change.LogicalResourceId;
            changes.Add(new PlacedChange(resource, change));
            if (change.ChangeSetId is { Length: > 0 } nested)
            {
                changes.AddRange(await Read(cloudFormation, stack: null, nested, $"{resource}/"));
            }
        }

        return changes;
    }
}
