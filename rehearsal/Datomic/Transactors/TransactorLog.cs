using System.Globalization;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>
/// Lines of a transactor's log, as logback's JsonEncoder writes them (https://logback.qos.ch/manual/encoders.html#JsonEncoder).
/// </summary>
/// <remarks>
/// The events <c>:transactor/start</c>, <c>:transactor/standby</c>, <c>:transactor/heartbeat</c> and <c>:transactor/heartbeat-failed</c>
/// with their keys are those of a transactor's loggers <c>datomic.lifecycle</c> and <c>datomic.lifecycle-ext</c>; Datomic documents "System
/// started" alone.
/// </remarks>
internal static class TransactorLog
{
    private const string Lifecycle = "datomic.lifecycle";
    private const string LifecycleExt = "datomic.lifecycle-ext";

    public static IReadOnlyList<string> Started(DateTimeOffset now, TransactorProcess process) =>
        [
            Line(now, "INFO", Lifecycle, "{:event :transactor/start, :pid 1, :tid 1}"),
            Line(
                now,
                "INFO",
                "datomic.transactor",
                $"System started datomic:ddb://{process.Region}/{process.Table}/<DB-NAME>, storing data in: {process.Table}"
            ),
        ];

    public static string Standby(DateTimeOffset now, Heartbeat? seen, int missed) =>
        Line(
            now,
            "INFO",
            LifecycleExt,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{:event :transactor/standby, :rev {Text(seen?.Revision)}, :missed {missed}, :timestamp {Text(seen?.Timestamp)}, :pid 1, "
            ) + ":tid 22}"
        );

    public static string Beat(DateTimeOffset now, Heartbeat beat) =>
        Line(
            now,
            "INFO",
            Lifecycle,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{:event :transactor/heartbeat, :rev {beat.Revision}, :host \"{beat.Host}\", :port 4334, :timestamp {beat.Timestamp}, "
            ) + ":pid 1, :tid 22}"
        );

    public static string BeatFailed(DateTimeOffset now) =>
        Line(now, "ERROR", Lifecycle, "{:event :transactor/heartbeat-failed, :cause :conflict, :pid 1, :tid 22}");

    public static string Failed(DateTimeOffset now, string message) => Line(now, "ERROR", "datomic.transactor", message);

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "nil";

    private static string Line(DateTimeOffset now, string level, string logger, string message) =>
        new JsonObject
        {
            ["timestamp"] = now.ToUnixTimeMilliseconds(),
            ["level"] = level,
            ["threadName"] = "main",
            ["loggerName"] = logger,
            ["formattedMessage"] = message,
            ["throwable"] = null,
        }.ToJsonString();
}
