using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>A service whose <c>deps.edn</c> has no alias <c>:ion-dev</c>, as most have none.</summary>
public sealed class IonDevTests : IDisposable
{
    private const string Own = ":ion-dev";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ion_dev_comes_from_the_build()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var deps = Path.Combine(service, "ions", "deps.edn");
        var text = await File.ReadAllTextAsync(deps, TestContext.Current.CancellationToken);
        text.ShouldContain(Own);
        await File.WriteAllTextAsync(deps, text.Replace(Own, ":dev", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var deployed = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        deployed.ExitCode.ShouldBe(0, deployed.Json);
        deployed.Count("StartBuild").ShouldBe(2);
        deployed.ShouldLeaveNothingBehind();
    }
}
