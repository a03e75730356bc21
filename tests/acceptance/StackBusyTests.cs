using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>Somebody else is at work on a stack when a deployment begins.</summary>
public sealed class StackBusyTests
{
    [Fact(Skip = "since requests take simulated time a fourth change set is asked for; to be judged with the schedules of people")]
    public async Task An_update_by_hand_is_waited_for_by_event_and_then_updated()
    {
        using var state = new TemporaryFolder();
        await using var accounts = await SimulatedAccounts.Open(state.Path);
        await accounts.BeginUpdateByHand("inventory-dev");

        var report = await accounts.Deploy();

        report.Verdict.ShouldBe("succeeded");
        report.Stacks.ShouldContain(stack => stack.Name == "inventory-dev" && stack.Action == StepAction.Updated);

        // Looking every 15 seconds at an update of eight minutes would be 30 tasks more.
        var history = await accounts.History(report.Deployment!);
        history
            .Count(happened => happened.LambdaFunctionScheduledEventDetails is not null || happened.TaskScheduledEventDetails is not null)
            .ShouldBeLessThan(50);
        report.Calls.Where(call => call.Operation == "CreateChangeSet").Sum(call => call.Count).ShouldBe(3);
    }
}
