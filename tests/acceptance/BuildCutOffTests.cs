using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A build that goes on when its deployment has closed, and ends before the redrive.</summary>
public sealed class BuildCutOffTests : IDisposable
{
    private const string Project = "deployer-dev-ions";

    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    /// <summary>The rehearsal is ended at that moment, as by Ctrl+C: its builds are processes of this machine and end with it.</summary>
    [Fact]
    public async Task A_redrive_starts_another_build_at_once_where_the_rehearsal_has_cut_one_off()
    {
        string execution;
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            execution = await StopDuringBuild(accounts);
        }

        var redriven = await CommandLine.InProcess("redrive", execution, "--state", _state.Path);

        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, redriven.Report.Cause);
        redriven.ShouldLeaveNothingBehind();
        await using var after = await SimulatedAccounts.Open(_state.Path);
        var builds = await Builds(after);
        builds.Count(build => build.BuildStatus == StatusType.FAULT).ShouldBe(1);
        builds
            .Single(build => build.BuildStatus == StatusType.FAULT)
            .Phases.SelectMany(phase => phase.Contexts ?? [])
            .Select(context => context.Message)
            .ShouldContain("The rehearsal was ended while this build ran.");
    }

    /// <summary>As in the accounts of AWS, where nothing of it is cut off.</summary>
    [Fact]
    public async Task A_redrive_finds_a_build_that_has_succeeded_meanwhile()
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        var execution = await StopDuringBuild(accounts);
        await accounts.Rehearsal.RunUntilBuildsEnd();
        var before = await Builds(accounts);

        var redriven = await accounts.Redrive(execution);

        redriven.Verdict.ShouldBe(Verdict.Succeeded, redriven.Cause);
        before.ShouldHaveSingleItem().BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        (await Builds(accounts)).Count.ShouldBe(2, "the push was built, and the deployment is built now");
    }

    private static async Task<string> StopDuringBuild(SimulatedAccounts accounts)
    {
        await accounts.Plan();
        var execution = await accounts.BeginDeployment(TimeSpan.FromMinutes(1));
        while ((await Builds(accounts)) is [])
        {
            await accounts.Rehearsal.Pass(TimeSpan.FromSeconds(5));
        }

        await accounts.Tools.StepFunctions.StopExecutionAsync(new StopExecutionRequest { ExecutionArn = execution });
        await accounts.Rehearsal.RunUntilClosed(execution);
        (await Builds(accounts)).ShouldHaveSingleItem().BuildStatus.ShouldBe(StatusType.IN_PROGRESS);
        return execution;
    }

    private static async Task<IReadOnlyList<Build>> Builds(SimulatedAccounts accounts)
    {
        var listed = await accounts.InTools<ListBuildsForProjectResponse>(new ListBuildsForProjectRequest { ProjectName = Project });
        return listed.Ids is { Count: > 0 } ids
            ? (await accounts.InTools<BatchGetBuildsResponse>(new BatchGetBuildsRequest { Ids = ids })).Builds
            : [];
    }
}
