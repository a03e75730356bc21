using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

public sealed class PreflightTests : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_that_would_go_wrong_is_reported_at_once_and_nothing_is_built()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        // By its name: of the step's own template it is known, before anything runs, which ion-dev it needs.
        await Replace(
            Path.Combine(service, "deployer.yaml"),
            "    group: ${steps.group.outputs.CodeDeployDeploymentGroup}",
            "    group: inventory-${target}"
        );
        await Replace(
            Path.Combine(service, "ions", "deps.edn"),
            "com.datomic/ion-dev {:mvn/version \"1.0.352\"}",
            "com.datomic/ion-dev {:mvn/version \"1.0.326\"}"
        );
        await Replace(
            Path.Combine(service, "ions", "resources", "datomic", "ion-config.edn"),
            ":concurrency-limit 10",
            ":concurrency-limit 2000"
        );
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            await accounts.MakeSecondCodeBucket();
        }

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);

        refused.Report.Error.ShouldBe("IonsPreflightException");
        var faults = refused.Report.Cause!.Split('\n');
        faults.Length.ShouldBe(3, refused.Report.Cause);
        faults[0].ShouldContain("deps.edn has ion-dev 1.0.326, Datomic Cloud 9399 on inventory-dev needs 1.0.352");
        faults[1].ShouldContain("another-code-bucket, datomic-code-");
        faults[2]
            .ShouldContain(
                "the Lambdas reserve 2020 concurrent executions, 2000 more than now; 980 of "
                    + "the account's 1000 are unreserved and 100 have to stay so: 1120 too many"
            );
        refused.Count("StartBuild").ShouldBe(0);
        refused.ShouldLeaveNothingBehind();
    }

    private static async Task Replace(string file, string text, string by)
    {
        var content = await File.ReadAllTextAsync(file);
        content.ShouldContain(text);
        await File.WriteAllTextAsync(file, content.Replace(text, by, StringComparison.Ordinal));
    }
}
