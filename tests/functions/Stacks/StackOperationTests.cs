using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>
/// An operation is this deployment's only by its client request token, and what DescribeStacks answers right after a request may be what
/// was before it.
/// </summary>
public sealed class StackOperationTests
{
    private const string Own = "d-one-api-stack-1";
    private const string SomebodyElsesToken = "Console-UpdateStack-1";
    private static readonly DateTime Earlier = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("UPDATE_COMPLETE")]
    [InlineData("UPDATE_ROLLBACK_COMPLETE")]
    [InlineData("UPDATE_ROLLBACK_FAILED")]
    public async Task A_status_from_before_the_operation_is_neither_success_nor_failure(string status)
    {
        var cloudFormation = new AskedCloudFormation(new StackStatus(status));
        cloudFormation.Happened("d-before-api-stack-1", StackBench.StackName, new ResourceStatus(status), null);
        await using var bench = Executed(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Running>();
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_IN_PROGRESS, null);
        (await bench.Advance()).ShouldBeOfType<Outcome.Running>();

        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_end_that_only_the_events_show_waits_for_the_description_with_the_new_outputs()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Stack.LastUpdatedTime = Earlier;
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_IN_PROGRESS, null);
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_COMPLETE, null);
        await using var bench = Executed(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Running>();
        cloudFormation.Stack.LastUpdatedTime = Earlier.AddMinutes(5);

        (await bench.Advance()).ShouldBeOfType<Outcome.Succeeded>();
    }

    [Fact]
    public async Task A_stack_that_is_not_described_yet_is_waited_for()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        cloudFormation
            .Client.DescribeStacksAsync(default!, default)
            .ThrowsAsyncForAnyArgs(
                new AmazonCloudFormationException(
                    $"Stack with id {AskedCloudFormation.StackId} does not exist",
                    Amazon.Runtime.ErrorType.Sender,
                    "ValidationError",
                    "request",
                    System.Net.HttpStatusCode.BadRequest
                )
            );
        await using var bench = Executed(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Running>().What.ShouldContain("is not described yet");
    }

    [Fact]
    public async Task What_another_operation_did_after_ours_is_not_what_was_released()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Stack.LastUpdatedTime = Earlier.AddMinutes(9);
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_COMPLETE, null);
        cloudFormation.Happened(SomebodyElsesToken, StackBench.StackName, ResourceStatus.UPDATE_IN_PROGRESS, null);
        cloudFormation.Happened(SomebodyElsesToken, StackBench.StackName, ResourceStatus.UPDATE_COMPLETE, null);
        await using var bench = Executed(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Succeeded>();

        (await bench.Desk.Ledger.Read(ReleasedStep.Key("inventory", "dev", "api")))!.LastChanged.ShouldBe(string.Empty);
    }

    [Fact]
    public async Task An_update_that_somebody_cancelled_failed()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_IN_PROGRESS, null);
        cloudFormation.Happened(SomebodyElsesToken, StackBench.StackName, ResourceStatus.UPDATE_ROLLBACK_COMPLETE, null);
        await using var bench = Executed(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Failed>();
    }

    [Fact]
    public async Task An_operation_of_which_no_event_is_ours_after_the_change_set_was_gone_is_somebody_elses()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Happened(SomebodyElsesToken, StackBench.StackName, ResourceStatus.UPDATE_COMPLETE, null);
        cloudFormation
            .Client.ExecuteChangeSetAsync(default!, default)
            .ThrowsAsyncForAnyArgs(new ChangeSetNotFoundException("ChangeSet [arn:change-set] does not exist"));
        await using var bench = Executed(await Desk.Open(), cloudFormation, resource: null);

        // Looks within no time, as after functions that were killed, are one look.
        for (var look = 0; look < 20; look++)
        {
            await Should.ThrowAsync<NotYetException>(bench.Advance);
        }

        bench.Now += StackWork.TimeUntilForeign;

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldBe(
            "the change set arn:change-set is gone, and no event of stack inventory-dev-api is of this deployment: "
                + "another operation changed the stack in between; redrive to make a new one"
        );
        (await bench.Desk.Ledger.Read(ReleasedStep.Key("inventory", "dev", "api"))).ShouldBeNull();
    }

    [Fact]
    public async Task An_operation_whose_events_come_late_is_ours_although_the_change_set_was_gone()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation
            .Client.ExecuteChangeSetAsync(default!, default)
            .ThrowsAsyncForAnyArgs(new ChangeSetNotFoundException("ChangeSet [arn:change-set] does not exist"));
        await using var bench = Executed(await Desk.Open(), cloudFormation, resource: null);

        await Should.ThrowAsync<NotYetException>(bench.Advance);
        cloudFormation.Happened(Own, StackBench.StackName, ResourceStatus.UPDATE_COMPLETE, null);

        (await bench.Advance()).ShouldBeOfType<Outcome.Succeeded>();
    }

    [Fact]
    public async Task A_change_set_that_is_not_described_yet_is_looked_for_again()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Client.DescribeChangeSetAsync(default!, default).ThrowsAsyncForAnyArgs(NotFound());
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        for (var look = 0; look < 20; look++)
        {
            (await Should.ThrowAsync<NotYetException>(bench.Advance)).Message.ShouldBe(
                "the change set arn:change-set is not described yet"
            );
        }

        cloudFormation
            .Client.DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(new DescribeChangeSetResponse { StackName = "api", Status = ChangeSetStatus.CREATE_IN_PROGRESS });

        (await Should.ThrowAsync<NotYetException>(bench.Advance)).Message.ShouldBe("the change set of stack api is CREATE_IN_PROGRESS");
        cloudFormation.Changes.ShouldBe(["UPDATE change set"]);
    }

    [Fact]
    public async Task A_change_set_that_stays_away_is_gone_and_a_redrive_makes_a_new_one()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Client.DescribeChangeSetAsync(default!, default).ThrowsAsyncForAnyArgs(NotFound());
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        await Should.ThrowAsync<NotYetException>(bench.Advance);
        bench.Now += StackWork.TimeUntilForeign;

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldStartWith(
            "the change set arn:change-set is gone: another operation changed the stack in between"
        );
    }

    /// <summary>
    /// IAM judges requests about change sets by the stack: where only the id of one that is gone is named, there is none to judge by.
    /// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    /// </summary>
    [Fact]
    public async Task Every_request_about_a_change_set_names_the_stack()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);
        await Should.ThrowAsync<NotYetException>(bench.Advance);
        cloudFormation
            .Client.DescribeChangeSetAsync(default!, default)
            .ReturnsForAnyArgs(
                new DescribeChangeSetResponse
                {
                    StackName = StackBench.StackName,
                    StackId = AskedCloudFormation.StackId,
                    ChangeSetId = "arn:change-set",
                    Status = ChangeSetStatus.FAILED,
                    StatusReason = "The submitted information didn't contain changes.",
                }
            );

        (await bench.Advance()).ShouldBeOfType<Outcome.Succeeded>();

        foreach (var request in cloudFormation.Client.ReceivedCalls().Select(call => call.GetArguments()[0]))
        {
            switch (request)
            {
                case DescribeChangeSetRequest described:
                    described.StackName.ShouldNotBeNull();
                    break;
                case DeleteChangeSetRequest deleted:
                    deleted.StackName.ShouldNotBeNull();
                    break;
            }
        }

        await cloudFormation.Client.ReceivedWithAnyArgs().DeleteChangeSetAsync(default(DeleteChangeSetRequest)!, default);
    }

    private static ChangeSetNotFoundException NotFound() => new("ChangeSet [arn:change-set] does not exist");

    private static StackBench Executed(Desk desk, AskedCloudFormation cloudFormation, string? resource = AskedCloudFormation.StackId)
    {
        var bench = new StackBench(desk, cloudFormation.Client);
        bench.Record = bench.Record.Keep<StackProgress>(_ =>
            new()
            {
                Stack = AskedCloudFormation.StackId,
                ChangeSet = "arn:change-set",
                Inputs = "digest",
                Before = "2100-01-01T00:00:00.0000000Z",
            }
        ) with
        {
            Resource = resource,
            Action = StepAction.Updated,
            State = TaskState.Running,
        };
        return bench;
    }
}
