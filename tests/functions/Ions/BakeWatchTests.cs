using System.Globalization;
using Deployer.Functions.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Tests.Ions;

public sealed class BakeWatchTests
{
    private const string Group = "inventory-dev";
    private static readonly BakeSpec Bake = new(TimeSpan.FromMinutes(5));

    private readonly SimulatedGroup _group = new() { HasAlert = false };

    public BakeWatchTests()
    {
        Set("JvmFreeMb", (-10, 3000), (0, 2500), (1, 2400));
        Set("HttpDirectThrottled", (-10, 40), (0, 0));
        Set("HttpEndpointThrottled", (0, 0));
    }

    [Fact]
    public async Task Nothing_is_found_on_healthy_nodes()
    {
        var finding = await FindTrouble(Bake);

        finding.Trouble.ShouldBeNull();
        finding.Unwatched.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "440 440 440",
        "memory ran short in its bake: JvmFreeMb was below 15 % of 3000 for 3 consecutive minutes, 440 at 12:32 UTC"
    )]
    [InlineData("460 460 460", null)]
    [InlineData("440 440 2000 440 440", null)]
    [InlineData(
        "2000 440 440 440",
        "memory ran short in its bake: JvmFreeMb was below 15 % of 3000 for 3 consecutive minutes, 440 at 12:33 UTC"
    )]
    public async Task Memory_is_short_below_a_part_of_what_was_free_at_the_start_for_three_minutes(string values, string? trouble)
    {
        Set(
            "JvmFreeMb",
            [(-30, 3000), .. values.Split(' ').Select((value, minute) => (minute, double.Parse(value, CultureInfo.InvariantCulture)))]
        );

        (await FindTrouble(Bake)).Trouble.ShouldBe(trouble);
    }

    [Fact]
    public async Task What_was_free_more_than_an_hour_before_does_not_count()
    {
        Set("JvmFreeMb", (-61, 3000), (-59, 1000), (0, 440), (1, 440), (2, 440));

        (await FindTrouble(Bake)).Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task What_was_short_before_the_bake_does_not_count()
    {
        Set("JvmFreeMb", (-30, 3000), (-2, 10), (-1, 10), (0, 10), (1, 2000));

        (await FindTrouble(Bake)).Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task A_bake_of_a_minute_takes_a_minute_for_long()
    {
        Set("JvmFreeMb", (-30, 3000), (0, 10));

        (await FindTrouble(Bake with { Window = TimeSpan.FromMinutes(1) })).Trouble.ShouldEndWith(
            "for 1 consecutive minutes, 10 at 12:30 UTC"
        );
    }

    [Theory]
    [InlineData("HttpDirectThrottled")]
    [InlineData("HttpEndpointThrottled")]
    public async Task Requests_that_are_turned_away_are_trouble_beyond_what_is_allowed(string metric)
    {
        Set(metric, (0, 2), (1, 3));

        (await FindTrouble(Bake with { Throttled = 5 })).Trouble.ShouldBeNull();
        (await FindTrouble(Bake with { Throttled = 4 })).Trouble.ShouldBe(
            $"requests were turned away in its bake because the nodes were busy: {metric} was 5, and 4 are allowed"
        );
    }

    [Fact]
    public async Task An_alert_is_reported_before_anything_else()
    {
        _group.HasAlert = true;
        Set("HttpDirectThrottled", (0, 2));

        (await FindTrouble(Bake)).Trouble.ShouldBe(
            "an alert came in its bake: log datomic-datomic-dev, datomic-dev-inventory-dev-i-1: LoadIonsFailed: Assert failed: cfg"
        );
    }

    [Theory]
    [InlineData("no metric")]
    [InlineData("no value since it is live")]
    [InlineData("another group's")]
    public async Task A_metric_without_values_is_reported(string missing)
    {
        _group.Metrics.Remove(("JvmFreeMb", Group));
        if (missing == "no value since it is live")
        {
            Set("JvmFreeMb", (-10, 3000));
        }
        else if (missing == "another group's")
        {
            _group.Metrics[("JvmFreeMb", "another")] = new Dictionary<int, double>
            {
                [0] = 10,
                [1] = 10,
                [2] = 10,
            };
        }

        var finding = await FindTrouble(Bake);

        finding.Trouble.ShouldBeNull();
        finding.Unwatched.ShouldBe([
            "CloudWatch has no values of JvmFreeMb in DatomicCloud for datomic-dev and inventory-dev: it was not watched in the bake",
        ]);
    }

    [Fact]
    public async Task Memory_that_is_not_to_be_watched_is_not_missed()
    {
        _group.Metrics.Remove(("JvmFreeMb", Group));

        (await FindTrouble(Bake with { FreeMemory = 0 })).Unwatched.ShouldBeEmpty();
    }

    private Task<BakeFinding> FindTrouble(BakeSpec bake) => new BakeWatch(_group.Account, Group, bake).FindTrouble(SimulatedGroup.Live);

    private void Set(string metric, params IEnumerable<(int Minute, double Value)> values) =>
        _group.Metrics[(metric, Group)] = values.ToDictionary(value => value.Minute, value => value.Value);
}
