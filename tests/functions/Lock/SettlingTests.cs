using Amazon.StepFunctions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Lock;

public sealed class SettlingTests
{
    [Fact]
    public async Task A_running_execution_is_left_alone()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, "token");

        (await desk.Settling.Settle(one.Execution)).ShouldBeFalse();

        (await desk.ReadLock())!.Owner.ShouldNotBeNull();
    }

    [Fact]
    public async Task Lock_waits_and_list_are_clean_afterwards_and_settling_again_changes_nothing()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, "token");
        await desk.Ledger.Put(
            TaskRecord.Key(new("one"), "group", "stack"),
            new TaskRecord
            {
                Deployment = new("one"),
                Step = "group",
                Task = "stack",
                Kind = "stack",
                Waits = ["stack-1"],
            }
        );
        await desk.Ledger.Put(
            WaitRecord.Key("stack-1", new("one"), "group", "stack"),
            new WaitRecord
            {
                Resource = "stack-1",
                Deployment = new("one"),
                Step = "group",
                Task = "stack",
                Token = "task-token",
            }
        );
        desk.Close("one", ExecutionStatus.TIMED_OUT);

        for (var time = 0; time < 2; time++)
        {
            (await desk.Settling.Settle(one.Execution)).ShouldBeTrue();
            (await desk.ReadLock())!.Owner.ShouldBeNull();
            (await desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldBeEmpty();
            (await desk.Ledger.Query(OpenDeployment.All)).ShouldBeEmpty();
            (await desk.Read("one"))!.Error.ShouldBe("TIMED_OUT");
        }
    }

    [Fact]
    public async Task The_cause_that_the_failing_function_wrote_down_stays()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Ledger.Put(DeploymentRecord.Key(new("one")), one with { Error = "StackFailedException", Cause = "Table failed" });
        desk.Close("one", ExecutionStatus.FAILED);

        await desk.Settling.Settle(one.Execution);

        var record = (await desk.Read("one"))!;
        (record.Error, record.Cause, record.Closed).ShouldBe(("StackFailedException", "Table failed", true));
    }
}
