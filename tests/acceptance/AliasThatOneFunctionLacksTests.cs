using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A step that names an alias which one of its functions has and the other one lacks.</summary>
public sealed class AliasThatOneFunctionLacksTests
{
    [Fact]
    public async Task The_function_without_the_alias_is_the_cause_before_anything_is_changed()
    {
        using var folder = new TemporaryFolder();
        var service = await AliasOfAFunction.Write(folder.Path);
        await SmallService.Change(
            service,
            "deployer.yaml",
            "[ \"inventory-consumer-${target}-orders\" ] }\n",
            "[ \"inventory-consumer-${target}-*\" ] }\n    alias: live\n"
        );

        var lacking = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", Path.Combine(folder.Path, "state"));

        (lacking.ExitCode, lacking.Report.Verdict).ShouldBe((1, Verdict.Failed));
        lacking.Report.Cause.ShouldNotBeNull().ShouldContain("inventory-consumer-dev-reports has no alias 'live'");
        lacking.Report.Cause.ShouldNotContain("inventory-consumer-dev-orders");
        lacking.Count("UpdateFunctionConfiguration").ShouldBe(0);
        lacking.Report.LocksHeld.ShouldBe(0);
        await using (var accounts = await SimulatedAccounts.OpenService(service, Path.Combine(folder.Path, "state")))
        {
            (await accounts.Variables(AliasOfAFunction.Orders, "live")).Keys.ShouldNotContain("DATOMIC_ENDPOINT");
        }
    }
}
