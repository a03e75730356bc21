using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

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

        prod.Report.Verdict.ShouldBe(Verdict.Succeeded, prod.Report.Cause);
        prod.Report.Revision.ShouldBe(dev.Report.Revision);
        prod.Report.Ions.ShouldHaveSingleItem().Revision.ShouldBe(dev.Report.Revision);
        prod.ShouldLeaveNothingBehind();
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        var (tried, promoted) = (await accounts.Revision("dev"), await accounts.Revision("prod"));
        (promoted.Name, promoted.Content, promoted.Zip).ShouldBe((tried.Name, tried.Content, tried.Zip));
        promoted.Libraries.Count.ShouldBeGreaterThan(0);
        promoted.Libraries.ShouldBe(tried.Libraries);
        tried.ReleasedBy.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_commit_that_dev_never_had_is_refused_before_anything_is_changed()
    {
        var prod = await CommandLine.InProcess("rehearse", CommandLine.Inventory, "--target", "prod", "--state", _state.Path);

        prod.Report.Error.ShouldBe("RevisionNotPromotedException");
        prod.Report.Cause.ShouldBe(
            $"revision {prod.Report.Revision} was never released in stage dev, which prod "
                + "promotes from; release it there first, or give step 'ions' allowUnpromoted: true"
        );
        prod.ShouldChangeNothing();
        prod.ShouldLeaveNothingBehind();
        const string Next = "Release the same files to dev first, then run the same command again:";
        prod.Terminal.ReplaceLineEndings(" ").Replace("     ", " ", StringComparison.Ordinal).ShouldContain(Next);
        prod.Terminal.ShouldContain($"deployer rehearse {CommandLine.Inventory} --target dev --state {_state.Path}");
    }

    [Fact]
    public async Task A_commit_that_failed_on_dev_is_refused_in_the_plan_and_the_deployment_unless_the_file_allows_it()
    {
        using var folder = new TemporaryFolder();
        var service = CommandLine.CopyInventory(folder.Path);
        (await CommandLine.Rehearse("--fault", "ion-load-fails", "--state", _state.Path)).Report.Error.ShouldBe("IonsRolledBackException");

        var plan = await CommandLine.InProcess("plan", service, "--target", "prod", "--state", _state.Path);
        plan.ExitCode.ShouldBe(1);
        PlannedExample
            .Read(plan)
            .Steps.Single(step => step.Step == "ions")
            .Problem.ShouldNotBeNull()
            .ShouldContain(" was pushed to dev by deployment inventory-dev-");
        (await Prod()).Report.Cause.ShouldNotBeNull().ShouldContain(" and never released in stage dev, which prod promotes from");
        var description = Path.Combine(service, "deployer.yaml");
        await File.WriteAllTextAsync(
            description,
            (await File.ReadAllTextAsync(description)).Replace(
                "    allowConflicts:",
                "    allowUnpromoted: true\n    allowConflicts:",
                StringComparison.Ordinal
            )
        );
        var allowed = await Prod();

        allowed.Report.Verdict.ShouldBe(Verdict.Succeeded, allowed.Report.Cause);

        Task<CommandResult> Prod() => CommandLine.InProcess("rehearse", service, "--target", "prod", "--state", _state.Path);
    }

    [Fact]
    public async Task Other_bytes_under_the_same_name_are_not_deployed()
    {
        var dev = await CommandLine.Rehearse("--state", _state.Path);
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            await accounts.ChangeRevision(document =>
                document
                    .Replace("\"zip\":\"", "\"zip\":\"0", StringComparison.Ordinal)
                    .Replace("tools.reader-1.4.2.jar\":\"", "tools.reader-1.4.2.jar\":\"1", StringComparison.Ordinal)
            );
        }

        var prod = await CommandLine.InProcess("rehearse", CommandLine.Inventory, "--target", "prod", "--state", _state.Path);

        prod.Report.Error.ShouldBe("RevisionDiffersException");
        var cause = prod.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith(
            $"revision {dev.Report.Revision} on prod is not what was tried before; its zip "
                + $"holds other files than that of {dev.Report.Revision} (pushed at 2040-01-01 "
        );
        cause.ShouldContain(" by CodePipeline, deployment inventory-dev-");
        cause.ShouldContain("tools.reader-1.4.2.jar has ");
        prod.Count("StartBuild", "deployer-prod-DeployIons").ShouldBe(0);
    }
}
