using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Transactors;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>A roll beside a former transactor whose log says nothing: it may be the active one, and may not have ended.</summary>
public sealed class RollWorkTests : IAsyncLifetime
{
    private readonly StubbedPair _pair = new() { RevisionOfB = 2, DeploymentsOfA = [Deployment(2, "PRIMARY"), Deployment(1, "ACTIVE")] };
    private Desk _desk = null!;

    private TaskRecord _record = new TaskRecord
    {
        Deployment = new("one"),
        Step = "tx",
        Task = "active",
        Kind = "transactor",
        Resource = "ecs-svc/2",
        State = TaskState.Running,
    }.Keep<TransactorProgress>(_ => new TransactorProgress
    {
        Definition = StubbedPair.Arn(2),
        Accepted = [StubbedPair.Arn(2)],
        Part = "tx-a",
        Desired = 1,
        WasActive = true,
        Began = StubbedPair.Start,
        Former = new FormerPart(StubbedPair.Arn(1), 1),
        FormerCounterpart = new FormerPart(StubbedPair.Arn(1), 1),
    });

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    /// <summary>Declared by each kind for itself: without ECS services of another kind it would be missing.</summary>
    [Fact]
    public void The_end_of_a_deployment_ends_the_waits_of_both_tasks()
    {
        foreach (var work in new RollWork[] { new ReplaceStandbyWork(_desk.Ledger), new ReplaceActiveWork(_desk.Ledger) })
        {
            work.Events.ShouldBe([ServiceEvents.Deployments], work.Task);
        }
    }

