using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>A heartbeat expires, and the task is tried again, while the function that answers for it is about to.</summary>
public sealed class HeartbeatTests
{
    private const int Invocations = 40;

    /// <summary>Each invocation of Resume is slow: longer than most of what is left of a heartbeat of 60 s.</summary>
    [Fact]
    public async Task A_heartbeat_that_expires_while_Resume_answers_changes_nothing()
    {
        Effects? effects = null;
        var late = 0;
        var rehearsed = await Scheduled.Rehearse(
            "schedule:\n"
                // It does nothing: it shows at which second of the run a task began whose moment the history has.
                + "  - { when: { begins: Begin }, do: { kill: { function: RemoveStack } } }\n"
                + Scheduled.Lines(
                    Invocations,
                    number => $"  - {{ when: {{ request: 1, of: Resume, invocation: {number} }}, do: {{ delay: {{ by: 50s }} }} }}"
                )
                + Scheduled.Lines(
                    Invocations,
                    number =>
                        $"  - {{ when: {{ request: 1, of: Resume, invocation: {number}, operation: states:SendTaskSuccess }}, "
                        + "do: { delay: { by: 0s } } }"
                ),
            async (accounts, result) =>
            {
                effects = await accounts.EffectsOf(result);
                var people = result.Report.People!;
                var history = await accounts.History(result.Report.Deployment!);
                var scheduled = history.First(happened => happened.Type == HistoryEventType.TaskScheduled).Timestamp!.Value;
                var expired = history
                    .Where(happened => happened.Type == HistoryEventType.TaskTimedOut)
                    .Select(happened => (happened.Timestamp!.Value - scheduled).TotalSeconds + people[0].VirtualSeconds!.Value)
                    .ToList();
                late = people
                    .Skip(1)
                    .Take(Invocations)
                    .Zip(people.Skip(1 + Invocations), (began, answered) => (From: began.VirtualSeconds, To: answered.VirtualSeconds))
                    .Count(answer => expired.Exists(moment => answer.From < moment && moment < answer.To));
            }
        );

        late.ShouldBeGreaterThan(0, "no heartbeat expired between an invocation's begin and its answer");
        rehearsed.Report.Verdict.ShouldBe("succeeded", rehearsed.Report.Cause);
        effects.ShouldBe((await Scheduled.Undisturbed.Value).Effects);
        rehearsed.ShouldLeaveNothingBehind();
    }
}
