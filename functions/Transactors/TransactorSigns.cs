using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.CloudWatchLogs.Model;

namespace Deployer.Functions.Transactors;

/// <summary>What a transactor does by the last of its events.</summary>
internal enum TransactorRole
{
    /// <summary>It has said nothing yet, or nothing lately.</summary>
    Unknown,

    /// <summary>It looks for the heartbeats of another one.</summary>
    Standby,

    /// <summary>It writes heartbeats.</summary>
    Active,
}

/// <summary>
/// What a transactor says of itself in its own log stream. The state of its task says nothing: a standby and an active one are both
/// <c>RUNNING</c> and healthy, and no metric names the task.
/// </summary>
/// <remarks>
/// The events are those of the loggers <c>datomic.lifecycle</c> and <c>datomic.lifecycle-ext</c> of a transactor's log. Each has the
/// heartbeat's revision as <c>:rev</c>, and a standby's says as <c>:missed</c> how many heartbeats did not come. Datomic specifies none of
/// them: "Do not build systems that rely on internal monitoring" (https://docs.datomic.com/operation/monitoring.html). What it does
/// document, the metric <c>HeartMonitorMsec</c> of a standby (https://docs.datomic.com/operation/ha.html), does not name the task. That is
/// why a transactor without an event counts as one that may be active: a release that renames the events ends no transactor.
/// </remarks>
internal sealed partial record TransactorSigns
{
    /// <summary>A log without any event.</summary>
    public static readonly TransactorSigns None = new();

    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);

    /// <summary>What it does.</summary>
    public TransactorRole Role { get; init; }

    /// <summary>The first heartbeat of its own that is to be seen; 0 without one.</summary>
    public long FirstBeat { get; init; }

    /// <summary>When that heartbeat was logged; <see langword="null"/> without one.</summary>
    public DateTime? ActiveSince { get; init; }

    /// <summary>The last heartbeat of another one that it saw as a standby; 0 without one.</summary>
    public long LastSeen { get; init; }

    /// <summary>
    /// Whether it saw two different heartbeats of another one since it stands by. One that starts alone writes the same events until it
    /// takes over, and they prove nothing.
    /// </summary>
    public bool StandsBy { get; init; }

    /// <summary>Whether, as a standby, it missed the last heartbeat that was due: what it looked for is not written any more.</summary>
    public bool Misses { get; init; }

    /// <summary>Whether it is proven that it works: it stands by, or is active.</summary>
    public bool IsProven => StandsBy || Role == TransactorRole.Active;

    /// <summary>
    /// How long heartbeats, or what they lead to, may stay away: an active one writes one with each interval, a standby takes over within
    /// three, and their lines come some seconds later.
    /// </summary>
    /// <param name="heartbeat">The interval of the transactor.</param>
    public static TimeSpan Patience(TimeSpan heartbeat) => 4 * heartbeat > LeastPatience ? 4 * heartbeat : LeastPatience;

    /// <summary>Reads the events of a stream's last lines, oldest first.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="now">Now by AWS's clock; <see langword="null"/> where that is not known.</param>
    /// <param name="heartbeat">The interval of the transactor's heartbeats: what is older than some of them counts no more.</param>
    public static TransactorSigns Read(IEnumerable<OutputLogEvent> lines, DateTime? now, TimeSpan heartbeat)
    {
        var (role, firstBeat, seen, at) = (TransactorRole.Unknown, 0L, new SortedSet<long>(), (DateTime?)null);
        var (since, misses) = ((DateTime?)null, false);
        foreach (var line in lines)
        {
            if (Event().Match(line.Message) is not { Success: true } found)
            {
                continue;
            }

            var revision = Revision().Match(line.Message) is { Success: true } number
                ? long.Parse(number.Groups["number"].Value, CultureInfo.InvariantCulture)
                : 0;
            at = line.Timestamp;
            switch (found.Groups["event"].Value)
            {
                case "heartbeat":
                    since = role == TransactorRole.Active ? since : line.Timestamp;
                    firstBeat = role == TransactorRole.Active ? firstBeat : revision;
                    role = TransactorRole.Active;
                    break;
                case "standby":
                    if (role != TransactorRole.Standby)
                    {
                        seen.Clear();
                    }

                    role = TransactorRole.Standby;
                    misses = HasMissed(line.Message);
                    if (revision > 0)
                    {
                        seen.Add(revision);
                    }

                    break;
                default:
                    role = TransactorRole.Unknown;
                    break;
            }
        }

        return now - at > Patience(heartbeat)
            ? None
            : new TransactorSigns
            {
                Role = role,
                FirstBeat = role == TransactorRole.Active ? firstBeat : 0,
                ActiveSince = role == TransactorRole.Active ? since : null,
                LastSeen = role == TransactorRole.Standby && seen.Count > 0 ? seen.Max : 0,
                StandsBy = role == TransactorRole.Standby && seen.Count > 1,
                Misses = role == TransactorRole.Standby && misses,
            };
    }

    /// <summary>
    /// Whether a line of a log is one that a transactor writes with each interval, so that it explains no failure and hides what does.
    /// </summary>
    public static bool IsRoutine(string line) =>
        Event().Match(line) is { Success: true } found && found.Groups["event"].Value is "heartbeat" or "standby";

    private static bool HasMissed(string line) =>
        Missed().Match(line) is { Success: true } missed && missed.Groups["number"].ValueSpan.TrimStart('0').Length > 0;

    [GeneratedRegex(":event :transactor/(?<event>start|standby|heartbeat-failed|heartbeat)[, }]", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Event();

    [GeneratedRegex(":rev (?<number>[0-9]{1,18})", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Revision();

    [GeneratedRegex(":missed (?<number>[0-9]{1,18})", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Missed();
}
