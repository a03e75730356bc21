using Amazon.ECS.Model;
using Deployer.Functions.Transactors;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>What is next, by what runs: whoever has begun it, and wherever it failed.</summary>
public sealed class NextChangeTests
{
    private const string Old = "arn:aws:ecs:us-east-1:111111111111:task-definition/tx:1";
    private const string New = "arn:aws:ecs:us-east-1:111111111111:task-definition/tx:2";
    private const string Unknown = "wait: the logs of tx-a and tx-b do not say which of them is active, and nothing ends either";
    private const string Silent =
        "wait: tx-b does not stand by yet, and nothing ends the transactor of tx-a, whose log does not say what it is";

    [Theory]
    // The standby first, whichever it is.
    [InlineData("old active", "old standby", false, "b 1")]
    [InlineData("old standby", "old active", false, "a 1")]
    [InlineData("old active", "old standby", true, "b 1")]
    // One that was never proven, or runs nothing, may end as well.
    [InlineData("old active", "old starting", true, "b 1")]
    [InlineData("old active", "old none", true, "b 1")]
    // Nothing says that it is active: what stands by sees the heartbeats of the other one.
    [InlineData("old standby", "old starting", true, "a 1")]
    [InlineData("old starting", "old standby", true, "b 1")]
    // It misses them, and is about to be active itself.
    [InlineData("old misses", "old starting", true, "b 1")]
    [InlineData("old starting", "old misses", true, "a 1")]
    [InlineData("old misses", "old standby", true, "b 1")]
    // Either may be the active one, and neither is ended.
    [InlineData("old starting", "old starting", false, Unknown)]
    [InlineData("old starting", "old starting", true, Unknown)]
    [InlineData("old starting", "old looks", false, Unknown)]
    [InlineData("old starting", "old none", false, "b 1")]
    [InlineData("old starting", "new starting", false, "nothing")]
    [InlineData("old starting", "new starting", true, Silent)]
    [InlineData("old starting", "new none", true, Silent)]
    [InlineData("old starting", "new standby", true, "a 1")]
    [InlineData("old starting", "new active", true, "a 1")]
    // The active one only beside a standby that was proven.
    [InlineData("old active", "new standby", false, "nothing")]
    [InlineData("old active", "new standby", true, "a 1")]
    [InlineData("old active", "new starting", true, "wait: tx-b does not stand by yet, and nothing ends the active transactor of tx-a")]
    [InlineData("old active", "new none", true, "wait: tx-b does not stand by yet, and nothing ends the active transactor of tx-a")]
    // After the takeover, however it came.
    [InlineData("old standby", "new active", true, "a 1")]
    [InlineData("new standby", "new active", true, "nothing")]
    [InlineData("new starting", "new active", true, "wait: there is no active transactor with a standby that sees its heartbeats")]
    [InlineData("new standby", "new standby", true, "wait: there is no active transactor with a standby that sees its heartbeats")]
    // A deployment that failed is begun again, one that goes on is taken over.
    [InlineData("failed active", "new standby", true, "a 1")]
    [InlineData("going standby", "new active", true, "a 1")]
    public void A_pair(string a, string b, bool all, string next) => Next(TransactorMode.Pair, a, b, all).ShouldBe(next);

    [Theory]
    // The part that is down is raised, whichever it is.
    [InlineData("old active", "down none", false, "b 1")]
    [InlineData("down none", "old active", false, "a 1")]
    [InlineData("down none", "down none", false, "a 1")]
    [InlineData("old active", "new standby", false, "nothing")]
    // And the other one dropped when it stands by.
    [InlineData("old active", "new standby", true, "a 0")]
    [InlineData("new standby", "old active", true, "b 0")]
    [InlineData("old active", "new starting", true, "wait: tx-b does not stand by yet, and nothing ends the transactor of tx-a")]
    [InlineData("down none", "new standby", true, "wait: the transactor of tx-b is not active yet")]
    [InlineData("down none", "new active", true, "nothing")]
    [InlineData("old starting", "down none", false, "b 1")]
    [InlineData("old starting", "new starting", true, "wait: tx-b does not stand by yet, and nothing ends the transactor of tx-a")]
    [InlineData("old starting", "old starting", false, Unknown)]
    // A pair that becomes a single one.
    [InlineData("new active", "new standby", true, "b 0")]
    [InlineData("new standby", "new active", true, "a 0")]
    public void A_single_one(string a, string b, bool all, string next) => Next(TransactorMode.Single, a, b, all).ShouldBe(next);

    private static string Next(TransactorMode mode, string a, string b, bool all) =>
        NextChange.Choose(new TransactorParts(Part("tx-a", a), Part("tx-b", b)), mode, [New], all) switch
        {
            NextChange.Change change => $"{change.Part.Name[^1]} {change.Desired}",
            NextChange.Wait wait => $"wait: {wait.What}",
            _ => "nothing",
        };

    private static TransactorPart Part(string name, string state)
    {
        var (runs, role) = (state.Split(' ')[0], state.Split(' ')[1]);
        var service = new Service
        {
            ServiceName = name,
            DesiredCount = runs == "down" ? 0 : 1,
            Deployments =
            [
                new Deployment
                {
                    Id = $"ecs-svc/{name}",
                    Status = "PRIMARY",
                    TaskDefinition = runs is "old" or "down" ? Old : New,
                    RolloutState =
                        runs == "failed" ? "FAILED"
                        : runs == "going" ? "IN_PROGRESS"
                        : "COMPLETED",
                },
            ],
        };
        TransactorSigns? signs = role switch
        {
            "active" => new TransactorSigns { Role = TransactorRole.Active, FirstBeat = 5 },
            "standby" => new TransactorSigns
            {
                Role = TransactorRole.Standby,
                StandsBy = true,
                LastSeen = 6,
            },
            "misses" => new TransactorSigns
            {
                Role = TransactorRole.Standby,
                StandsBy = true,
                LastSeen = 6,
                Misses = true,
            },
            "looks" => new TransactorSigns { Role = TransactorRole.Standby },
            "starting" => TransactorSigns.None,
            _ => null,
        };
        return new TransactorPart(
            service,
            signs is null ? [] : [new TransactorTask(new Amazon.ECS.Model.Task { TaskArn = $"arn:task/{name}" }, signs)]
        );
    }
}
