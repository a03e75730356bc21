using Amazon.StepFunctions;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Lock;

public sealed class TargetLockTests
{
    [Fact]
    public async Task Numbers_grow()
    {
        await using var desk = await Desk.Open();

        (await desk.Deployment("one")).Number.ShouldBe(1);
        (await desk.Deployment("two")).Number.ShouldBe(2);
    }

    /// <summary>What a look deploys again is given way to by whatever has come since the look.</summary>
    [Fact]
    public async Task A_deployment_that_came_after_the_last_one_that_is_known_supersedes_what_was_to_be_deployed_again()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        (await desk.Lock.NextNumber("inventory", "dev", new("changed-1"), after: one.Number)).ShouldBe(2);
        (await desk.Lock.NextNumber("inventory", "dev", new("changed-1"), after: one.Number)).ShouldBe(2, "asked for twice");
        var newer = await desk.Deployment("newer");
        (await desk.Lock.TakeOrWait(newer, 0, "token")).ShouldBeTrue();
        await desk.Lock.Ensure(newer, 0);

        (
            await Should.ThrowAsync<SupersededException>(desk.Lock.NextNumber("inventory", "dev", new("changed-2"), after: 2))
        ).Message.ShouldBe("a deployment of inventory to dev came after number 2; what was to be deployed again is not wanted now");
        (await desk.Lock.NextNumber("inventory", "dev", new("asked-for"))).ShouldBe(4, "somebody asks for it");
    }

    [Fact]
    public async Task The_second_waits_and_is_answered_when_the_first_settles()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));

        (await desk.Lock.TakeOrWait(one, 0, "token-1")).ShouldBeTrue();
        (await desk.Lock.TakeOrWait(two, 0, "token-2")).ShouldBeFalse();
        desk.Close("one", ExecutionStatus.SUCCEEDED);
        (await desk.Settling.Settle(one.Execution)).ShouldBeTrue();

        desk.Answers.ShouldBe(["success token-2"]);
        (await desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("two"));
    }

    [Fact]
    public async Task One_that_waits_leaves_the_line_and_one_that_owns_the_lock_keeps_it()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.TakeOrWait(one, 0, "token-1");
        await desk.Lock.TakeOrWait(two, 0, "token-2");

        (await desk.Lock.LeaveLine(one, "Gone", "for a test")).ShouldBeFalse();
        (await desk.Lock.LeaveLine(two, "Gone", "for a test")).ShouldBeTrue();
        (await desk.Lock.LeaveLine(two, "Gone", "for a test")).ShouldBeFalse("it waits no more");

        desk.Answers.ShouldBe(["Gone token-2"]);
        var record = (await desk.ReadLock())!;
        (record.Owner!.Deployment, record.Waiter).ShouldBe((new("one"), null));
        (await desk.Lock.IsOwnedBy(one)).ShouldBeTrue();
        (await desk.Lock.IsOwnedBy(two)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_newer_deployment_takes_the_place_of_one_that_still_waits()
    {
        await using var desk = await Desk.Open();
        var (one, two, three) = (await desk.Deployment("one"), await desk.Deployment("two"), await desk.Deployment("three"));
        await desk.Lock.TakeOrWait(one, 0, "token-1");
        await desk.Lock.TakeOrWait(two, 0, "token-2");

        (await desk.Lock.TakeOrWait(three, 0, "token-3")).ShouldBeFalse();

        desk.Answers.ShouldBe(["SupersededException token-2"]);
        await Should.ThrowAsync<SupersededException>(desk.Lock.TakeOrWait(two, 0, "token-2b"));
    }

    [Fact]
    public async Task A_dead_owner_is_settled_by_whoever_meets_it()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.TakeOrWait(one, 0, "token-1");
        desk.Close("one", ExecutionStatus.ABORTED);

        (await desk.Lock.TakeOrWait(two, 0, "token-2")).ShouldBeTrue();

        (await desk.Read("one"))!.Closed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_redriven_deployment_meets_a_running_one_and_has_to_wait()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.TakeOrWait(two, 0, "token-2");
        await desk.Lock.Ensure(two, 0);

        (await Should.ThrowAsync<TargetBusyException>(desk.Lock.Ensure(one, 0))).Message.ShouldContain("two");
    }

    [Fact]
    public async Task A_redriven_deployment_changes_nothing_after_a_newer_one_did()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.TakeOrWait(two, 0, "token-2");
        await desk.Lock.Ensure(two, 0);
        desk.Close("two", ExecutionStatus.SUCCEEDED);
        await desk.Settling.Settle(two.Execution);

        await Should.ThrowAsync<SupersededException>(desk.Lock.Ensure(one, 0));

        (await desk.ReadLock())!.Owner.ShouldBeNull();
    }

    [Fact]
    public async Task A_newer_one_that_changed_nothing_supersedes_nobody()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.TakeOrWait(two, 0, "token-2");
        desk.Close("two", ExecutionStatus.SUCCEEDED);
        await desk.Settling.Settle(two.Execution);

        await desk.Lock.Ensure(one, 0);

        (await desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("one"));
    }

    [Fact]
    public async Task A_redrive_opens_the_record_again()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        desk.Close("one", ExecutionStatus.FAILED);
        await desk.Settling.Settle(one.Execution);
        desk.Redrive("one");

        await desk.Lock.Ensure((await desk.Read("one"))!, 1);

        (await desk.Read("one"))!.Closed.ShouldBeFalse();
        (await desk.Ledger.Query(OpenDeployment.All)).Select(open => open.Deployment).ShouldBe([new("one")]);
    }

    [Fact]
    public async Task A_function_on_its_way_when_its_execution_is_stopped_does_not_take_the_lock_for_it()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        desk.Close("one", ExecutionStatus.ABORTED);
        await desk.Settling.Settle(one.Execution);

        await Should.ThrowAsync<ExecutionEndedException>(desk.Lock.Ensure(one, 0));
        await Should.ThrowAsync<ExecutionEndedException>(desk.Lock.TakeOrWait(one, 0, "token-1"));
        (await desk.Lock.TakeOrWait(two, 0, "token-2")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_function_of_the_run_before_a_redrive_does_not_take_the_lock_from_it()
    {
        await using var desk = await Desk.Open();
        var one = await desk.Deployment("one");
        await desk.Lock.Ensure(one, 1);

        await Should.ThrowAsync<ExecutionEndedException>(desk.Lock.Ensure(one, 0));

        (await desk.ReadLock())!.Owner!.RedriveCount.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_about_the_run_before_a_redrive_does_not_make_its_owner_dead()
    {
        await using var desk = await Desk.Open();
        var (one, two) = (await desk.Deployment("one"), await desk.Deployment("two"));
        await desk.Lock.Ensure(one, 1);
        desk.Close("one", ExecutionStatus.FAILED);

        (await desk.Lock.TakeOrWait(two, 0, "token-2")).ShouldBeFalse();

        (await desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("one"));
    }
}
