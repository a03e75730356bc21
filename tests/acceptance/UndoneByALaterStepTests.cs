using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>A stack that is updated after the endpoint was given to its functions.</summary>
public sealed class UndoneByALaterStepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_later_step_undid_fails_the_deployment_by_name()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await FunctionsOfAStack.Describe(service, "[ network ]", lambdasAfter: "[ endpoint ]");
        await FunctionsOfAStack.Write(service, "info", "prices");

        var failed = await Run(service);

        failed.ExitCode.ShouldBe(1);
        failed.Report.Error.ShouldBe("StepDiffersException");
        failed.Report.Cause.ShouldBe(
            $"step 'endpoint' is not as it was deployed: {FunctionsOfAStack.Prices} would be given DATOMIC_ENDPOINT; "
                + "see what changed it, then deploy again"
        );
        failed.Step("endpoint").Action.ShouldBe(StepAction.Failed);
        failed.Terminal.ShouldContain("✗ endpoint");
        failed.Step("lambdas").Action.ShouldBe(StepAction.Created);
        failed.ShouldLeaveNothingBehind();
        failed.Terminal.ShouldContain($" rehearse {service} --target dev --state {_folder.Path}");
        PlannedExample
            .Read(await CommandLine.InProcess("plan", service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state")))
            .Steps.Single(step => step.Step == "endpoint")
            .Notices.ShouldContain($"{FunctionsOfAStack.Prices} would be given DATOMIC_ENDPOINT", "the plan calls it as the proof did");

        await FunctionsOfAStack.Describe(service, "[ network, lambdas ]", lambdasAfter: "[ group ]");
        (await Run(service)).Report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    private Task<CommandResult> Run(string service) =>
        CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
}
