using System.Globalization;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>How long a writer that tries at every moment can write nothing, by the way in which a transactor is replaced.</summary>
public sealed class TransactorGapTests(ITestOutputHelper output) : IDisposable
{
    // https://docs.datomic.com/operation/ha.html: two heartbeats are missed; the first of them is due up to one interval after the last one
    // that a standby saw. So two heartbeats are the average, and three are the bound that is held here.
    private static readonly TimeSpan ThreeHeartbeats = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_pair_that_is_replaced_is_without_writes_for_the_takeover_alone(int seed)
    {
        var service = await OrdersService.Write(_folder.Path);

        (await OrdersService.Rehearse(service, State, "--seed", $"{seed}")).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, "the roll, pair", seed)).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_single_one_that_is_replaced_is_so_as_well(int seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);

        (await OrdersService.Rehearse(service, State, "--seed", $"{seed}")).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, "the roll, single", seed)).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    /// <summary>The transactor as an ordinary ECS service: ECS takes a task that is healthy for one that serves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_plain_update_of_its_service_ends_the_former_when_the_new_one_is_healthy(int seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);
        await Plain(service);

        (await OrdersService.Rehearse(service, State, "--seed", $"{seed}")).Report.Verdict.ShouldBe(Verdict.Succeeded);

        // As the page says, right only as long as the JVM is up before the check succeeds: then the gap is that of a takeover.
        (await Gap(service, "a `service` step", seed)).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    /// <summary>As in the post: no health check, so that ECS takes a task that runs for one that serves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_way_of_the_post_is_without_writes_while_the_JVM_loads(int seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);
        await Plain(service);
        var template = Path.Combine(service, "accounts", "transactor.yaml");
        var text = Repository.Text("templates/transactor.yaml");
        var from = text.IndexOf("          HealthCheck:", StringComparison.Ordinal);
        var to = text.IndexOf("          LogConfiguration:", from, StringComparison.Ordinal);
        await File.WriteAllTextAsync(template, text.Remove(from, to - from));
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");

        (await OrdersService.Rehearse(service, State, "--seed", $"{seed}")).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, "the post's way", seed)).ShouldBeGreaterThan(ThreeHeartbeats);
    }

    private static async Task Plain(string service)
    {
        var file = Path.Combine(service, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(
            file,
            text[..text.IndexOf("steps:", StringComparison.Ordinal)]
                + $$"""
                steps:
                  transactor:
                    service: orders-${target}-a
                    cluster: orders-${target}
                    image: ${registry}/transactor@sha256:{{new string('2', 64)}}

                """
        );
    }

    /// <summary>How long nothing was written, which the page's table says of each seed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="way">How the row of the table begins.</param>
    /// <param name="seed">The seed.</param>
    private async Task<TimeSpan> Gap(string service, string way, int seed)
    {
        var writer = await OrdersService.Writer(service, State);
        var gap = writer.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
        var measured = string.Create(CultureInfo.InvariantCulture, $"{gap.TotalSeconds:0.0}");
        output.WriteLine($"{way}: {measured} s without writes with the seed {seed}");
        writer.IsWritable.ShouldBeTrue();
        var row = Repository
            .Text("docs/transactors.md")
            .Split('\n')
            .Where(line => line.StartsWith($"| {way}", StringComparison.Ordinal))
            .ShouldHaveSingleItem();
        var documented = row.TrimEnd('|', ' ').Split('|')[^1].Split(',', StringSplitOptions.TrimEntries);
        documented.Length.ShouldBe(3, row);
        documented[seed - 1].ShouldBe(measured, $"docs/transactors.md, {way}, seed {seed}");
        return gap;
    }
}
