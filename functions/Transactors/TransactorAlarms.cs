using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>The alarms of a transactor that <c>templates/transactor.yaml</c> makes, as they stand.</summary>
/// <param name="On">Those that have gone off since the roll began, each with its reason.</param>
/// <param name="Before">Those that were on before it began, and still are.</param>
/// <param name="Pending">
/// Those that a transactor was missing for before all of them ran, or before one was active: the next periods of their metric turn them
/// off.
/// </param>
/// <param name="Missing">What was not watched.</param>
internal sealed record TransactorAlarms(
    IReadOnlyList<string> On,
    IReadOnlyList<string> Before,
    IReadOnlyList<PendingAlarm> Pending,
    IReadOnlyList<string> Missing
)
{
    private const string Heartbeat = "heartbeat-missing";
    private const string Standby = "standby-missing";

    private static readonly string[] Suffixes =
    [
        Heartbeat,
        Standby,
        "alarm",
        "a-memory",
        "b-memory",
        "reads-throttled",
        "writes-throttled",
    ];

    /// <summary>Their names in CloudWatch.</summary>
    /// <param name="transactor">The transactor's name.</param>
    /// <param name="isPair">Whether a standby is to be there.</param>
    public static IEnumerable<string> Names(string transactor, bool isPair) =>
        Suffixes.Where(suffix => isPair || suffix != Standby).Select(suffix => $"{transactor}-{suffix}");

    /// <summary>Reads them.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html</remarks>
    /// <param name="run">The step.</param>
    /// <param name="began">When the roll began, by AWS's clock: an alarm that was on before is not caused by it.</param>
    /// <param name="complete">Since when all transactors run that there are to be.</param>
    /// <param name="active">Since when one of them is active, where its log says so: it may have stood by for long before.</param>
    public static async Task<TransactorAlarms> Read(StepRun run, DateTime began, DateTime complete, DateTime? active)
    {
        var transactor = run.Text(run.Step<TransactorStep>().Transactor);
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        var names = Names(transactor, isPair).ToList();
        var described =
            (await run.Account.CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = names })).MetricAlarms ?? [];
        var (on, before, pending) = (new List<string>(), new List<string>(), new List<PendingAlarm>());
        foreach (var alarm in described.Where(alarm => alarm.StateValue == StateValue.ALARM))
        {
            var wasBefore = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp) < began;
            var there = alarm.AlarmName == $"{transactor}-{Heartbeat}" && active > complete ? active.Value : complete;
            if (IsOfAbsence(alarm, transactor) && LooksBehind(alarm, there))
            {
                pending.Add(new PendingAlarm(alarm.AlarmName, alarm.StateReason, wasBefore));
            }
            else if (wasBefore)
            {
                before.Add(WasBefore(alarm.AlarmName, alarm.StateReason));
            }
            else
            {
                on.Add($"the alarm {alarm.AlarmName} is on: {alarm.StateReason}");
            }
        }

        List<string> missing = [.. names.Where(name => !described.Exists(alarm => alarm.AlarmName == name))];
        return new TransactorAlarms(
            on,
            before,
            pending,
            missing.Count == 0 ? [] : [$"there is no alarm {string.Join(", ", missing)} in CloudWatch, so that it was not watched"]
        );
    }

    /// <summary>That an alarm was on before, for a notice.</summary>
    public static string WasBefore(string name, string? reason) =>
        $"the alarm {name} was on before the transactors were replaced, and still is: {reason}";

    /// <summary>A transactor that starts is what these two wait for.</summary>
    private static bool IsOfAbsence(MetricAlarm alarm, string transactor) =>
        alarm.AlarmName == $"{transactor}-{Heartbeat}" || alarm.AlarmName == $"{transactor}-{Standby}";

    /// <summary>
    /// Whether it went on for periods that began before a moment. An alarm looks at its last periods each time:
    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    /// </summary>
    private static bool LooksBehind(MetricAlarm alarm, DateTime moment) =>
        (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)
            - TimeSpan.FromSeconds((alarm.Period ?? 0) * (double)(alarm.EvaluationPeriods ?? 0))
        < moment;
}

/// <summary>An alarm that is on since a transactor was missing, and that goes off when one is there.</summary>
/// <param name="Name">The alarm.</param>
/// <param name="Reason">CloudWatch's reason.</param>
/// <param name="WasBefore">Whether it was on before the roll began.</param>
internal sealed record PendingAlarm(string Name, string? Reason, bool WasBefore);
