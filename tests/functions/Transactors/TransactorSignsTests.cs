using Amazon.CloudWatchLogs.Model;
using Deployer.Functions.Transactors;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>What a transactor says of itself in its log.</summary>
public sealed class TransactorSignsTests
{
    private static readonly DateTime Start = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_stream_without_events_says_nothing() =>
        Read("System started datomic:ddb://us-east-1/orders/<DB-NAME>", Event("start, :pid 1")).ShouldBe(TransactorSigns.None);

    [Fact]
    public void Standby_events_of_one_that_starts_alone_prove_nothing()
    {
        var signs = Read(Event("start, :pid 1"), Standby("nil"), Standby("nil"));

        (signs.Role, signs.StandsBy, signs.LastSeen).ShouldBe((TransactorRole.Standby, false, 0));
        // The last heartbeat of one that has ended stays in the storage.
        Read(Standby("7"), Standby("7")).StandsBy.ShouldBeFalse();
    }

    [Fact]
    public void Two_heartbeats_of_another_one_prove_a_standby()
    {
        var signs = Read(Standby("7"), "{:event :some/metric, :rev 90}", Standby("8"));

        (signs.Role, signs.StandsBy, signs.LastSeen).ShouldBe((TransactorRole.Standby, true, 8));
    }

    [Fact]
    public void One_that_has_taken_over_is_active_since_its_first_heartbeat()
    {
        var signs = Read(Standby("7"), Standby("8"), Beat(9), Beat(10));

        (signs.Role, signs.StandsBy, signs.FirstBeat).ShouldBe((TransactorRole.Active, false, 9));
    }

    [Fact]
    public void The_time_of_its_first_heartbeat_is_since_when_it_is_active()
    {
        var lines = Lines(Standby("8"), Beat(9), Beat(10))
            .Select((line, at) => new OutputLogEvent { Timestamp = Start.AddSeconds(5 * at), Message = line.Message });

        TransactorSigns.Read(lines, Start, Interval).ActiveSince.ShouldBe(Start.AddSeconds(5));
        Read(Standby("7"), Standby("8")).ActiveSince.ShouldBeNull();
    }

    [Fact]
    public void Heartbeats_and_looks_for_them_are_the_routine_that_explains_no_failure()
    {
        TransactorSigns.IsRoutine(Beat(9)).ShouldBeTrue();
        TransactorSigns.IsRoutine(Standby("8")).ShouldBeTrue();
        TransactorSigns.IsRoutine(Event("heartbeat-failed, :cause :conflict")).ShouldBeFalse();
        TransactorSigns.IsRoutine("java.lang.OutOfMemoryError: Java heap space").ShouldBeFalse();
    }

    [Fact]
    public void One_that_lost_its_heartbeat_is_active_no_more() =>
        Read(Beat(9), Event("heartbeat-failed, :cause :conflict")).Role.ShouldBe(TransactorRole.Unknown);

    [Fact]
    public void What_was_said_more_than_a_minute_ago_counts_no_more()
    {
        TransactorSigns.Read(Lines(Beat(9)), Start.AddSeconds(61), Interval).ShouldBe(TransactorSigns.None);
        TransactorSigns.Read(Lines(Beat(9)), Start.AddSeconds(60), Interval).Role.ShouldBe(TransactorRole.Active);
        TransactorSigns.Read(Lines(Beat(9)), now: null, Interval).Role.ShouldBe(TransactorRole.Active);
    }

    [Fact]
    public void Heartbeats_that_are_far_apart_count_for_longer()
    {
        TransactorSigns.Read(Lines(Beat(9)), Start.AddSeconds(120), 6 * Interval).Role.ShouldBe(TransactorRole.Active);
        TransactorSigns.Read(Lines(Beat(9)), Start.AddSeconds(121), 6 * Interval).ShouldBe(TransactorSigns.None);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    public void A_standby_says_whether_it_misses_the_heartbeat_that_was_due(int missed, bool misses) =>
        Read(Standby("7"), Event($"standby, :rev 7, :missed {missed}, :timestamp 1")).Misses.ShouldBe(misses);

    [Fact]
    public void Lines_of_JSON_are_read_in_the_same_way() =>
        Read("""{"level":"INFO","formattedMessage":"{:event :transactor/heartbeat, :rev 3, :host \"10.0.0.1\"}"}""").FirstBeat.ShouldBe(3);

    private static TransactorSigns Read(params string[] lines) => TransactorSigns.Read(Lines(lines), Start, Interval);

    private static IEnumerable<OutputLogEvent> Lines(params string[] lines) =>
        lines.Select(line => new OutputLogEvent { Timestamp = Start, Message = line });

    private static string Standby(string revision) => Event($"standby, :rev {revision}, :missed 0");

    private static string Beat(long revision) => Event($"heartbeat, :rev {revision}, :host \"10.0.0.1\"");

    private static string Event(string text) => $"{{:event :transactor/{text}}}";
}
