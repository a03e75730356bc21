using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Lock;

public sealed class SettlingTests
{
    [Fact]
    public async Task A_running_execution_is_left_alone()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, 0, "token");

        (await desk.Settling.Settle(one.Execution)).ShouldBeFalse();

        (await desk.ReadLock())!.Owner.ShouldNotBeNull();
    }

    /// <summary>
    /// <c>DescribeExecution</c> is eventually consistent,
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html.
    /// </summary>
    [Theory]
    [InlineData("RUNNING", 0, -30, null)]
    [InlineData("FAILED", 0, -90, -60)]
    public async Task An_end_that_is_not_shown_yet_is_asked_for_again(string status, int redrives, int began, int? ended)
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Settling.Reopen(one, 1);
        await desk.Lock.TakeOrWait((await desk.Read("one"))!, 1, "token");
        Describe(desk, status, redrives, began, ended);

        await Should.ThrowAsync<NotYetException>(() => desk.Settling.Settle(one.Execution, End));
        (await desk.ReadLock())!.Owner.ShouldNotBeNull();

        Describe(desk, "FAILED", 1, -30, 0);
        (await desk.Settling.Settle(one.Execution, End)).ShouldBeTrue();
        (await desk.ReadLock())!.Owner.ShouldBeNull();
        (await desk.Ledger.Query(OpenDeployment.All)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_end_after_which_a_redrive_began_is_none()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, 0, "token");
        Describe(desk, "RUNNING", 1, 5, null);

        (await desk.Settling.Settle(one.Execution, End)).ShouldBeFalse();

        (await desk.ReadLock())!.Owner.ShouldNotBeNull();
    }

    private static readonly DateTimeOffset End = new(2040, 1, 1, 0, 10, 0, 123, TimeSpan.Zero);

    private static void Describe(Desk desk, string status, int redrives, int began, int? ended) =>
        desk
            .StepFunctions.DescribeExecutionAsync(Arg.Any<DescribeExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeExecutionResponse
                {
                    Status = status,
                    StartDate = End.AddHours(-1).UtcDateTime,
                    RedriveCount = redrives,
                    RedriveDate = End.AddSeconds(began).UtcDateTime,
                    StopDate = ended is { } seconds ? End.AddSeconds(seconds).UtcDateTime : null,
                }
            );

    [Fact]
    public async Task Lock_waits_and_list_are_clean_afterwards_and_settling_again_changes_nothing()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, 0, "token");
        await desk.Wait("one", "group", "stack-1");
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
        await desk.Ledger.Put(
            DeploymentRecord.Key(new("one")),
            one with
            {
                Error = "StackFailedException",
                Cause = "Table failed",
                RemedySubject = "t",
            }
        );
        desk.Close("one", ExecutionStatus.FAILED);

        await desk.Settling.Settle(one.Execution);

        var record = (await desk.Read("one"))!;
        (record.Error, record.Cause, record.RemedySubject, record.Closed).ShouldBe(("StackFailedException", "Table failed", "t", true));
    }

    [Fact]
    public async Task A_redrive_that_came_meanwhile_keeps_the_lock_and_its_place_in_the_list()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.Ensure(one, 0);
        desk.Close("one", ExecutionStatus.FAILED);
        var seen = await desk.Executions.Standing(one.Execution);
        desk.Redrive("one");
        await desk.Lock.Ensure(one, 1);

        await desk.Settling.Settle(one.Execution, seen);

        (await desk.ReadLock())!.Owner!.RedriveCount.ShouldBe(1);
        (await desk.Read("one"))!.Closed.ShouldBeFalse();
        (await desk.Ledger.Query(OpenDeployment.All)).ShouldHaveSingleItem().RedriveCount.ShouldBe(1);
    }

    [Fact]
    public async Task The_error_of_a_redrive_replaces_the_one_before()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Ledger.Put(
            DeploymentRecord.Key(new("one")),
            one with
            {
                Error = "StackFailedException",
                Cause = "Table failed",
                RemedySubject = "t",
            }
        );
        desk.Redrive("one");
        desk.Close("one", ExecutionStatus.TIMED_OUT);

        await desk.Settling.Settle(one.Execution);

        var record = (await desk.Read("one"))!;
        (record.Error, record.Cause, record.RemedySubject).ShouldBe(
            ("TIMED_OUT", "the execution took longer than the TimeoutSeconds of its state machine", null)
        );
    }

    [Fact]
    public async Task The_first_failure_is_the_cause_whatever_fails_beside_it_afterwards()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        var failures = new Failures(desk.Ledger, desk.Settling);

        await Fails("first");
        await Fails("second");
        (await desk.Read("one"))!.Cause.ShouldBe("first");
        desk.Close("one", ExecutionStatus.FAILED);
        await desk.Settling.Settle(one.Execution);

        (await desk.Read("one"))!.Cause.ShouldBe("first");

        async Task Fails(string cause) =>
            await Should.ThrowAsync<StackFailedException>(
                failures.Recorded<bool>(one.Deployment, 0, () => throw new StackFailedException(cause))
            );
    }

    [Fact]
    public async Task The_new_failure_of_a_plan_that_was_redriven_takes_the_place_of_the_old_one_and_nothing_is_settled()
    {
        await using var desk = await Desk.Open();
        var plan = await desk.Deployment("one");
        await desk.Ledger.Delete(OpenDeployment.Key(plan.Deployment));
        var failures = new Failures(desk.Ledger, desk.Settling);

        await Fails(0, "first");
        await Fails(0, "second");
        (await desk.Read("one"))!.Cause.ShouldBe("first");
        await Fails(1, "third");

        var record = (await desk.Read("one"))!;
        (record.Error, record.Cause, record.RedriveCount, record.Closed).ShouldBe((nameof(StackFailedException), "third", 1, false));
        (await desk.Ledger.Query(OpenDeployment.All)).ShouldBeEmpty("the sweep has nothing to settle");

        async Task Fails(int redriveCount, string cause) =>
            await Should.ThrowAsync<StackFailedException>(
                failures.RecordedOfPlan<bool>(plan.Deployment, redriveCount, () => throw new StackFailedException(cause))
            );
    }

    [Fact]
    public async Task An_execution_that_was_just_started_is_not_dead()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        desk.Forget("one");
        await desk.Lock.TakeOrWait(one, 0, "token-1");

        (await desk.Settling.Settle(one.Execution)).ShouldBeFalse();
        (await desk.Lock.TakeOrWait(two, 0, "token-2")).ShouldBeFalse();
        await Should.ThrowAsync<TargetBusyException>(desk.Lock.Ensure(two, 0));

        (await desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("one"));
    }

    [Fact]
    public async Task An_execution_that_sweeps_do_not_find_for_minutes_was_deleted()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.TakeOrWait(one, 0, "token-1");
        desk.Forget("one");
        var now = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        (await Sweep(now)).ShouldBeFalse();
        (await Sweep(now.AddMinutes(5))).ShouldBeFalse();
        desk.Know("one");
        (await Sweep(now.AddMinutes(10))).ShouldBeFalse();
        desk.Forget("one");
        (await Sweep(now.AddMinutes(15))).ShouldBeFalse();
        (await Sweep(now.AddMinutes(25))).ShouldBeTrue();

        (await desk.ReadLock())!.Owner.ShouldBeNull();
        (await desk.Read("one"))!.Error.ShouldBe("ExecutionDoesNotExist");

        async Task<bool> Sweep(DateTimeOffset time) =>
            await desk.Settling.Settle((await desk.Ledger.Query(OpenDeployment.All)).ShouldHaveSingleItem(), time);
    }

    [Fact]
    public async Task A_Begin_on_its_way_when_its_execution_was_settled_takes_nothing()
    {
        await using var desk = await Desk.Open();
        desk.Close("late", ExecutionStatus.ABORTED);
        await desk.Settling.Settle(new(Desk.Arn("late")));
        var late = await desk.Deployment("late");

        await Should.ThrowAsync<ExecutionEndedException>(desk.Settling.RefuseEnded(late, 0));

        (await desk.ReadLock())!.Owner.ShouldBeNull();
        (await desk.Read("late"))!.Closed.ShouldBeTrue();
        (await desk.Ledger.Query(OpenDeployment.All)).ShouldBeEmpty();
    }
}
