using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>The alarms of a transactor that <c>templates/transactor.yaml</c> makes, as they stand.</summary>
/// <param name="On">Those that have gone off since the roll began, each with its reason.</param>
/// <param name="Notices">What was not watched, or was on before.</param>
internal sealed record TransactorAlarms(IReadOnlyList<string> On, IReadOnlyList<string> Notices)
{
    private const string Standby = "standby-missing";

    private static readonly string[] Suffixes =
    [
        "heartbeat-missing",
        Standby,
        "alarm",
        "a-memory",
        "b-memory",
        "reads-throttled",
        "writes-throttled",
    ];

    /// <summary>Reads them.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html</remarks>
    /// <param name="run">The step.</param>
    /// <param name="began">When the roll began, by AWS's clock: an alarm that was on before is none of its doing.</param>
    public static async Task<TransactorAlarms> Read(StepRun run, DateTime began)
    {
        var transactor = run.Text(run.Step<TransactorStep>().Transactor);
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        List<string> names = [.. Suffixes.Where(suffix => isPair || suffix != Standby).Select(suffix => $"{transactor}-{suffix}")];
        var described =
            (await run.Account.CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = names })).MetricAlarms ?? [];
        var (on, notices) = (new List<string>(), new List<string>());
        foreach (var alarm in described.Where(alarm => alarm.StateValue == StateValue.ALARM))
        {
            var since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
            if (since >= began)
            {
                on.Add($"the alarm {alarm.AlarmName} is on: {alarm.StateReason}");
            }
            else
            {
                notices.Add($"the alarm {alarm.AlarmName} was on before the transactors were replaced, and still is: {alarm.StateReason}");
            }
        }

        List<string> missing = [.. names.Where(name => !described.Exists(alarm => alarm.AlarmName == name))];
        if (missing.Count > 0)
        {
            notices.Add($"there is no alarm {string.Join(", ", missing)} in CloudWatch, so that it was not watched");
        }

        return new TransactorAlarms(on, notices);
    }
}
