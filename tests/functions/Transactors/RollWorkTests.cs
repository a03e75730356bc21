using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
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

    private static Deployment Deployment(int revision, string status) =>
        new()
        {
            Id = $"ecs-svc/{revision}",
            Status = status,
            RolloutState = status == "PRIMARY" ? "IN_PROGRESS" : "COMPLETED",
            TaskDefinition = StubbedPair.Arn(revision),
            RunningCount = status == "PRIMARY" ? 0 : 1,
            CreatedAt = StubbedPair.Start,
        };

    private async Task<Outcome> Look(int minutes)
    {
        var now = StubbedPair.Start.AddMinutes(minutes);
        _pair.LogOfB =
        [
            [StubbedPair.Standby(7, now), StubbedPair.Standby(8, now)],
        ];
        var run = _pair.Run(_desk, _record, now);
        var outcome = await new ReplaceActiveWork(_desk.Ledger).Advance(run);
        _record = run.Record;
        return outcome;
    }
}
