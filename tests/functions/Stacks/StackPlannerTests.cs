using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
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

        await bench.Plan(new Comparison.Changes("it is new"), PlannedAction.Create);

        cloudFormation.Changes.Contains($"delete {AskedCloudFormation.StackId}").ShouldBe(isRemoved);
    }

    [Theory]
    [InlineData(null, PlannedAction.Create, null, null)]
    [InlineData("REVIEW_IN_PROGRESS", PlannedAction.Create, null, null)]
    [InlineData("ROLLBACK_COMPLETE", PlannedAction.Create, "it would be removed and created again", null)]
    [InlineData("CREATE_FAILED", PlannedAction.Create, "it would be removed and created again", null)]
    [InlineData("UPDATE_IN_PROGRESS", PlannedAction.Update, "is refused after that end, so plan again then", null)]
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

    /// <summary>The step names no parameter: the stack keeps its value, by which the output is there or not.</summary>
    [Theory]
    [InlineData("two", false)]
    [InlineData("one", true)]
    public async Task An_output_that_a_later_step_needs_and_that_goes_away_with_its_condition_is_a_problem(string kept, bool isThere)
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Stack.Parameters = [new Parameter { ParameterKey = "A", ParameterValue = kept }];
        cloudFormation
            .Client.DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                new DescribeChangeSetResponse
                {
                    StackName = StackBench.StackName,
                    StackId = AskedCloudFormation.StackId,
                    ChangeSetId = "arn:change-set",
                    Status = ChangeSetStatus.CREATE_COMPLETE,
                }
            );
        const string Template = """
            Parameters: { A: { Type: String, Default: one } }
            Conditions: { C: !Equals [ !Ref A, one ] }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            Outputs: { O: { Condition: C, Value: v } }
            """;
        cloudFormation
            .Client.GetTemplateAsync(default(GetTemplateRequest)!, default)
            .ReturnsForAnyArgs(new GetTemplateResponse { TemplateBody = Template });
        cloudFormation.Client.ListChangeSetsAsync(default!, default).ReturnsForAnyArgs(new ListChangeSetsResponse());
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        bench.Folder.With("api.yaml", Template);
        bench.Folder.With(
            "deployer.yaml",
            $$"""
            service: inventory
            targets: { dev: { account: "{{StackBench.Account}}", region: us-east-1 } }
            steps:
              api: { stack: "{{StackBench.StackName}}", template: api.yaml }
              reader: { stack: reader, template: reader.yaml, parameters: { X: "${steps.api.outputs.O}" } }
            """
        );
        bench.Folder.With("reader.yaml", "Parameters: { X: { Type: String } }\nResources: { T: { Type: AWS::SNS::Topic } }");

        var plan = await bench.Plan(new Comparison.Changes("it differs"));

        plan.Problem.ShouldBe(
            isThere
                ? null
                : $"SpecInvalidException: deployer.yaml:5:68: step 'reader' needs the output O of stack {StackBench.StackName}, which it "
                    + "would not have: with the parameters that it would have then, the condition 'C' of the output does not hold"
        );
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

        return await bench.Plan(comparison);
    }
}
