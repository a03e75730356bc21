using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>The example deployed to dev, then the same commit to prod.</summary>
public sealed class PromotionTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task The_same_commit_is_pushed_to_prod_and_its_bytes_are_compared_with_dev()
    {
        var dev = await CommandLine.Rehearse("--state", _state.Path);

        var prod = await CommandLine.InProcess("rehearse", CommandLine.Inventory, "--target", "prod", "--state", _state.Path);

        prod.Report.Verdict.ShouldBe("succeeded", prod.Report.Cause);
        prod.Report.Revision.ShouldBe(dev.Report.Revision);
        prod.Report.Ions.ShouldHaveSingleItem().Revision.ShouldBe(dev.Report.Revision);
        prod.Report.LocksHeld.ShouldBe(0);
    }

    [Fact]
    public async Task Other_bytes_under_the_same_name_are_not_deployed()
    {
        var dev = await CommandLine.Rehearse("--state", _state.Path);
        await using (var accounts = await PlayedAccounts.Open(_state.Path))
        {
            await accounts.ChangeRevision(document =>
                document.Replace("\"zip\":\"", "\"zip\":\"0", StringComparison.Ordinal).Replace("tools.reader-1.4.2.jar\":\"", "tools.reader-1.4.2.jar\":\"1", StringComparison.Ordinal));
        }

        var prod = await CommandLine.InProcess("rehearse", CommandLine.Inventory, "--target", "prod", "--state", _state.Path);

        prod.Report.Error.ShouldBe("RevisionDiffersException");
        var cause = prod.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith($"revision {dev.Report.Revision} on prod is not what was tried before: its zip holds other files than that of {dev.Report.Revision} (pushed at 2040-01-01T");
        cause.ShouldContain(" by CodePipeline, deployment inventory-dev-");
        cause.ShouldContain("tools.reader-1.4.2.jar has ");
        prod.Count("StartBuild", "deployer-prod-DeployIons").ShouldBe(0);
    }
}
