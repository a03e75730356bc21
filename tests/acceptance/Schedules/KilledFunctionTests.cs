using System.Collections.Concurrent;
using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Functions die after a request has had its effect and before they hear of it.</summary>
public sealed class KilledFunctionTests(ITestOutputHelper output)
{
    private const int Redrives = 40;

    /// <summary>One rehearsal kills every function once, each after its request of one number.</summary>
    [Fact]
    public async Task A_function_killed_after_any_of_its_requests_and_redriven_comes_to_the_same_end()
    {
        var (requests, undisturbed) = await Scheduled.Undisturbed.Value;
        requests.Count.ShouldBeGreaterThan(10);
        output.WriteLine(string.Join(", ", requests));
        var problems = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(1, requests.Values.Max()),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                var functions = requests.Where(function => function.Value >= number).Select(function => function.Key).ToList();
                Effects? effects = null;
                var killed = await Scheduled.Rehearse(
                    "schedule:\n"
                        + string.Concat(
                            functions.Select(function => $"  - {{ when: {{ request: {number}, of: {function} }}, do: kill }}\n")
                        )
                        + Scheduled.Lines(
                            Redrives,
                            time => $"  - {{ who: bob, when: {{ closes: 1, occurrence: {time}, wait: 1m }}, do: redrive }}"
                        ),
                    async (accounts, result) => effects = await accounts.EffectsOf(result)
                );
                foreach (var problem in Problems(killed, effects!, undisturbed, functions.Count))
                {
                    problems.Enqueue($"after request {number}: {problem}");
                }
            }
        );

        problems.Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static IEnumerable<string> Problems(CommandResult killed, Effects effects, Effects undisturbed, int kills)
    {
        var report = killed.Report;
        if (report.Verdict != "succeeded")
        {
            yield return $"{report.Verdict} {report.Error}: {report.Cause}";
        }

        if (effects != undisturbed)
        {
            yield return $"{effects} instead of {undisturbed}";
        }

        if ((report.LocksHeld, report.WaitsOpen) != (0, 0))
        {
            yield return $"locks held {report.LocksHeld}, waits open {report.WaitsOpen}";
        }

        foreach (var act in report.People!.Take(kills).Where(act => act.Outcome != ActOutcome.Done))
        {
            yield return $"{act.Did} at {act.When}: {act.Outcome} {act.Problem}";
        }
    }
}
