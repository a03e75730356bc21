using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

public sealed class DependencyConflictsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_library_in_another_version_than_Datomic_s_is_not_deployed_unless_it_is_allowed_by_name()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var deps = Path.Combine(service, "ions", "deps.edn");
        await File.WriteAllTextAsync(
            deps,
            (await File.ReadAllTextAsync(deps))
                .Replace("\"1.11.4\"", "\"1.12.0\"", StringComparison.Ordinal)
                .Replace("\"1.4.2\"", "\"1.5.0\"", StringComparison.Ordinal)
        );

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        refused.Report.Error.ShouldBe("DependencyConflictsException");
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith("Datomic runs org.clojure/clojure 1.11.4 instead of 1.12.0, whatever the ions ask for");
        refused.Count("StartBuild", "deployer-dev-PushIons").ShouldBe(1);
        refused.Count("StartBuild", "deployer-dev-DeployIons").ShouldBe(0);
        refused.ShouldLeaveNothingBehind();
    }
}
