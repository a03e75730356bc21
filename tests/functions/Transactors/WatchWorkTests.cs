using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Transactors;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>How transactors are watched: one look at a log without lines is no fact yet.</summary>
public sealed class WatchWorkTests : IAsyncLifetime
{
    private readonly StubbedPair _pair = new();
    private Desk _desk = null!;

    private TaskRecord _record = new()
    {
        Deployment = new("one"),
        Step = "tx",
        Task = "watch",
        Kind = "transactor",
    };

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Silence_is_a_failure_when_it_lasts()
    {
        Speak(0);
        (await Look(0)).ShouldBeOfType<Outcome.Running>();
        (_pair.LogOfA, _pair.LogOfB) = (
            [
                [],
            ],
            [
                [],
            ]
        );

        (await Look(30)).ShouldBeOfType<Outcome.Running>().What.ShouldBe("no transactor was active while they were watched");
        (await Look(80)).ShouldBeOfType<Outcome.Running>();
        (await Look(90))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorUnsteadyException>()
            .Message.ShouldStartWith("no transactor was active while they were watched; tx-a runs tx:1 (without a word in its log)");
    }

    /// <summary>Those that run, too; without the events that a transactor writes all the time, and without secrets.</summary>
    [Fact]
    public async Task The_last_lines_of_a_transactor_that_runs_and_does_not_do_its_part_are_in_the_cause()
    {
        Speak(0);
        await Look(0);
        var now = StubbedPair.Start.AddSeconds(1);
        _pair.LogOfB =
        [
            [
                .. Enumerable.Range(1, 12).Select(number => StubbedPair.Line($"try {number} with {StubbedPair.Hidden}", now)),
                StubbedPair.Standby(7, now),
            ],
        ];
        _pair.LogOfA =
        [
            [StubbedPair.Beat(8, StubbedPair.Start)],
        ];

        await Look(100);
        var failed = (await Look(200)).ShouldBeOfType<Outcome.Failed>().Cause;

        failed
            .Message.Split('\n')[1..]
            .ShouldBe([.. Enumerable.Range(3, 10).Select(number => $"log /tx, task tx-b of tx-b: try {number} with ****")]);
    }

    /// <summary>Both have run for long, and nobody wrote until one took over: the next periods turn the alarm off.</summary>
    [Fact]
    public async Task An_alarm_that_went_on_before_one_took_over_is_waited_for_and_one_that_went_on_later_is_a_failure()
    {
        var alarm = new MetricAlarm
        {
            AlarmName = "tx-heartbeat-missing",
            StateValue = StateValue.ALARM,
            StateReason = "no datapoints",
            StateTransitionedTimestamp = StubbedPair.Start.AddSeconds(150),
            Period = 60,
            EvaluationPeriods = 2,
        };
        _pair.Alarms.Add(alarm);
        Speak(200);

        (await Look(210)).ShouldBeOfType<Outcome.Running>().What.ShouldStartWith("the transactors have run for ");

        alarm.StateTransitionedTimestamp = StubbedPair.Start.AddSeconds(330);
        Speak(340);
        (await Look(340))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.Message.ShouldStartWith("the alarm tx-heartbeat-missing is on: no datapoints");
    }

    [Fact]
    public async Task One_look_without_lines_between_others_is_forgotten()
    {
        Speak(0);
        await Look(0);
        _pair.LogOfB =
        [
            [],
        ];

        (await Look(30))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("the standby did not see the heartbeats of the active transactor while they were watched");
        Speak(60);
        (await Look(60)).ShouldBeOfType<Outcome.Running>().What.ShouldStartWith("the transactors have run for 1 of 5 minutes");
        _pair.LogOfB =
        [
            [],
        ];
        (await Look(100)).ShouldBeOfType<Outcome.Running>();
        Speak(300);
        (await Look(300)).ShouldBeOfType<Outcome.Succeeded>();
    }

    /// <summary>Of a single transactor, too: the release is not at fault.</summary>
    [Fact]
    public async Task A_single_transactor_that_somebody_turns_off_is_named()
    {
        (_pair.DesiredOfA, _pair.Mode) = (0, "single");
        _pair.LogOfB =
        [
            [StubbedPair.Beat(7, StubbedPair.Start), StubbedPair.Beat(8, StubbedPair.Start)],
        ];
        (await Look(0)).ShouldBeOfType<Outcome.Running>().What.ShouldStartWith("the transactors have run for 0 of 5 minutes");
        _pair.DesiredOfB = 0;

        (await Look(30))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorTurnedOffException>()
            .Message.ShouldStartWith(
                "the desired count of tx-b was set to 0 by somebody; tx-a runs no transactor (its desired count is 0)"
            );
    }

    /// <summary>Of the same revision, too: its task ends the one that is watched.</summary>
    [Fact]
    public async Task A_deployment_of_others_is_named_and_not_held_against_the_release()
    {
        Speak(0);
        await Look(0);
        _pair.DeploymentsOfA =
        [
            new Amazon.ECS.Model.Deployment
            {
                Id = "ecs-svc/9",
                Status = "PRIMARY",
                RolloutState = "IN_PROGRESS",
                TaskDefinition = StubbedPair.Arn(1),
            },
        ];

        (await Look(20))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorReplacedException>()
            .Message.ShouldStartWith(
                "deployment ecs-svc/a of service tx-a was replaced; another deployment took its place, ecs-svc/9 with tx:1; tx-a runs tx:1"
            );
    }

    /// <summary>By what the tasks before have kept: the watch itself has seen no other.</summary>
    [Fact]
    public async Task A_revision_that_the_roll_has_not_left_is_not_watched()
    {
        var roll = (
            new TaskRecord
            {
                Deployment = _record.Deployment,
                Step = "tx",
                Task = "active",
                Kind = "transactor",
            }.Keep<TransactorProgress>(kept => kept with { Accepted = [StubbedPair.Arn(2)] })
        );
        await _desk.Ledger.Put(TaskRecord.Key(roll.Deployment, roll.Step, roll.Task), roll);
        _pair.RevisionOfB = 2;
        Speak(0);

        (await Look(0))
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.ShouldBeOfType<TransactorReplacedException>()
            .Message.ShouldStartWith(
                "another deployment took the place of what was deployed to service tx-a, ecs-svc/a with tx:1; tx-a runs tx:1 (active)"
            );
    }

    private void Speak(int seconds)
    {
        var now = StubbedPair.Start.AddSeconds(seconds);
        _pair.LogOfA =
        [
            [StubbedPair.Beat(7, now), StubbedPair.Beat(8, now)],
        ];
        _pair.LogOfB =
        [
            [StubbedPair.Standby(7, now), StubbedPair.Standby(8, now)],
        ];
    }

    private async Task<Outcome> Look(int seconds)
    {
        var run = _pair.Run(_desk, _record, StubbedPair.Start.AddSeconds(seconds));
        var outcome = await new WatchWork(new Revisions(_desk, _desk.Settings, _desk.Ledger), _desk.Ledger).Advance(run);
        _record = run.Record;
        return outcome;
    }
}
