using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A release that has an ion Lambda less than the one before, and whose Lambdas are brought in line by halves.</summary>
public sealed class LambdaRemovedTests : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_Lambda_that_is_left_of_the_release_before_is_a_failure_until_a_redrive_has_removed_it()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        (await Rehearse()).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await File.WriteAllTextAsync(
            Path.Combine(service, "ions", "resources", "datomic", "ion-config.edn"),
            """
            {:app-name "inventory"
             :allow [inventory.ions/in-stock?]
             :lambdas {:get-item {:fn inventory.ions/get-item
                                  :concurrency-limit 5
                                  :description "An item of the inventory"}}}
            """
        );

        var failed = await Rehearse("--fault", "lambdas-half-fail");

        failed.Report.Error.ShouldBe("LambdasNotConfiguredException");
        var cause = failed.Report.Cause.ShouldNotBeNull();
        cause.ShouldContain(
            "inventory-dev-get-item has the reserved concurrency '20' instead of '5'; "
                + "inventory-dev-add-item still exists and ion-config.edn no longer names it"
        );

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", _state.Path);

        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, redriven.Report.Cause);
        redriven.Count("DeleteFunction").ShouldBe(1);

        Task<CommandResult> Rehearse(params string[] options) =>
            CommandLine.InProcess(["rehearse", service, "--target", "dev", "--state", _state.Path, .. options]);
    }
}
