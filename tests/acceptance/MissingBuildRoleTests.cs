using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>A service whose builds have no role of their own yet: the cause names the role and the command that makes it.</summary>
public sealed class MissingBuildRoleTests : IDisposable
{
    private readonly TemporaryFolder _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_role_that_builds_have_not_is_named_with_the_command_that_makes_it()
    {
        var service = CommandLine.CopyInventory(_service.Path);
        await SmallService.Drop(
            service,
            "accounts/accounts.yaml",
            "  - account: tools                       # the role of its builds",
            "  - account: target                      # Datomic"
        );

        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        run.ExitCode.ShouldBe(1);
        run.Report.Error.ShouldBe("IonsPreflightException");
        var cause = run.Report.Cause.ShouldNotBeNull();
        cause.ShouldContain("builds of inventory have no role deployer-dev-build-inventory: ");
        cause.ShouldEndWith("make it: deployer bootstrap build SERVICE --target dev --stage dev");
        run.Report.Steps.Single(step => step.Name == "ions").Action.ShouldBe(StepAction.Failed);
        run.ShouldLeaveNothingBehind();
    }
}
