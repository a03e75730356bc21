using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Waits whose heartbeat is a minute or less: an event may come with it or be late, so that of some seeds one shows that events end them.
/// </summary>
public sealed class EventEndsWaitTests : IDisposable
{
    private const int Seeds = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task An_event_ends_the_wait_for_ions_before_its_heartbeat() => ShouldEndByAnEvent("DeployIons", CommandLine.Inventory);

    [Fact]
    public async Task An_event_ends_the_wait_for_a_service_before_its_heartbeat() =>
        await ShouldEndByAnEvent("DeployService", await ContainerService.Write(_folder.Path));

    [Fact]
    public async Task An_event_ends_the_wait_for_a_new_standby_before_its_heartbeat() =>
        await ShouldEndByAnEvent("ReplaceStandby", await OrdersService.Write(_folder.Path, isSingle: true));

    private async Task ShouldEndByAnEvent(string state, string service)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var accounts = Path.Combine(_folder.Path, $"state-{seed}");
            var deployed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", accounts, "--seed", $"{seed}");
            deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
            await using var opened = await SimulatedAccounts.OpenService(service, accounts);
            if ((await opened.History(deployed.Report.Deployment!)).EndsByAnEvent(state))
            {
                return;
            }
        }

        Assert.Fail($"with each of {Seeds} seeds {state} waited for its heartbeat");
    }
}
