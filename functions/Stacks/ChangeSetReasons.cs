using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

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
    private static async Task<string> Explain(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet)
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

    /// <summary>The failure of a step whose change set could not be made, with the nested stack in which it failed.</summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What the step gives.</param>
    /// <param name="changeSet">The change set that failed.</param>
    public static async Task<StackFailedException> Failure(StepRun run, StackInputs inputs, DescribeChangeSetResponse changeSet)
    {
        var (path, failed) = await NestedRefusals.Failed(run.Account.CloudFormation, changeSet);
        var places = await NestedRefusals.Places(run, inputs, failed.StatusReason ?? string.Empty, path);
        return await Failure(run.Account.CloudFormation, changeSet.StackName, failed, places);
    }

    /// <summary>The failure of a change set that could not be made of a stack that no step has.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="changeSet">The change set that failed.</param>
    public static async Task<StackFailedException> Failure(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet)
    {
        var (path, failed) = await NestedRefusals.Failed(cloudFormation, changeSet);
        return await Failure(cloudFormation, changeSet.StackName, failed, path.Count == 0 ? [] : [string.Join('/', path)]);
    }

    private static async Task<StackFailedException> Failure(
        IAmazonCloudFormation cloudFormation,
        string stack,
        DescribeChangeSetResponse failed,
        IReadOnlyList<string> places
    )
    {
        var reason = await Explain(cloudFormation, failed);
        var place = places.Count switch
        {
            0 => string.Empty,
            1 => $" in the nested stack {places[0]}",
            _ => $" in one of the nested stacks {string.Join(", ", places)}",
        };
        return new StackFailedException($"stack {stack}: the change set could not be made{place}: {reason}")
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
