using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>Somebody else is at work on a stack when a deployment begins.</summary>
public sealed class StackBusyTests
{
    [Fact]
    public async Task An_update_by_hand_is_waited_for_by_event_and_then_updated()
    {
        using var state = new TemporaryFolder();
        await using var accounts = await SimulatedAccounts.Open(state.Path);
        await accounts.BeginUpdateByHand("inventory-dev");

        var report = await accounts.Deploy();

        report.Verdict.ShouldBe(Verdict.Succeeded);
        report.Stacks.ShouldContain(stack => stack.Name == "inventory-dev" && stack.Action == StepAction.Updated);

        // Looking every 15 seconds at an update of eight minutes would be 30 tasks more.
        var history = await accounts.History(report.Deployment!);
        history
            .Count(happened => happened.LambdaFunctionScheduledEventDetails is not null || happened.TaskScheduledEventDetails is not null)
            .ShouldBeLessThan(50);

        // The update by hand ends with several events, and an event may come twice: each wakes the step, and those that are judged at one
        // time ask for the same change set. Its name and client token are the step's, so CloudFormation makes it once and answers the
        // others
        // that there is one (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html). So not the
        // requests are counted but the operations: one by hand and one of ours.
        var events = (
            await accounts.Target.CloudFormation.DescribeStackEventsAsync(
                new DescribeStackEventsRequest { StackName = "inventory-dev" },
                TestContext.Current.CancellationToken
            )
        ).StackEvents;
        var begun = events
            .Where(happened =>
                happened.PhysicalResourceId == happened.StackId && happened.ResourceStatus == ResourceStatus.UPDATE_IN_PROGRESS
            )
            .Select(happened => happened.ClientRequestToken)
            .ToList();
        begun.Count.ShouldBe(2);
        begun.Count(token => token is null).ShouldBe(1, "the update by hand");
    }
}
