using Amazon.CodePipeline;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A pipeline of the mode PARALLEL whose plans are approved: a run waits behind no other one.</summary>
public sealed class ParallelPlansTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_plan_of_a_newer_commit_is_rehearsed_while_an_older_one_waits_and_takes_its_place()
    {
        var service = await ApprovedInPipeline.Write(_folder.Path);
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await new ServicePipeline(() => accounts).Change(declaration => declaration.ExecutionMode = ExecutionMode.PARALLEL);
        }

        var older = await Rehearse(service);
        await SmallService.Change(service, "stacks/logs.yaml", "RetentionInDays: 1 ", "RetentionInDays: 3 ");
        var newer = await Rehearse(service);

        newer.Report.Plan!.Plan.ShouldNotBe(older.Report.Plan!.Plan);
        var refused = await Approve(older);
        refused.ExitCode.ShouldBe(2, refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain(" is superseded by the newer plan ");
        var approved = await Approve(newer);
        approved.ExitCode.ShouldBe(0, approved.Terminal);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded);
        approved.ShouldLeaveNothingBehind();
    }

    private async Task<CommandResult> Rehearse(string service)
    {
        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", State);
        run.ExitCode.ShouldBe(4, run.Terminal);
        return run;
    }

    private Task<CommandResult> Approve(CommandResult waiting) =>
        CommandLine.InProcess("approve", waiting.Report.Plan!.Plan, "--rehearsed", State);
}
