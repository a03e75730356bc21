using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Functions.Errors;
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

    [Theory]
    [InlineData(null, PlannedAction.Create, null, null)]
    [InlineData("REVIEW_IN_PROGRESS", PlannedAction.Create, null, null)]
    [InlineData("ROLLBACK_COMPLETE", PlannedAction.Create, "it would be removed and created again", null)]
    [InlineData("CREATE_FAILED", PlannedAction.Create, "it would be removed and created again", null)]
    [InlineData("UPDATE_IN_PROGRESS", PlannedAction.Update, "the end of that operation would be waited for first", null)]
    [InlineData("UPDATE_COMPLETE", PlannedAction.Update, null, null)]
    [InlineData("UPDATE_ROLLBACK_FAILED", PlannedAction.Update, "its rollback would be finished first", null)]
    [InlineData("DELETE_FAILED", PlannedAction.Update, null, "it is said so; repair it by hand first")]
    public async Task What_is_done_to_a_stack_is_known_before_its_parameters_are(
        string? status,
        PlannedAction action,
        string? notice,
        string? problem
    )
    {
        var cloudFormation = new AskedCloudFormation(status is null ? StackStatus.CREATE_COMPLETE : StackStatus.FindValue(status));
        if (status is null)
        {
            cloudFormation.Client.DescribeStacksAsync(default!, default).ThrowsAsyncForAnyArgs(Missing());
        }

        var plan = await Plan(cloudFormation, new Comparison.KnownAfterApply(["steps.group.outputs.LoadBalancer"]));

        (plan.Action, plan.Subject).ShouldBe((action, StackBench.StackName));
        (plan.Notices.SingleOrDefault()?.EndsWith(notice ?? "", StringComparison.Ordinal) ?? notice is null).ShouldBeTrue();
        plan.Notices.Count.ShouldBe(notice is null ? 0 : 1);
        (plan.Problem is null).ShouldBe(problem is null, plan.Problem);
        plan.Problem?.ShouldEndWith(problem!);
        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stack_that_is_being_deleted_is_looked_at_again_first() =>
        (
            await Should.ThrowAsync<NotYetException>(() =>
                Plan(new AskedCloudFormation(StackStatus.DELETE_IN_PROGRESS), new Comparison.Changes("it is new"))
            )
        ).Message.ShouldBe($"stack {StackBench.StackName} is being deleted");

    [Fact]
    public async Task A_stack_that_would_be_created_and_cannot_be_is_named_with_both()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        cloudFormation.Client.DescribeStacksAsync(default!, default).ThrowsAsyncForAnyArgs(Missing());
        cloudFormation
            .Client.DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                new DescribeChangeSetResponse
                {
                    StackName = StackBench.StackName,
                    StackId = AskedCloudFormation.StackId,
                    Status = ChangeSetStatus.FAILED,
                    StatusReason = "Template format error: it is wrong",
                }
            );
        cloudFormation.Client.ListChangeSetsAsync(default!, default).ReturnsForAnyArgs(new ListChangeSetsResponse());
        cloudFormation.Client.DescribeEventsAsync(default!, default).ReturnsForAnyArgs(new DescribeEventsResponse());

        var plan = await Plan(cloudFormation, new Comparison.Changes("it is new"));

        (plan.Action, plan.Subject).ShouldBe((PlannedAction.Create, StackBench.StackName));
        plan.Problem.ShouldNotBeNull().ShouldStartWith("StackFailedException: ");
        plan.Problem.ShouldContain("Template format error: it is wrong");
    }

    [Fact]
    public async Task The_reason_is_that_of_the_comparison()
    {
        const string Reason = "stack inventory-dev-api was updated since the last deployment";
        var cloudFormation = new AskedCloudFormation(StackStatus.DELETE_FAILED);
        var released = new ReleasedStep
        {
            Deployment = new("before"),
            Inputs = "digest",
            Resource = AskedCloudFormation.StackId,
        };

        (await Plan(cloudFormation, new Comparison.Changes(Reason), released)).Notices.ShouldBe([Reason]);
        (await Plan(cloudFormation, new Comparison.Changes(Reason))).Notices.ShouldBeEmpty();
    }

    private static AmazonCloudFormationException Missing() =>
        new(
            $"Stack with id {StackBench.StackName} does not exist",
            ErrorType.Sender,
            "ValidationError",
            "request",
            System.Net.HttpStatusCode.BadRequest
        );

    private static async Task<StepPlan> Plan(AskedCloudFormation cloudFormation, Comparison comparison, ReleasedStep? released = null)
    {
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        if (released is not null)
        {
            bench.Released["api"] = released;
        }

        var planner = new StackPlanner(bench.Desk.Settings, new Sources(bench.Desk, bench.Desk.Settings, StepKinds.BuiltIn));
        return await bench.Enter(run =>
            planner.Plan(
                run,
                new StepPlan
                {
                    Step = "api",
                    Kind = "stack",
                    Action = PlannedAction.Update,
                },
                comparison
            )
        );
    }
}
