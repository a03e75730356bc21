using Amazon.ResourceGroupsTaggingAPI.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Steps;

/// <summary>The stacks that made something which a step reads, as the deployer hears of changes to them.</summary>
internal static class OwningStacks
{
    /// <summary>
    /// CloudFormation's own tag of what a stack has made.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    /// </summary>
    private const string StackId = "aws:cloudformation:stack-id";

    // https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    private const int ArnsInARequest = 100;

    /// <summary>
    /// The name by which a stack is watched: its ARN without its own id, so that a stack that is made anew is the same one.
    /// </summary>
    /// <param name="stackId">The stack's id.</param>
    public static string Watched(string stackId) => stackId.Split('/') is [var place, var name, ..] ? $"{place}/{name}" : stackId;

    /// <summary>The stacks that made some resources; none for what no stack has made.</summary>
    /// <param name="account">The account.</param>
    /// <param name="arns">The resources.</param>
    public static async Task<IReadOnlyList<string>> Find(TargetAccount account, IEnumerable<string> arns)
    {
        var stacks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var some in arns.Chunk(ArnsInARequest))
        {
            var resources = await Pages.All(
                next => account.Tagging.GetResourcesAsync(new GetResourcesRequest { ResourceARNList = [.. some], PaginationToken = next }),
                answer => answer.ResourceTagMappingList,
                answer => answer.PaginationToken
            );
            foreach (var found in resources)
            {
                if ((found.Tags ?? []).Find(tag => tag.Key == StackId) is { } tag)
                {
                    stacks.Add(Watched(tag.Value));
                }
            }
        }

        return [.. stacks];
    }
}
