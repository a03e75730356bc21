using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>A heartbeat expires, and the task is tried again, while the function that answers for it is about to.</summary>
public sealed class HeartbeatTests
{
    private const int Invocations = 40;

    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(50);

    /// <summary>Each invocation of Resume is slow: longer than most of what is left of a heartbeat of 60 s.</summary>
    [Fact]
    public async Task A_heartbeat_that_expires_while_Resume_answers_changes_nothing()
    {
        var late = 0;
        foreach (var seed in new[] { "1", "2", "3" })
        {
            var rehearsed = await Scheduled.Rehearse(
                "schedule:\n"
                    // It does nothing: it shows at which second of the run a task began whose moment the history has.
                    + "  - { when: { begins: Begin }, do: { kill: { function: RemoveStack } } }\n"
                    + Scheduled.Lines(
                        Invocations,
                        number =>
                            $"  - {{ when: {{ request: 1, of: Resume, invocation: {number} }}, "
                            + $"do: {{ pause: {{ for: {Slowness.TotalSeconds}s }} }} }}"
                    ),
                async (accounts, result) =>
                {
                    (await accounts.EffectsOf(result)).ShouldBe((await Scheduled.Undisturbed.Value).Effects, $"seed {seed}");
                    late += await Late(accounts, result);
                },
                "--seed",
                seed
            );

            rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
            rehearsed.ShouldLeaveNothingBehind();
        }

        late.ShouldBeGreaterThan(0, "no heartbeat expired while Resume was at work");
    }

    /// <summary>How many invocations of Resume were at work when a heartbeat of the deployment expired.</summary>
    private static async Task<int> Late(SimulatedAccounts accounts, CommandResult result)
    {
        var people = result.Report.People!;
        var history = await accounts.History(result.Report.Deployment!);
        var scheduled = history.First(happened => happened.Type == HistoryEventType.TaskScheduled).Timestamp!.Value;
        var expired = history
            .Where(happened => happened.Type == HistoryEventType.TaskTimedOut)
            .Select(happened => (happened.Timestamp!.Value - scheduled).TotalSeconds + people[0].VirtualSeconds!.Value)
            .ToList();
        return people
            .Skip(1)
            .Count(act =>
                act.VirtualSeconds is { } began && expired.Exists(moment => began < moment && moment < began + Slowness.TotalSeconds)
            );
    }
}
