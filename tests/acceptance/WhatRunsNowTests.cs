using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A deployment over one that succeeded fails at its first step: what the others left there still runs.</summary>
public sealed class WhatRunsNowTests
{
    [Fact]
    public async Task What_a_failed_deployment_has_not_reached_is_listed_as_it_runs()
    {
        using var folder = new TemporaryFolder();
        var service = CommandLine.CopyInventory(folder.Path);
        var state = Path.Combine(folder.Path, "accounts");
        var first = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state);
        first.Report.Verdict.ShouldBe(Verdict.Succeeded);
        var file = Path.Combine(service, "deployer.yaml");
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(
                "KeyName: datomic,",
                "KeyName: another,",
                StringComparison.Ordinal
            ),
            TestContext.Current.CancellationToken
        );

        var failed = await CommandLine.InProcess(
            "rehearse",
            service,
            "--target",
            "dev",
            "--state",
            state,
            "--fault",
            "stack-rolls-back:TxAutoScalingGroup"
        );

        failed.Report.Verdict.ShouldBe(Verdict.Failed);
        failed.Terminal.ShouldContain("· ions      not started");
        var running = failed.Terminal[failed.Terminal.IndexOf("What runs now", StringComparison.Ordinal)..];
        running.ShouldContain("  stack inventory-dev: UPDATE_ROLLBACK_COMPLETE\n");
        running.ShouldContain("  stack inventory-dev-network: CREATE_COMPLETE\n");
        running.ShouldContain("  stack inventory-dev-api: CREATE_COMPLETE\n");
        running.ShouldContain($"  group inventory-dev: revision {first.Report.Revision} on ");
        var ions = failed.Report.Ions.ShouldHaveSingleItem();
        ions.Group.ShouldBe("inventory-dev");
        ions.Instances.Count.ShouldBe(2);
        ions.Instances.ShouldAllBe(instance => instance.Revision == first.Report.Revision);
    }
}
