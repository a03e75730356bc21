using System.Collections.Concurrent;
using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Functions die after a request has had its effect and before they hear of it.</summary>
public sealed class KilledFunctionTests(ITestOutputHelper output)
{
    /// <summary>
    /// Rehearsals side by side. In the first of them every function dies after its request 1, and, once it is tried again, after request
    /// 1 and this many more, and so on; in the second, after request 2: so each place is met with few rehearsals.
    /// </summary>
    private const int Worlds = 6;

    private const int Redrives = 60;

    /// <summary>
    /// Lambda tries an event three times in all; then a pipeline's job is lost, whatever the function does:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html.
    /// </summary>
    private const int MostKillsOfAnEvent = 2;

    private const string OfPipeline = "AnswerJob";

    [Fact]
    public async Task A_function_killed_after_any_of_its_requests_and_redriven_comes_to_the_same_end()
    {
        var (requests, undisturbed) = await Scheduled.Undisturbed.Value;
        requests.Count.ShouldBeGreaterThan(10);
        var problems = new ConcurrentQueue<string>();
        var places = requests.SelectMany(function => Enumerable.Range(1, function.Value).Select(number => new Kill(function.Key, number)));
        var left = places.ToHashSet();
        output.WriteLine($"{left.Count} places: {string.Join(", ", requests.Select(function => $"{function.Key} {function.Value}"))}");
        var next = Enumerable.Range(0, Worlds).Select(world => left.Where(kill => (kill.Number - 1) % Worlds == world).ToList()).ToList();
        while (left.Count > 0 && next.Count > 0)
        {
            var before = left.Count;
            var happened = new ConcurrentQueue<Kill>();
            await Parallel.ForEachAsync(
                next,
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
                async (kills, _) =>
                {
                    foreach (var kill in await Rehearse(Few(kills), undisturbed, problems))
                    {
                        happened.Enqueue(kill);
                    }
                }
            );
            left.ExceptWith(happened);
            // A function that finds its work done makes fewer requests: what was not reached so is met alone.
            next =
                left.Count < before && left.Count > 0
                    ?
                    [
                        [.. left.GroupBy(kill => kill.Function).Select(kills => kills.MinBy(kill => kill.Number)!)],
                    ]
                    : [];
        }

        problems.Order(StringComparer.Ordinal).ShouldBeEmpty();
        left.ShouldBeEmpty("these never happened");
    }

    private static IReadOnlyList<Kill> Few(IReadOnlyList<Kill> kills) =>
        [
            .. kills.Where(kill => kill.Function != OfPipeline),
            .. kills.Where(kill => kill.Function == OfPipeline).OrderBy(kill => kill.Number).Take(MostKillsOfAnEvent),
        ];

    private static async Task<IReadOnlyList<Kill>> Rehearse(
        IReadOnlyList<Kill> kills,
        Effects undisturbed,
        ConcurrentQueue<string> problems
    )
    {
        Effects? effects = null;
        var killed = await Scheduled.Rehearse(
            "schedule:\n"
                + string.Concat(kills.Select(kill => $"  - {{ when: {{ request: {kill.Number}, of: {kill.Function} }}, do: kill }}\n"))
                + Scheduled.Lines(
                    Redrives,
                    time => $"  - {{ who: bob, when: {{ closes: 1, occurrence: {time}, wait: 1m }}, do: redrive }}"
                ),
            async (accounts, result) => effects = await accounts.EffectsOf(result)
        );
        foreach (var problem in Problems(killed, effects!, undisturbed))
        {
            problems.Enqueue($"after {string.Join(", ", kills)}: {problem}");
        }

        return [.. kills.Zip(killed.Report.People!).Where(kill => kill.Second.Outcome == ActOutcome.Done).Select(kill => kill.First)];
    }

    private static IEnumerable<string> Problems(CommandResult killed, Effects effects, Effects undisturbed)
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
    }

    private sealed record Kill(string Function, int Number)
    {
        public override string ToString() => $"{Function} {Number}";
    }
}
