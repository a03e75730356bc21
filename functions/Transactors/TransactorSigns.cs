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
/// The events are those of the loggers <c>datomic.lifecycle</c> and <c>datomic.lifecycle-ext</c> of a transactor's log, which Datomic
/// shows and does not specify: https://docs.datomic.com/operation/ha.html. Each has the heartbeat's revision as <c>:rev</c>.
/// </remarks>
internal sealed partial record TransactorSigns
{
    /// <summary>A log without any event.</summary>
    public static readonly TransactorSigns None = new();

    /// <summary>An active one writes a heartbeat every few seconds; one that is silent for so long writes none.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

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

    /// <summary>Reads the events of a stream's last lines, oldest first.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="now">Now by AWS's clock; <see langword="null"/> where that is not known.</param>
    public static TransactorSigns Read(IEnumerable<OutputLogEvent> lines, DateTime? now)
    {
        var (role, firstBeat, seen, at) = (TransactorRole.Unknown, 0L, new SortedSet<long>(), (DateTime?)null);
        var since = (DateTime?)null;
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

        return now - at > Stale
            ? None
            : new TransactorSigns
            {
                Role = role,
                FirstBeat = role == TransactorRole.Active ? firstBeat : 0,
                ActiveSince = role == TransactorRole.Active ? since : null,
                LastSeen = role == TransactorRole.Standby && seen.Count > 0 ? seen.Max : 0,
                StandsBy = role == TransactorRole.Standby && seen.Count > 1,
            };
    }

    [GeneratedRegex(":event :transactor/(?<event>start|standby|heartbeat-failed|heartbeat)[, }]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Event();

    [GeneratedRegex(":rev (?<number>[0-9]{1,18})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Revision();
}
