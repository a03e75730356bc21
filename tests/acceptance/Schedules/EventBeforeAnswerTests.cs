using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>The event of a stack's end is there before the function that began the operation has its answer.</summary>
public sealed class EventBeforeAnswerTests
{
    private const int Invocations = 8;

    /// <summary>Within the time-out of the functions' clients, and longer than the operation of a small stack takes.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(9.85);

    [Fact]
    public async Task A_stack_whose_end_is_heard_of_before_the_answer_to_its_beginning_is_updated_once()
    {
        var early = 0;
        foreach (var seed in new[] { "1", "2", "3", "4", "5", "6" })
        {
            using var service = await LogsService.Deployed();
            await service.Change("approval: true, ", string.Empty);
            await service.Retain(3);
            var file = await Scheduled.Write(
                service.Folder,
                $$"""
                schedule:
                  - when: { request: 1, of: UpdateStack, operation: cloudformation:ExecuteChangeSet }
                    do: { delay: { by: {{Delay.TotalSeconds}}s } }

                """
                    // They do nothing: they show when each invocation began.
                    + Scheduled.Lines(
                        Invocations,
                        number => $"  - {{ when: {{ request: 1, of: Resume, invocation: {number} }}, do: {{ pause: {{ for: 0s }} }} }}"
                    )
            );

            var rehearsed = await service.Run("rehearse", "--schedule", file, "--seed", seed);

            rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
            rehearsed.ShouldLeaveNothingBehind();
            await using var accounts = await SimulatedAccounts.OpenService(service.Path, service.State);
            var events = (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = "inventory-dev-logs" }))
                .StackEvents.Where(happened => happened.PhysicalResourceId == happened.StackId)
                .ToList();
            events.Count(happened => happened.ResourceStatus.Value == "UPDATE_IN_PROGRESS").ShouldBe(1);
            early += Early(rehearsed.Report.People!, Of(events, "UPDATE_COMPLETE") - Of(events, "UPDATE_IN_PROGRESS"));
        }

        early.ShouldBeGreaterThan(0, "no event was there before the answer");
    }

    private static DateTime Of(List<StackEvent> events, string status) =>
        events.First(happened => happened.ResourceStatus.Value == status).Timestamp!.Value;

    /// <summary>How many invocations of Resume came when the stack had ended and before the answer.</summary>
    private static int Early(IReadOnlyList<ActReport> people, TimeSpan operation)
    {
        var asked = people[0].VirtualSeconds.ShouldNotBeNull();
        return people
            .Skip(1)
            .Count(act => act.VirtualSeconds > asked + operation.TotalSeconds && act.VirtualSeconds < asked + Delay.TotalSeconds);
    }
}
