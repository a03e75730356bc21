using System.Text.Json;
using Deployer.Functions.Ions;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.OutsideChanges;

public sealed class WatchedSourceTests
{
    [Fact]
    public void An_event_of_a_stack_names_it_without_its_own_id_and_says_by_which_operation() =>
        StackEvents
            .Watched.Read(
                Event(
                    "aws.cloudformation",
                    """
                    {"stack-id":"arn:aws:cloudformation:us-east-1:111111111111:stack/api/6a","status-details":{"status":"UPDATE_COMPLETE"},
                    "client-request-token":"Console-1"}
                    """
                )
            )
            .ShouldBe(new OutsideEvent("arn:aws:cloudformation:us-east-1:111111111111:stack/api", "UPDATE_COMPLETE", "Console-1"));

    [Fact]
    public void An_operation_without_a_token_has_no_name() =>
        StackEvents
            .Watched.Read(
                Event(
                    "aws.cloudformation",
                    """{"stack-id":"arn:aws:cloudformation:r:1:stack/api/6a","status-details":{"status":"X"},"client-request-token":""}"""
                )
            )!
            .Operation.ShouldBeNull();

    [Fact]
    public void An_instance_that_was_launched_is_of_its_group_in_its_account_and_region() =>
        IonEvents
            .Launches.Read(Event("aws.autoscaling", """{"AutoScalingGroupName":"g","EC2InstanceId":"i-1","ActivityId":"a-1"}"""))
            .ShouldBe(
                new OutsideEvent(IonEvents.Scaling("111111111111", "us-east-1", "g"), "instance i-1 was launched", "a-1")
                {
                    FollowsCapacity = true,
                }
            );

    [Theory]
    [InlineData("aws.cloudformation", "{}")]
    [InlineData("aws.cloudformation", "[]")]
    [InlineData("aws.cloudformation", """{"stack-id":5}""")]
    [InlineData(
        "aws.cloudformation",
        """{"stack-id":"arn:aws:cloudformation:r:1:stack/api/6a","status-details":{"status":"REVIEW_IN_PROGRESS"}}"""
    )]
    [InlineData("aws.autoscaling", "{}")]
    [InlineData("aws.ec2", """{"AutoScalingGroupName":"g","EC2InstanceId":"i-1"}""")]
    public void What_cannot_be_read_or_is_of_another_service_says_nothing(string source, string detail)
    {
        StackEvents.Watched.Read(Event(source, detail)).ShouldBeNull();
        IonEvents.Launches.Read(Event(source, detail)).ShouldBeNull();
    }

    private static SettledEvent Event(string source, string detail) =>
        new(source, JsonDocument.Parse(detail).RootElement, Account: "111111111111", Region: "us-east-1");
}
