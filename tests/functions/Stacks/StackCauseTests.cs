using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackCauseTests
{
    private const string Nested = "AWS::CloudFormation::Stack";

    [Fact]
    public async Task The_cause_is_found_three_levels_down()
    {
        await using var simulated = await SimulatedStacks.Open("stack-rolls-back:Deep");
        var leaf = await simulated.Put(
            "leaf.yaml",
            "Resources: { Deep: { Type: AWS::SNS::Topic }, Beside: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer } }"
        );
        var middle = await simulated.Put(
            "middle.yaml",
            $"Resources: {{ Leaf: {{ Type: {Nested}, Properties: {{ TemplateURL: \"{leaf}\" }} }} }}"
        );
        simulated.Bench.Folder.With(
            "api.yaml",
            $"Resources: {{ Middle: {{ Type: {Nested}, Properties: {{ TemplateURL: \"{middle}\" }} }}, Wide: {{ "
                + "Type: AWS::ElasticLoadBalancingV2::LoadBalancer } }"
        );

        var cause = (await simulated.Deploy()).ShouldBeOfType<Outcome.Failed>().Cause.Message;

        cause.ShouldStartWith(
            "Deep (AWS::SNS::Topic) in the nested stack Middle/Leaf failed: Resource handler returned message: "
                + "\"Resource of type 'AWS::SNS::Topic' with identifier"
        );
        cause.ShouldEndWith("; stack inventory-dev-api is ROLLBACK_COMPLETE");
        cause.ShouldNotContain("cancelled");
    }

    [Fact]
    public async Task What_was_cancelled_and_what_failed_in_an_earlier_operation_is_no_cause()
    {
        var events = new Dictionary<string, List<StackEvent>>
        {
            ["root"] =
            [
                Happened("root", 10, "root", Nested, "UPDATE_IN_PROGRESS", null),
                Happened("root", 11, "Beside", "AWS::SNS::Topic", "UPDATE_FAILED", "Resource update cancelled"),
                Happened("root", 12, "Inner", Nested, "UPDATE_FAILED", "Embedded stack was not successfully updated", "inner"),
            ],
            ["inner"] =
            [
                Happened("inner", 1, "Old", "AWS::SNS::Topic", "UPDATE_FAILED", "an earlier update's reason", token: "earlier"),
                Happened("inner", 11, "Beside", "AWS::SNS::Topic", "CREATE_FAILED", "Resource creation cancelled", token: null),
                Happened("inner", 12, "Wrong", "AWS::SQS::Queue", "CREATE_FAILED", "no such key", token: null),
                Happened("inner", 13, "Later", "AWS::SQS::Queue", "DELETE_FAILED", "busy", token: null),
            ],
        };
        var cloudFormation = Substitute.For<IAmazonCloudFormation>();
        cloudFormation
            .DescribeStackEventsAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                // A page holds one event, the newest first.
                var request = call.Arg<DescribeStackEventsRequest>();
                var of = Enumerable.Reverse(events[request.StackName]).ToList();
                var page = int.Parse(request.NextToken ?? "0", System.Globalization.CultureInfo.InvariantCulture);
                return new DescribeStackEventsResponse { StackEvents = [of[page]], NextToken = page + 1 < of.Count ? $"{page + 1}" : null };
            });

        (
            await StackCause.Explain(
                cloudFormation,
                new Stack
                {
                    StackId = "root",
                    StackName = "outer",
                    StackStatus = StackStatus.UPDATE_ROLLBACK_COMPLETE,
                },
                "ours"
            )
        ).ShouldBe("Wrong (AWS::SQS::Queue) in the nested stack Inner failed: no such key; stack outer is UPDATE_ROLLBACK_COMPLETE");
    }

    [Fact]
    public async Task Without_a_failed_resource_the_stacks_own_reason_is_reported()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_ROLLBACK_COMPLETE);

        (await StackCause.Explain(cloudFormation.Client, cloudFormation.Stack, "ours")).ShouldBe(
            "stack inventory-dev-api is UPDATE_ROLLBACK_COMPLETE: it is said so"
        );
    }

    /// <summary>The words of https://github.com/aws-cloudformation/cfn-lint/issues/3013.</summary>
    [Fact]
    public async Task Without_a_failed_resource_the_event_with_which_the_stack_turned_back_gives_the_reason() =>
        (
            await Explained(
                Happened("root", 10, "outer", Nested, "CREATE_IN_PROGRESS", "User Initiated", "root"),
                Happened("root", 11, "A", "AWS::SNS::Topic", "CREATE_COMPLETE", null),
                Happened(
                    "root",
                    12,
                    "outer",
                    Nested,
                    "ROLLBACK_IN_PROGRESS",
                    "Template format error: Every Value member must be a string. Rollback requested by user.",
                    "root"
                ),
                Happened("root", 13, "outer", Nested, "ROLLBACK_COMPLETE", null, "root")
            )
        ).ShouldBe(
            "no resource failed, and the stack became ROLLBACK_IN_PROGRESS: Template format error: Every Value member must be a string. "
                + "Rollback requested by user.; stack outer is ROLLBACK_COMPLETE"
        );

    [Fact]
    public async Task An_update_that_was_cancelled_has_the_cancelling_as_its_cause() =>
        (
            await Explained(
                Happened("root", 10, "outer", Nested, "UPDATE_IN_PROGRESS", "User Initiated", "root"),
                Happened("root", 11, "outer", Nested, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", "root"),
                Happened("root", 12, "A", "AWS::SNS::Topic", "UPDATE_FAILED", "Resource update cancelled")
            )
        ).ShouldBe(
            "no resource failed, and the stack became UPDATE_ROLLBACK_IN_PROGRESS: User Initiated; stack outer is ROLLBACK_COMPLETE"
        );

    [Fact]
    public async Task A_resource_that_failed_without_a_reason_is_named() =>
        (await Explained(Happened("root", 11, "A", "AWS::SNS::Topic", "CREATE_FAILED", null))).ShouldBe(
            "A (AWS::SNS::Topic) failed: CloudFormation gave no reason for CREATE_FAILED; stack outer is ROLLBACK_COMPLETE"
        );

    [Fact]
    public async Task Where_nothing_is_recorded_the_operation_is_named() =>
        (await Explained(Happened("root", 11, "A", "AWS::SNS::Topic", "CREATE_FAILED", "another's", token: "theirs"))).ShouldBe(
            "stack outer is ROLLBACK_COMPLETE: CloudFormation recorded neither a failed resource nor a reason in the events of "
                + "the operation ours"
        );

    [Fact]
    public async Task A_stack_that_somebody_deleted_meanwhile_is_the_cause() =>
        (
            await Explained(
                StackStatus.DELETE_COMPLETE,
                Happened("root", 11, "outer", "AWS::CloudFormation::Stack", "DELETE_COMPLETE", null, "root", token: "theirs")
            )
        ).ShouldBe("the stack outer was deleted while the operation ours was under way");

    [Fact]
    public async Task A_creation_that_failed_and_was_deleted_has_its_resource_as_the_cause() =>
        (await Explained(StackStatus.DELETE_COMPLETE, Happened("root", 11, "A", "AWS::SNS::Topic", "CREATE_FAILED", "no"))).ShouldBe(
            "A (AWS::SNS::Topic) failed: no; stack outer is DELETE_COMPLETE"
        );

    private static Task<string> Explained(params StackEvent[] events) => Explained(StackStatus.ROLLBACK_COMPLETE, events);

    private static Task<string> Explained(StackStatus status, params StackEvent[] events)
    {
        var cloudFormation = Substitute.For<IAmazonCloudFormation>();
        cloudFormation
            .DescribeStackEventsAsync(default!, default)
            .ReturnsForAnyArgs(new DescribeStackEventsResponse { StackEvents = [.. Enumerable.Reverse(events)] });
        return StackCause.Explain(
            cloudFormation,
            new Stack
            {
                StackId = "root",
                StackName = "outer",
                StackStatus = status,
            },
            "ours"
        );
    }

    private static StackEvent Happened(
        string stack,
        int second,
        string logicalId,
        string type,
        string status,
        string? reason,
        string? physicalId = null,
        string? token = "ours"
    ) =>
        new()
        {
            StackId = stack,
            Timestamp = new DateTime(2100, 1, 1, 0, 0, second, DateTimeKind.Utc),
            LogicalResourceId = logicalId,
            PhysicalResourceId = physicalId ?? logicalId,
            ResourceType = type,
            ResourceStatus = new ResourceStatus(status),
            ResourceStatusReason = reason,
            ClientRequestToken = token,
        };
}
