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
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task A_pair_that_is_replaced_is_without_writes_for_the_takeover_alone(string seed)
    {
        var service = await OrdersService.Write(_folder.Path);

        (await OrdersService.Rehearse(service, State, "--seed", seed)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, $"pair, seed {seed}")).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task A_single_one_that_is_replaced_is_so_as_well(string seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);

        (await OrdersService.Rehearse(service, State, "--seed", seed)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, $"single, seed {seed}")).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    /// <summary>The transactor as an ordinary ECS service: ECS takes a task that is healthy for one that serves.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task A_plain_update_of_its_service_ends_the_former_when_the_new_one_is_healthy(string seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);
        await Plain(service);

        (await OrdersService.Rehearse(service, State, "--seed", seed)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        // As the page says, right only as long as the JVM is up before the check succeeds: then the gap is that of a takeover.
        (await Gap(service, $"plain update, seed {seed}")).ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
    }

    /// <summary>As in the post: no health check, so that ECS takes a task that runs for one that serves.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task The_way_of_the_post_is_without_writes_while_the_JVM_loads(string seed)
    {
        var service = await OrdersService.Write(_folder.Path, isSingle: true);
        await Plain(service);
        var template = Path.Combine(service, "accounts", "transactor.yaml");
        var text = Repository.Text("templates/transactor.yaml");
        var from = text.IndexOf("          HealthCheck:", StringComparison.Ordinal);
        var to = text.IndexOf("          LogConfiguration:", from, StringComparison.Ordinal);
        await File.WriteAllTextAsync(template, text.Remove(from, to - from));
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");

        (await OrdersService.Rehearse(service, State, "--seed", seed)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        (await Gap(service, $"as in the post, seed {seed}")).ShouldBeGreaterThan(ThreeHeartbeats);
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

    private async Task<TimeSpan> Gap(string service, string way)
    {
        var writer = await OrdersService.Writer(service, State);
        var gap = writer.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
        output.WriteLine($"{way}: {gap.TotalSeconds:0.0} s without writes");
        writer.IsWritable.ShouldBeTrue();
        return gap;
    }
}