    [Fact]
    public async Task A_silent_one_is_not_said_to_have_ended_and_nothing_is_put_back_over_it()
    {
        (await Look(1)).ShouldBeOfType<Outcome.Running>().WaitsFor.ShouldBe("ecs-svc/2", "whose event ends the wait");
        (await Look(5)).ShouldBeOfType<Outcome.Running>();
        _pair.DeploymentsOfA![0].RolloutState = "FAILED";
        _pair.DeploymentsOfA[0].RolloutStateReason = "tasks failed to start.";

        var failed = (await Look(6)).ShouldBeOfType<Outcome.Failed>().Cause.ShouldBeOfType<TakeoverFailedException>();

        failed.Message.ShouldStartWith(
            "deployment ecs-svc/2 of service tx-a failed: tasks failed to start; the former transactor runs and may be active, though its "
                + "log does not say so, so nothing was put back; tx-a runs tx:1 (without a word in its log); tx-b runs tx:2 (standby)"
        );
        _pair.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_active_one_that_somebody_turns_off_is_named_when_the_other_one_has_taken_over_and_nothing_is_put_back()
    {
        _pair.DesiredOfA = 0;

        (await Look(1))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("the desired count of tx-a was set to 0 by somebody, and no other one has taken over");
        var failed = (await Look(2, isTakenOver: true)).ShouldBeOfType<Outcome.Failed>().Cause;

        failed
            .ShouldBeOfType<TransactorCountChangedException>()
            .Message.ShouldBe(
                "the desired count of tx-a was set to 0 by somebody while its transactor was replaced; nothing was put back; "
                    + "tx-a runs no transactor (its desired count is 0); tx-b runs tx:2 (active)"
            );
        _pair.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_no_other_one_takes_over_from_one_that_was_turned_off_both_are_put_back()
    {
        _pair.DesiredOfA = 0;
        (await Look(1)).ShouldBeOfType<Outcome.Running>();

        (await Look(3)).ShouldBeOfType<Outcome.Running>().What.ShouldBe("tx-a and tx-b are put back to tx:1");

        _record
            .Kept<TransactorProgress>()
            .Cause.ShouldNotBeNull()
            .ShouldStartWith("the desired count of tx-a was set to 0 by somebody, and no other one took over");
        _pair
            .Updates.Select(update => (update.Service, update.TaskDefinition, update.DesiredCount))
            .ShouldBe([("tx-a", StubbedPair.Arn(1), 1), ("tx-b", StubbedPair.Arn(1), 1)]);
    }

    /// <summary>A read may be older than the update that has raised it again, which makes no deployment.</summary>
    [Fact]
    public async Task A_number_of_tasks_that_may_be_older_than_the_update_is_not_believed_at_once()
    {
        _pair.DesiredOfA = 0;
        _pair.DeploymentsOfA![0].CreatedAt = StubbedPair.Start.AddHours(-1);
        _record = _record.Keep<TransactorProgress>(kept => kept with { WasActive = false });

        (await Look(0)).ShouldBeOfType<Outcome.Running>().What.ShouldBe("tx-a has no task with tx:2 yet");
        (await Look(1)).ShouldBeOfType<Outcome.Failed>().Cause.ShouldBeOfType<TransactorCountChangedException>();
    }

    [Fact]
    public async Task A_failure_of_the_deployment_comes_before_what_somebody_did_since()
    {
        _pair.DesiredOfA = 0;
        _pair.DeploymentsOfA![0].RolloutState = "FAILED";
        _pair.DeploymentsOfA[0].RolloutStateReason = "tasks failed to start.";

        await Look(1);

        _record
            .Kept<TransactorProgress>()
            .Cause.ShouldNotBeNull()
            .ShouldStartWith("deployment ecs-svc/2 of service tx-a failed: tasks failed to start");
    }

    /// <summary>With another task definition beside it, too.</summary>
    [Fact]
    public async Task One_that_somebody_turns_off_with_a_deployment_of_its_own_is_turned_off()
    {
        _pair.DesiredOfA = 0;
        _pair.DeploymentsOfA = [Deployment(3, "PRIMARY")];
        _pair.DeploymentsOfA[0].CreatedAt = StubbedPair.Start.AddSeconds(30);
        _record = _record.Keep<TransactorProgress>(kept => kept with { WasActive = false });

        (await Look(1))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorCountChangedException>()
            .Message.ShouldStartWith("the desired count of tx-a was set to 0 by somebody while its transactor was replaced; nothing was");
    }

    [Fact]
    public async Task One_that_somebody_raises_while_it_is_dropped_is_named()
    {
        _record = _record.Keep<TransactorProgress>(kept => kept with { Desired = 0, WasActive = false });

        (await Look(0)).ShouldBeOfType<Outcome.Running>("a read may be older than the update");
        (await Look(1))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorCountChangedException>()
            .Message.ShouldStartWith(
                "the desired count of tx-a was set to 1 by somebody while its transactor was ended; nothing was put back; tx-a runs tx:1"
            );
        _pair.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_stays_alone_and_that_somebody_turns_off_is_named_and_what_was_before_is_put_back()
    {
        (_pair.DesiredOfA, _pair.DesiredOfB) = (0, 0);
        _record = _record.Keep<TransactorProgress>(kept =>
            kept with
            {
                Desired = 0,
                FormerCounterpart = new FormerPart(StubbedPair.Arn(2), 0),
            }
        );

        (await Look(1)).ShouldBeOfType<Outcome.Running>().What.ShouldStartWith("tx-a and tx-b are put back to tx:1");

        _record
            .Kept<TransactorProgress>()
            .Cause.ShouldNotBeNull()
            .ShouldStartWith("the desired count of tx-b was set to 0 by somebody while the transactor of tx-a was ended");
        var update = _pair.Updates.ShouldHaveSingleItem();
        (update.Service, update.TaskDefinition, update.DesiredCount).ShouldBe(("tx-a", StubbedPair.Arn(1), 1));
    }

    /// <summary>Nobody's deployment is replaced without a word, also where what was before would be put back.</summary>
    [Fact]
    public async Task What_others_have_deployed_to_the_other_one_is_left_alone_where_none_takes_over()
    {
        _pair.DesiredOfA = 0;
        _pair.DeploymentsOfB = [Deployment(7, "PRIMARY", StubbedPair.Start.AddSeconds(30))];
        _record = _record.Keep<TransactorProgress>(kept => kept with { Decided = StubbedPair.Start.AddMinutes(-5) });
        (await Look(1)).ShouldBeOfType<Outcome.Running>();

        (await Look(3)).ShouldBeOfType<Outcome.Running>().What.ShouldBe("tx-a is put back to tx:1");

        _record
            .Kept<TransactorProgress>()
            .Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "the desired count of tx-a was set to 0 by somebody, and no other one took over; another deployment took the place of what "
                    + "was deployed to service tx-b, ecs-svc/7 with tx:7, which was left alone"
            );
        _pair.Updates.ShouldHaveSingleItem().Service.ShouldBe("tx-a");
    }

    [Fact]
    public async Task What_others_deploy_while_what_was_before_is_put_back_is_named_and_left_alone()
    {
        _pair.DesiredOfA = 0;
        (await Look(1)).ShouldBeOfType<Outcome.Running>();
        (await Look(3)).ShouldBeOfType<Outcome.Running>().What.ShouldBe("tx-a and tx-b are put back to tx:1");
        _pair.Updates.Clear();
        _pair.DesiredOfA = 1;
        _pair.DeploymentsOfA = [Deployment(7, "PRIMARY", StubbedPair.Start.AddMinutes(4))];

        (await Look(5))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TakeoverFailedException>()
            .Message.ShouldStartWith(
                "the desired count of tx-a was set to 0 by somebody, and no other one took over; tx-a was not put back to tx:1: another "
                    + "deployment took the place of what was deployed to service tx-a, ecs-svc/7 with tx:7; tx-a runs "
            );
        _pair.Updates.ShouldBeEmpty();
    }

    private static Deployment Deployment(int revision, string status, DateTime? created = null) =>
        new()
        {
            Id = $"ecs-svc/{revision}",
            Status = status,
            RolloutState = status == "PRIMARY" ? "IN_PROGRESS" : "COMPLETED",
            TaskDefinition = StubbedPair.Arn(revision),
            RunningCount = status == "PRIMARY" ? 0 : 1,
            CreatedAt = created ?? StubbedPair.Start,
        };

    private async Task<Outcome> Look(int minutes, bool isTakenOver = false)
    {
        var now = StubbedPair.Start.AddMinutes(minutes);
        _pair.LogOfB =
        [
            isTakenOver
                ? [StubbedPair.Beat(9, now), StubbedPair.Beat(10, now)]
                : [StubbedPair.Standby(7, now), StubbedPair.Standby(8, now)],
        ];
        var run = _pair.Run(_desk, _record, now);
        var outcome = await new ReplaceActiveWork(_desk.Ledger).Advance(run);
        _record = run.Record;
        return outcome;
    }
}
