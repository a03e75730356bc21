using System.Globalization;
using Amazon.CloudWatchLogs.Model;
using Deployer.Functions.Accounts;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>What a look at a revision that is live found.</summary>
/// <param name="Trouble">What is wrong, to go on after "the revision is live and"; <see langword="null"/> when nothing is known to
/// be.</param>
/// <param name="Unwatched">A sentence for each thing that could not be watched: its silence says nothing.</param>
public sealed record BakeFinding(string? Trouble, IReadOnlyList<string> Unwatched);

/// <summary>Watches a revision that is live: alerts in Datomic's log, free memory of the nodes, requests that are turned away.</summary>
/// <param name="account">The target.</param>
/// <param name="group">The compute group.</param>
/// <param name="bake">How long, and what is too much.</param>
public sealed class BakeWatch(TargetAccount account, string group, BakeSpec bake)
{
    private const string FreeMemory = "JvmFreeMb";

    // Datomic speaks of an extended period without saying how long; this is chosen, and a shorter bake takes all of it.
    private const int LowMinutes = 3;

    private static readonly string[] Throttles = ["HttpDirectThrottled", "HttpEndpointThrottled"];

    // The free memory after the start is taken to be the most that there was since then: the nodes were deployed to within it, one
    // after another.
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    // Far enough ahead that nothing of the bake lies behind it; nothing here reads a clock.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>Looks at what happened since a moment.</summary>
    public async Task<BakeFinding> FindTrouble(DateTime since)
    {
        var cause = new IonCause(account, group);
        if (await cause.System() is not { } system)
        {
            return new BakeFinding(
                null,
                [$"stack {group} names no SystemName: neither Datomic's log nor its metrics were watched in the bake"]
            );
        }

        var unwatched = new List<string>();
        try
        {
            if (await cause.FirstAlert(since) is { } alert)
            {
                return new BakeFinding($"an alert came in its bake: {alert}", []);
            }
        }
        catch (ResourceNotFoundException)
        {
            unwatched.Add($"there is no log {IonCause.LogGroup(system)}: alerts were not watched in the bake");
        }

        var metrics = new IonMetrics(account.CloudWatch, system, group);
        foreach (var (metric, statistic, judge) in Judges())
        {
            var series = await metrics.Read(metric, statistic, since - Before, since + bake.Window + Ahead);
            if (series.Select(values => judge(values, since)).FirstOrDefault(found => found is not null) is { } trouble)
            {
                return new BakeFinding(trouble, []);
            }

            if (!series.Any(values => values.Any(value => value.Time >= since)))
            {
                unwatched.Add(
                    $"CloudWatch has no values of {metric} in {IonMetrics.Namespace} for {system} and {group}: it "
                        + "was not watched in the bake"
                );
            }
        }

        return new BakeFinding(null, unwatched);
    }

    /// <summary>The metrics that a bake reads.</summary>
    public IEnumerable<string> Metrics => Judges().Select(judge => judge.Metric);

    private IEnumerable<(string Metric, string Statistic, Func<IReadOnlyList<MetricValue>, DateTime, string?> Judge)> Judges()
    {
        if (bake.FreeMemory > 0)
        {
            yield return (FreeMemory, "Minimum", Memory);
        }

        foreach (var metric in Throttles)
        {
            yield return (metric, "Sum", (values, since) => Throttled(metric, values, since));
        }
    }

    private string? Memory(IReadOnlyList<MetricValue> values, DateTime since)
    {
        var start = values.Max(value => value.Value);
        var least = start * bake.FreeMemory / 100;
        var wanted = Math.Min(LowMinutes, (int)bake.Window.TotalMinutes);
        var low = 0;
        foreach (var value in values.Where(value => value.Time >= since))
        {
            low = value.Value < least ? low + 1 : 0;
            if (low == wanted)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"memory ran short in its bake: {FreeMemory} was below {bake.FreeMemory} % of {start:0} for "
                        + $"{wanted} consecutive minutes, {value.Value:0} at {value.Time:HH:mm} UTC"
                );
            }
        }

        return null;
    }

    private string? Throttled(string metric, IReadOnlyList<MetricValue> values, DateTime since)
    {
        var turnedAway = values.Where(value => value.Time >= since).Sum(value => value.Value);
        return turnedAway > bake.Throttled
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"requests were turned away in its bake because the nodes were busy: {metric} was {turnedAway:0}, "
                    + $"and {bake.Throttled} are allowed"
            )
            : null;
    }
}
