using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A change that fails and is rolled back, and then its revert: the stack is as the service says again.</summary>
public sealed class RevertedChangeTests
{
    [Fact]
    public async Task What_was_rolled_back_and_is_reverted_deploys_and_has_no_changes_then()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        var description = Path.Combine(service, "deployer.yaml");
        var before = await File.ReadAllTextAsync(description, TestContext.Current.CancellationToken);
        var after = before.Replace(
            "parameters: { Group: \"${steps.group.outputs.CodeDeployDeploymentGroup}\" }",
            "parameters: { Group: other }",
            StringComparison.Ordinal
        );
        after.ShouldNotBe(before);
        await File.WriteAllTextAsync(description, after, TestContext.Current.CancellationToken);

        var failed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state);
        var reverted = await CommandLine.Rehearse("--state", state);
        var again = await CommandLine.Rehearse("--state", state);

        failed.Report.Verdict.ShouldBe(Verdict.Failed);
        failed.Report.Stacks.ShouldContain(stack => stack.Name == "inventory-dev-api" && stack.Status == "UPDATE_ROLLBACK_COMPLETE");
        reverted.ExitCode.ShouldBe(0, reverted.Report.Cause);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Report.Cause);
    }
}
