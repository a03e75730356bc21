using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Transactors;

namespace Deployer.Functions.Tests.Transactors;

/// <summary>What a report has of transactors that a deployment has not replaced: what was read, and what could not be.</summary>
public sealed class RunningTransactorsReportTests : IAsyncLifetime
{
    private readonly StubbedPair _pair = new();
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Both_services_are_named_with_what_each_transactor_is()
    {
        _pair.LogOfA =
        [
            [StubbedPair.Beat(7, StubbedPair.Start), StubbedPair.Beat(8, StubbedPair.Start)],
        ];
        _pair.LogOfB =
        [
            [StubbedPair.Standby(7, StubbedPair.Start), StubbedPair.Standby(8, StubbedPair.Start)],
        ];

        var report = await Report();

        Lines(report).ShouldBe(["tx: tx-a runs tx:1 (active)", "tx: tx-b runs tx:1 (standby)"]);
        report
            .Services.Select(service => (service.Service, service.Desired, service.Running, service.Tasks.Single().Role))
            .ShouldBe([("tx-a", 1, 1, "active"), ("tx-b", 1, 1, "standby")]);
    }

    [Fact]
    public async Task Where_none_is_active_nothing_can_be_written() =>
        Lines(await Report())[^1].ShouldBe("tx: no transactor is active: nothing can be written");

    [Fact]
    public async Task Without_the_logs_it_is_said_that_they_could_not_be_read_and_nothing_is_guessed()
    {
        _pair.AreLogsRefused = true;

        var report = await Report();

        report.Problem.ShouldNotBeNull().ShouldStartWith("which of them is active could not be read: ");
        report.Problem.ShouldContain("not authorized to perform: logs:GetLogEvents");
        Lines(report)
            .ShouldBe([
                "tx: service tx-a runs tx:1 with 1 of 1 tasks",
                "tx: service tx-b runs tx:1 with 1 of 1 tasks",
                $"tx: {report.Problem}",
            ]);
        report.Services.ShouldAllBe(service => service.Tasks.Count == 0);
    }

    [Fact]
    public async Task Without_the_services_it_is_said_that_they_could_not_be_read()
    {
        _pair.AreServicesRefused = true;

        var report = await Report();

        report.Services.ShouldBeEmpty();
        Lines(report).ShouldHaveSingleItem().ShouldStartWith("tx: what runs could not be read: ");
    }

    private async Task<RunningTransactorsReport> Report()
    {
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "tx",
            Kind = "transactor",
        };
        using var run = _pair.Run(_desk, record, StubbedPair.Start);
        return (await RunningTransactorsReport.Read(run)).ShouldHaveSingleItem().ShouldBeOfType<RunningTransactorsReport>();
    }

    private static List<string> Lines(IReportPart part) => [.. part.Lines];
}
