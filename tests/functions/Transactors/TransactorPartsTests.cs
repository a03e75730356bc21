using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Transactors;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>Both services as they stand, by what their logs say.</summary>
public sealed class TransactorPartsTests : IAsyncLifetime
{
    private readonly StubbedPair _pair = new();
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_page_without_lines_is_not_the_end_of_a_log()
    {
        _pair.LogOfA =
        [
            [],
            [],
            [StubbedPair.Beat(7, StubbedPair.Start)],
        ];
        _pair.LogOfB =
        [
            [StubbedPair.Standby(8, StubbedPair.Start)],
            [StubbedPair.Standby(7, StubbedPair.Start)],
        ];

        var parts = await Find(StubbedPair.Start);

        parts.IsPair.ShouldBeTrue(parts.Runs);
        parts.Active.ShouldNotBeNull().Name.ShouldBe("tx-a");
    }

    [Fact]
    public async Task A_log_without_lines_is_read_to_its_end_once()
    {
        var parts = await Find(StubbedPair.Start);

        (parts.A.IsSilent, parts.B.IsSilent, parts.Active).ShouldBe((true, true, null));
    }

    /// <summary>A transactor whose heartbeats are 30 seconds apart is not silent between two of them, and takes over later.</summary>
    [Fact]
    public async Task Patience_follows_the_interval_of_the_heartbeats_of_what_runs()
    {
        _pair.LogOfA =
        [
            [StubbedPair.Beat(7, StubbedPair.Start)],
        ];
        (await Find(StubbedPair.Start.AddSeconds(61))).Active.ShouldBeNull();
        (await Find(StubbedPair.Start)).TakeoverPatience.ShouldBe(TimeSpan.FromMinutes(1));

        _pair.Heartbeat = "30000";

        (await Find(StubbedPair.Start.AddSeconds(61))).Active.ShouldNotBeNull();
        (await Find(StubbedPair.Start.AddSeconds(121))).Active.ShouldBeNull();
        (await Find(StubbedPair.Start)).TakeoverPatience.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(0, 100, "may end a transactor before its successor runs")]
    [InlineData(50, 200, "may end a transactor before its successor runs")]
    [InlineData(100, 100, "starts no second task beside the first")]
    public async Task A_deployment_configuration_that_would_end_the_active_one_first_is_refused(int least, int most, string why)
    {
        _pair.Configuration = new DeploymentConfiguration { MinimumHealthyPercent = least, MaximumPercent = most };

        (await Should.ThrowAsync<ServiceRefusedException>(() => Find(StubbedPair.Start))).Message.ShouldBe(
            $"service tx-a has a minimumHealthyPercent of {least} and a maximumPercent of {most}, with which ECS {why}; give it 100 and "
                + "200, as templates/transactor.yaml does"
        );
    }

    [Theory]
    [InlineData(true, true, false, false, "deployment circuit breaker")]
    [InlineData(false, false, true, true, "alarms")]
    [InlineData(true, false, true, true, "alarms")]
    [InlineData(true, false, true, false, null)]
    [InlineData(false, true, false, true, null)]
    public void What_makes_ECS_put_the_former_revision_back_by_itself_is_named(
        bool breaker,
        bool breakerRollsBack,
        bool alarms,
        bool alarmsRollBack,
        string? what
    )
    {
        var service = new Service
        {
            ServiceName = "tx-a",
            DeploymentConfiguration = new DeploymentConfiguration
            {
                DeploymentCircuitBreaker = new DeploymentCircuitBreaker { Enable = breaker, Rollback = breakerRollsBack },
                Alarms = new DeploymentAlarms
                {
                    AlarmNames = ["tx-heartbeat-missing"],
                    Enable = alarms,
                    Rollback = alarmsRollBack,
                },
            },
        };

        TransactorParts
            .WhyPutBackByEcs(service)
            .ShouldBe(
                what is null
                    ? null
                    : $"the {what} of service tx-a may have ECS put the former release back by itself: turn the rollback off, as "
                        + "templates/transactor.yaml does, before a release"
            );
        TransactorParts.WhyPutBackByEcs(new Service { ServiceName = "tx-a" }).ShouldBeNull("ECS's own configuration does not");
    }

    [Fact]
    public async Task The_deployment_configuration_of_the_template_and_that_of_ECS_itself_are_taken()
    {
        await Find(StubbedPair.Start);
        _pair.Configuration = new DeploymentConfiguration { MinimumHealthyPercent = 100, MaximumPercent = 200 };
        await Find(StubbedPair.Start);
    }

    [Fact]
    public async Task A_platform_without_the_metadata_endpoint_that_the_start_script_asks_is_refused()
    {
        _pair.Platform = "1.3.0";

        (await Should.ThrowAsync<ServiceRefusedException>(() => Find(StubbedPair.Start))).Message.ShouldStartWith(
            "service tx-a keeps to the platform version 1.3.0 of Fargate, whose tasks have no metadata endpoint 4"
        );
        _pair.Platform = "LATEST";
        await Find(StubbedPair.Start);
    }

    private Task<TransactorParts> Find(DateTime now) =>
        TransactorParts.Find(
            _pair.Run(
                _desk,
                new TaskRecord
                {
                    Deployment = new("one"),
                    Step = "tx",
                    Task = "standby",
                    Kind = "transactor",
                },
                now
            )
        );
}
