using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>A nested stack as a deployment left it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
/// <param name="LastChanged">When it was last changed, in AWS's words.</param>
public sealed record ReleasedNestedStack(string Id, string Status, string LastChanged);

/// <summary>
/// The nested stacks below a stack, on every level. Each can be updated and deleted on its own, of which its outer stack shows nothing
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html).
/// </summary>
internal static class NestedStacks
{
    private const string NestedStack = "AWS::CloudFormation::Stack";

    /// <summary>The nested stacks as they are, by their logical ids with <c>/</c> between the levels.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The outermost stack, by id.</param>
    /// <exception cref="NotYetException">One of them is worked on, or is described as it was before.</exception>
    public static async Task<IReadOnlyDictionary<string, ReleasedNestedStack>> Read(IAmazonCloudFormation cloudFormation, string stack)
    {
        var nested = new SortedDictionary<string, ReleasedNestedStack>(StringComparer.Ordinal);
        var outer = new Queue<(string Path, string Id)>([(string.Empty, stack)]);
        while (outer.TryDequeue(out var next))
        {
            foreach (var resource in (await cloudFormation.Resources(next.Id)).Where(held => held.ResourceType == NestedStack))
            {
                var path = next.Path + resource.LogicalResourceId;
                nested[path] = await Describe(cloudFormation, path, resource.PhysicalResourceId);
                if (nested[path].Status != StackStatus.DELETE_COMPLETE.Value)
                {
                    outer.Enqueue(($"{path}/", resource.PhysicalResourceId));
                }
            }
        }

        return nested;
    }

    /// <summary>Compares nested stacks with what a deployment left, one read for each.</summary>
    /// <remarks>
    /// A nested stack that came or went since has changed its outer stack; by its id a deleted one is described too.
    /// </remarks>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The outermost stack's name.</param>
    /// <param name="released">The nested stacks that the deployment left.</param>
    /// <param name="progress">Which of them were compared before.</param>
    /// <returns><see cref="Comparison.NoChanges"/> when all are as they were left.</returns>
    public static async Task<Comparison> Compare(
        IAmazonCloudFormation cloudFormation,
        string stack,
        IReadOnlyDictionary<string, ReleasedNestedStack> released,
        ComparisonProgress progress
    )
    {
        var differences = new List<string>();
        NotYetException? underway = null;
        foreach (var (path, left) in released.OrderBy(nested => nested.Key, StringComparer.Ordinal))
        {
            if (!progress.ShouldRead(left.Id, 1))
            {
                continue;
            }

            var nested = await cloudFormation.Find(left.Id);
            var name = $"nested stack {path} of stack {stack}";
            if (nested is null || nested.StackStatus == StackStatus.DELETE_COMPLETE)
            {
                differences.Add($"{name} no longer exists");
            }
            else if (nested.StackStatus.Found == StackFound.Wait)
            {
                underway ??= new NotYetException($"{name} is {nested.StackStatus}");
            }
            else if (
                nested.StackStatus.Found != StackFound.Update
                || (nested.StackStatus.Ended != StackEnd.Succeeded && nested.StackStatus.Value != left.Status)
            )
            {
                differences.Add($"{name} is {nested.StackStatus}");
            }
            else if (nested.LastChange() != left.LastChanged)
            {
                differences.Add($"{name} was updated since the last deployment");
            }
            else
            {
                progress.Add(left.Id);
            }
        }

        return differences.Count > 0 ? new Comparison.Changes(differences) { Notices = differences }
            : underway is not null ? new Comparison.NotReadable(underway)
            : progress.IsPaused ? new Comparison.Unfinished()
            : new Comparison.NoChanges();
    }

    /// <summary>
    /// Refuses to update nested stacks that somebody deleted: they stay resources of their outer stack, and CloudFormation neither makes
    /// them again nor goes on ("… is in DELETE_COMPLETE state and can not be updated", https://blog.kinto-technologies.com/posts/
    /// 2026-02-12-ResolvingAnIssueWhereACloudFormationNestedStackBecameUnupdatableInDeleteCompleteState).
    /// </summary>
    /// <exception cref="StackFailedException">It names all of them.</exception>
    public static async Task CheckPresent(IAmazonCloudFormation cloudFormation, string stack, IReadOnlyList<PlacedChange> changes)
    {
        var gone = new List<string>();
        foreach (
            var (path, change) in changes.Where(placed =>
                placed.Change is { ResourceType: NestedStack, PhysicalResourceId.Length: > 0 }
                && placed.Change.Action == ChangeAction.Modify
            )
        )
        {
            if (await cloudFormation.Find(change.PhysicalResourceId) is not { } nested || nested.StackStatus == StackStatus.DELETE_COMPLETE)
            {
                gone.Add(
                    $"nested stack {path} of stack {stack} was deleted directly, and CloudFormation does not create it again: deploy once "
                        + $"without {path.Split('/')[^1]} in the template, then with it; its id is {change.PhysicalResourceId}"
                );
            }
        }

        if (gone.Count > 0)
        {
            throw new StackFailedException(string.Join('\n', gone));
        }
    }

    private static async Task<ReleasedNestedStack> Describe(IAmazonCloudFormation cloudFormation, string path, string id)
    {
        if (await cloudFormation.Find(id) is not { } stack)
        {
            return new ReleasedNestedStack(id, StackStatus.DELETE_COMPLETE.Value, string.Empty);
        }

        if (stack.StackStatus.Found == StackFound.Wait || await IsLate(cloudFormation, stack))
        {
            throw new NotYetException($"nested stack {path} is described as {stack.StackStatus}");
        }

        return new ReleasedNestedStack(id, stack.StackStatus.Value, stack.LastChange());
    }

    /// <summary>
    /// Whether a description is behind the stack's events (https://github.com/aws/aws-cdk-cli/issues/1802): its status is not that of the
    /// last one, or an operation that began later than the last change that it shows has ended.
    /// </summary>
    private static async Task<bool> IsLate(IAmazonCloudFormation cloudFormation, Stack stack)
    {
        var changed = stack.LastUpdatedTime ?? stack.CreationTime;
        var own = (await cloudFormation.Events(stack.StackId))
            .Where(happened => happened.PhysicalResourceId == stack.StackId && happened.Timestamp >= changed)
            .Select(happened => new StackStatus(happened.ResourceStatus.Value))
            .ToList();
        return own.Count(status => status.Found != StackFound.Wait) > 1 || (own.Count > 0 && own[^1] != stack.StackStatus);
    }
}
