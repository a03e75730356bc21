using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>Two releases of the example, the way back to the first, and to one that does not exist.</summary>
public sealed class Rollback : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public CommandResult Second { get; private set; } = null!;

    public CommandResult Unknown { get; private set; } = null!;

    public CommandResult Short { get; private set; } = null!;

    public CommandResult RolledBack { get; private set; } = null!;

    public CommandResult Again { get; private set; } = null!;

    public CommandResult Forth { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = await CommandLine.Rehearse("--state", _state.Path);
        var service = CommandLine.CopyInventory(_folder.Path);
        await File.AppendAllTextAsync(Path.Combine(service, "ions", "src", "inventory", "ions.clj"), "\n; a second release\n");
        Second = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);
        Unknown = await RollBack("0000000000");
        Short = await RollBack(First.Report.Revision![..6]);
        RolledBack = await RollBack(First.Report.Revision![..10]);
        Again = await RollBack(First.Report.Revision!);
        Forth = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);

        Task<CommandResult> RollBack(string revision) =>
            CommandLine.InProcess("rollback", service, "--target", "dev", "--to", revision, "--state", _state.Path);
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class RollbackTests(Rollback rollback) : IClassFixture<Rollback>
{
    [Fact]
    public void The_earlier_revision_is_deployed_without_a_push()
    {
        rollback.Second.Report.Ions.ShouldHaveSingleItem().Revision.ShouldNotBe(rollback.First.Report.Revision);
        rollback.RolledBack.ExitCode.ShouldBe(0, rollback.RolledBack.Report.Cause);
        rollback.RolledBack.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rollback.RolledBack.Report.Revision.ShouldBe(rollback.First.Report.Revision);
        rollback.RolledBack.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("ions", StepAction.Released)]);
        var ions = rollback.RolledBack.Report.Ions.ShouldHaveSingleItem();
        (ions.DeployStatus, ions.CodeDeployStatus).ShouldBe(("SUCCEEDED", "SUCCEEDED"));
        ions.Instances.Count.ShouldBe(2);
        ions.Instances.ShouldAllBe(instance => instance.Revision == rollback.First.Report.Revision);
        rollback.RolledBack.Count("StartBuild", "deployer-dev-PushIons").ShouldBe(0);
        rollback.RolledBack.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void A_revision_of_which_too_little_is_given_is_refused_with_what_is_expected()
    {
        rollback.Short.ExitCode.ShouldBe(2, "nothing was started");
        rollback
            .Short.Report.Cause.ShouldNotBeNull()
            .ShouldBe(
                $"--to is '{rollback.First.Report.Revision![..6]}'; "
                    + "expected a commit or uname that was pushed before, or its first 7 or more characters"
            );
    }

    [Fact]
    public void Rolling_back_to_what_runs_does_nothing()
    {
        rollback.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        rollback.Again.ShouldChangeNothing();
    }

    [Fact]
    public void An_unknown_revision_is_refused_with_the_known_ones()
    {
        rollback.Unknown.ExitCode.ShouldBe(2, "nothing was started");
        rollback.Unknown.Report.Deployment.ShouldBeNull();
        rollback.Unknown.Report.Error.ShouldBe("SpecInvalidException");
        var cause = rollback.Unknown.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith(
            $"revision '0000000000' was never deployed to dev by this deployer; known: {rollback.Second.Report.Revision} (pushed at "
        );
        cause.ShouldContain($"{rollback.First.Report.Revision} (pushed at ");
        rollback.Unknown.ShouldChangeNothing();
        rollback.Unknown.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void The_next_deployment_goes_forth_again_without_a_push()
    {
        rollback.Forth.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rollback
            .Forth.Report.Ions.ShouldHaveSingleItem()
            .Instances.ShouldAllBe(instance => instance.Revision == rollback.Second.Report.Revision);
        rollback.Forth.Count("StartBuild", "deployer-dev-PushIons").ShouldBe(0);
    }
}
