using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Stacks;

/// <summary>
/// The two reasons with which CloudFormation says that a failed change set has nothing to change: the plain one and the
/// one of templates with a transform (research: AWS CDK's diagnoser, rain, ADF). An empty list of changes proves nothing.
/// </summary>
public static class ChangeSetReasons
{
    /// <summary>Whether a failed change set failed for want of changes.</summary>
    public static bool IsNothingToDo(string? reason) =>
        reason is not null
        && (
            reason.StartsWith("The submitted information didn't contain changes.", StringComparison.Ordinal)
            || reason.StartsWith("No updates are to be performed", StringComparison.Ordinal)
        );

    /// <summary>
    /// Why a change set could not be made: the results of CloudFormation's validation, which its status reason only counts, or that
    /// reason itself.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
    /// </summary>
    public static async Task<string> Explain(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet)
    {
        try
        {
            var results = await Results(cloudFormation, changeSet);
            return results.Count > 0 ? string.Join("; ", results)
                : changeSet.StatusReason is { } reason ? StackReasons.Complete(reason, null)
                : "no reason is recorded";
        }
        catch (AmazonCloudFormationException exception) when (exception.ErrorCode == "AccessDenied")
        {
            // The missing permission is not why the change set failed.
            return $"{changeSet.StatusReason} (the results of its validation could not be read: {exception.Message})";
        }
    }

    /// <summary>The failure of a step whose change set could not be made.</summary>
    public static async Task<StackFailedException> Failure(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet)
    {
        var reason = await Explain(cloudFormation, changeSet);
        return new StackFailedException($"stack {changeSet.StackName}: the change set could not be made: {reason}")
        {
            MissingInputs = MissingInputs.In(reason),
        };
    }

    private static async Task<IReadOnlyList<string>> Results(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet)
    {
        return await Pages.All(
            next =>
                cloudFormation.DescribeEventsAsync(
                    new DescribeEventsRequest
                    {
                        ChangeSetName = changeSet.ChangeSetId,
                        StackName = changeSet.StackId,
                        Filters = new EventFilter { FailedEvents = true },
                        NextToken = next,
                    }
                ),
            answer => answer.OperationEvents?.Where(happened => happened.EventType == EventType.VALIDATION_ERROR).Select(Describe),
            answer => answer.NextToken
        );
    }

    private static string Describe(OperationEvent failed) =>
        $"{failed.LogicalResourceId} "
        + $"({failed.ResourceType}){(failed.ValidationPath is { Length: > 0 } path ? $" at {path}" : string.Empty)}: "
        + $"{failed.ValidationStatusReason} ({failed.ValidationName})";
}
