using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.CodeBuild.Shell;

namespace Deployer.Rehearsal.Tests.CodeBuild.Shell;

public sealed class BuildShellTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_shell_runs_all_phases()
    {
        var result = await Run(
            new BuildspecPhase("INSTALL", ["export X=kept", "cd sub"]),
            new BuildspecPhase("BUILD", ["say() { echo \"function $X\"; }", "say\necho in ${PWD##*/}"]),
            new BuildspecPhase("POST_BUILD", ["echo succeeding $CODEBUILD_BUILD_SUCCEEDING $GIVEN"])
        );

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("INSTALL", 0), ("BUILD", 0), ("POST_BUILD", 0)]);
        result.Output.ShouldContain("function kept");
        result.Output.ShouldContain("in sub");
        result.Output.ShouldContain("succeeding 1 value");
        result.Output[0].ShouldBe("[Container] 2040/01/01 00:00:00.000000 Entering phase INSTALL");
    }

    [Fact]
    public async Task A_failed_command_ends_its_phase()
    {
        var result = await Run(
            new BuildspecPhase("PRE_BUILD", ["true", "false", "echo never"]),
            new BuildspecPhase("BUILD", ["echo never"])
        );

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode, phase.Command)).ShouldBe([("PRE_BUILD", 1, "false")]);
        result.Output.ShouldNotContain("never");
    }

    [Theory]
    [InlineData("(exit 7)")]
    [InlineData("exit 7")]
    [InlineData("set -e\n(exit 7)\necho never")]
    public async Task Post_build_follows_a_failed_build(string command)
    {
        var result = await Run(
            new BuildspecPhase("BUILD", [command]),
            new BuildspecPhase("POST_BUILD", ["echo succeeding $CODEBUILD_BUILD_SUCCEEDING", "exit 3"])
        );

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", 7), ("POST_BUILD", 3)]);
        result.Output.ShouldContain("succeeding 0");
        result.Output.ShouldNotContain("never");
    }

    [Theory]
    [InlineData("PRE_BUILD", "CONTINUE", true)]
    [InlineData("PRE_BUILD", "ABORT", false)]
    [InlineData("BUILD", "ABORT", false)]
    [InlineData("BUILD", "CONTINUE", true)]
    public async Task A_phase_says_itself_what_its_failure_means(string phase, string onFailure, bool goesOn)
    {
        var result = await Run(new BuildspecPhase(phase, ["exit 4"], onFailure), new BuildspecPhase("POST_BUILD", ["true"]));

        result.Phases.Select(ran => ran.Phase.Name).ShouldBe(goesOn ? [phase, "POST_BUILD"] : [phase]);
    }

    [Fact]
    public async Task Leaving_the_shell_with_success_goes_on_with_the_next_phase()
    {
        var result = await Run(new BuildspecPhase("INSTALL", ["exit 0"]), new BuildspecPhase("BUILD", ["echo built"]));

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("INSTALL", 0), ("BUILD", 0)]);
        result.Output.ShouldContain("built");
    }

    [Fact]
    public async Task Both_streams_are_kept_and_nothing_of_our_environment_is_passed_on()
    {
        var result = await Run(new BuildspecPhase("BUILD", ["echo to-error >&2", "echo \"user=${HOME:-none}\""]));

        result.Output.ShouldContain("to-error");
        result.Output.ShouldContain("user=none");
    }

    [Fact]
    public async Task A_cancelled_shell_is_killed_with_all_that_it_started()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var result = await Run(stop.Token, new BuildspecPhase("BUILD", ["sleep 60 & sleep 60"]));

        result.Killed.ShouldBeTrue();
        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task A_command_that_leaves_something_running_is_refused()
    {
        var result = await Run(new BuildspecPhase("BUILD", ["sleep 30 & echo started"]));

        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldBe(1);
        result.Output.ShouldContain("started");
        result.Output.ShouldContain(line =>
            line.Contains("does not support a command that leaves something running", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_command_may_wait_for_what_it_has_started()
    {
        var result = await Run(new BuildspecPhase("BUILD", ["sleep 0 & wait $!", "cat < <(echo read)"]));

        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldBe(0);
        result.Output.ShouldContain("read");
    }

    private Task<ShellResult> Run(params BuildspecPhase[] phases) => Run(CancellationToken.None, phases);

    private Task<ShellResult> Run(CancellationToken cancellation, params BuildspecPhase[] phases)
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        var control = Directory.CreateDirectory(Path.Combine(_folder, "it's control")).FullName;
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["GIVEN"] = "value" };
        return BuildShell.Run(phases, source, control, environment, Time, cancellation);
    }
}
