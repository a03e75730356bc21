using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Kinds;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackPlannerTests
{
    /// <summary>
    /// The description of a stack that a change set has just made may be missing, and that of one whose creation somebody has just begun
    /// may say that it is under review.
    /// </summary>
    [Theory]
    [InlineData(false, "REVIEW_IN_PROGRESS", true)]
    [InlineData(true, "REVIEW_IN_PROGRESS", true)]
    [InlineData(true, "CREATE_IN_PROGRESS", false)]
    public async Task The_empty_stack_of_a_planned_change_set_is_removed_by_what_has_happened_to_it(
        bool isDescribed,
        string last,
        bool isRemoved
    )
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.REVIEW_IN_PROGRESS);
        if (!isDescribed)
        {
            cloudFormation
                .Client.DescribeStacksAsync(default!, default)
                .ThrowsAsyncForAnyArgs(
                    new AmazonCloudFormationException(
                        $"Stack with id {StackBench.StackName} does not exist",
                        ErrorType.Sender,
                        "ValidationError",
                        "request",
                        System.Net.HttpStatusCode.BadRequest
                    )
                );
        }

        cloudFormation.Happened("someone's", StackBench.StackName, last, null);
        cloudFormation
            .Client.DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                new DescribeChangeSetResponse
                {
                    StackName = StackBench.StackName,
                    StackId = AskedCloudFormation.StackId,
                    Status = ChangeSetStatus.FAILED,
                    StatusReason = "No updates are to be performed.",
                }
            );
        cloudFormation.Client.ListChangeSetsAsync(default!, default).ReturnsForAnyArgs(new ListChangeSetsResponse());
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        var planner = new StackPlanner(bench.Desk.Settings, new Sources(bench.Desk, bench.Desk.Settings, StepKinds.BuiltIn));

        await bench.Enter(run =>
            planner.Plan(
                run,
                new StepPlan
                {
                    Step = "api",
                    Kind = "stack",
                    Action = PlannedAction.Create,
                },
                new Comparison.Changes("it is new")
            )
        );

        cloudFormation.Changes.Contains($"delete {AskedCloudFormation.StackId}").ShouldBe(isRemoved);
    }
}
