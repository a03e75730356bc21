using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

public sealed class RevisionTakenTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_name_that_was_pushed_with_other_content_is_refused_before_a_build()
    {
        var failed = await CommandLine.Rehearse("--fault", "ion-load-fails", "--state", _state.Path);
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            await accounts.ChangeRevision(document => document.Replace("\"content\":\"", "\"content\":\"0", StringComparison.Ordinal));
        }

        var refused = await CommandLine.Rehearse("--state", _state.Path);

        refused.Report.Error.ShouldBe("RevisionTakenException");
        refused.Report.Cause.ShouldNotBeNull().ShouldStartWith($"the revision {failed.Report.Revision} (pushed at 2040-01-01 ");
        refused.Count("StartBuild").ShouldBe(0);
        refused.ShouldLeaveNothingBehind();
    }
}
