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

    [Fact]
    public async Task Post_build_follows_a_failed_build_that_has_set_e_and_did_not_leave_the_shell()
    {
        var result = await Run(new BuildspecPhase("BUILD", ["set -e\n! true", "echo never"]), new BuildspecPhase("POST_BUILD", ["true"]));

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", 1), ("POST_BUILD", 0)]);
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

    [Theory]
    [InlineData("sleep 300 & echo started", "sleep 300")]
    [InlineData("( sleep 300 & ); echo started")]
    [InlineData("bash -c 'sleep 300 &'; echo started")]
    [InlineData("sleep 300 & true & wait $!; echo started", "sleep 300")]
    [InlineData("nohup sleep 300 > nohup.log & echo started", "nohup sleep 300 > nohup.log")]
    [InlineData("setsid sleep 300 > /dev/null 2>&1 < /dev/null & disown; echo started", "setsid sleep 300 > /dev/null 2>&1 < /dev/null")]
    [InlineData("setsid --fork bash -c 'for fd in 0 1 2 249; do exec {fd}>&-; done; cd /; exec sleep 300'; echo started")]
    [InlineData("env -i bash -c 'cd /; exec > /dev/null 2>&1 < /dev/null; sleep 300 &'; echo started")]
    [InlineData("(cd /; env -i PATH=$PATH setsid -f sleep 300 </dev/null >/dev/null 2>&1); echo started")]
    [InlineData("trap 'echo cleanup' EXIT; sleep 300 & echo started; exit 0")]
    [InlineData("coproc sleep 300; echo started", "coproc COPROC sleep 300")]
    [InlineData("sleep 300 & echo started; exit 0", "sleep 300")]
    [InlineData("set -e; sleep 300 & echo started", "sleep 300")]
    public async Task A_command_that_leaves_something_running_is_refused_and_what_it_left_is_ended(string command, string left = "sleep")
    {
        var result = await Run(new BuildspecPhase("BUILD", [command, "echo never"]), new BuildspecPhase("POST_BUILD", ["echo after"]));

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", 1), ("POST_BUILD", 0)]);
        result.Output.ShouldContain("started");
        result.Output.ShouldContain(
            $"[Container] 2040/01/01 00:00:00.000000 The rehearsal does not support a command that leaves something running ({left}): "
                + "wait for it in the same command."
        );
        result.Output.ShouldNotContain("never");
        result.Output[^1].ShouldBe("after");
        Running().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true & sleep 0.3; echo started", "true")]
    [InlineData("true & /bin/true; (true); x=$(true); sleep 0.3; echo started", "true")]
    [InlineData("true & echo started; sleep 0.3; exit 0", "true")]
    [InlineData("(sleep 0.1; echo late > file) & echo started", "( sleep 0.1; echo late > file )")]
    [InlineData("mkdir a; cd a; true & cd ..; sleep 0.3; echo started", "true")]
    [InlineData("f() { cat <<< x & }; f; sleep 0.3; echo started", "cat <<< x")]
    [InlineData("sleep 0 & true & wait $!; sleep 0.3; echo started", "sleep 0")]
    [InlineData("true & false & sleep 0.3; echo started", "true, false")]
    [InlineData("(true & disown); sleep 0.3; echo started", "true")]
    [InlineData("coproc true; sleep 0.3; echo started", "coproc COPROC true")]
    public async Task A_job_that_nobody_waited_for_is_refused_though_it_has_ended(string command, string left)
    {
        var result = await Run(new BuildspecPhase("BUILD", [command, "echo never"]), new BuildspecPhase("POST_BUILD", ["true"]));

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", 1), ("POST_BUILD", 0)]);
        result.Output.ShouldContain("started");
        result.Output.ShouldContain(line => line.EndsWith($" leaves something running ({left}): wait for it in the same command."));
        result.Output.ShouldNotContain("never");
    }

    [Fact]
    public async Task What_a_shell_left_that_was_replaced_is_ended()
    {
        await Run(new BuildspecPhase("BUILD", ["( sleep 300 & ); exec true"]));

        Running().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_killed_build_had_left_is_ended()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Run(stop.Token, new BuildspecPhase("BUILD", ["( sleep 300 & ); sleep 300"]));

        Running().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("trap 'echo cleanup' EXIT; exit 3", 3)]
    [InlineData("trap 'echo cleanup' EXIT; set -e; (exit 3)", 3)]
    [InlineData("echo cleanup; exec bash -c 'exit 3'", 3)]
    [InlineData("trap 'echo cleanup' EXIT; exit 0", 0)]
    [InlineData("echo cleanup; kill -9 $$", 137)]
    public async Task Post_build_follows_a_build_whose_shell_ended_past_our_trap(string command, int exitCode)
    {
        var result = await Run(
            new BuildspecPhase("BUILD", [command]),
            new BuildspecPhase("POST_BUILD", ["echo succeeding $CODEBUILD_BUILD_SUCCEEDING in ${PWD##*/}"])
        );

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", exitCode), ("POST_BUILD", 0)]);
        result.Output.Count(line => line == "cleanup").ShouldBe(1);
        result.Output.ShouldContain($"succeeding {(exitCode == 0 ? 1 : 0)} in source");
    }

    [Fact]
    public async Task Nothing_follows_a_phase_that_aborts_whose_shell_ended_past_our_trap()
    {
        var result = await Run(new BuildspecPhase("PRE_BUILD", ["trap : EXIT; exit 3"]), new BuildspecPhase("BUILD", ["true"]));

        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldBe(3);
    }

    [Theory]
    [InlineData("exec 200>lock; flock -n 200 && echo locked")]
    [InlineData("exec 201>lock 202<lock; flock -n 201 && echo locked")]
    [InlineData("{ echo x >&200; echo 'end 1' >&200; } 2>/dev/null || echo locked")]
    [InlineData("for fd in $(ls /proc/$$/fd); do [ $fd -lt 3 ] || [ $fd -eq 255 ] || eval \"exec $fd>&-\"; done; echo locked")]
    public async Task Each_descriptor_is_the_builds_own(string command)
    {
        var result = await Run(new BuildspecPhase("BUILD", [command, "true"]), new BuildspecPhase("POST_BUILD", ["true"]));

        result.Phases.Select(phase => (phase.Phase.Name, phase.ExitCode)).ShouldBe([("BUILD", 0), ("POST_BUILD", 0)]);
        result.Output.ShouldContain("locked");
    }

    [Theory]
    [InlineData("echo end 1")]
    [InlineData("printf x")]
    public async Task A_question_that_the_shell_does_not_ask_ends_the_build_with_the_cause(string question)
    {
        var cause = await Should.ThrowAsync<InvalidDataException>(
            Run(new BuildspecPhase("BUILD", [$"{question} > \"$__control/question\"", "sleep 300"]))
        );

        cause.Message.ShouldBe("a command wrote to 'question', by which only the build's shell asks");
        Running().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("( sleep 0.2 & )")]
    [InlineData("sleep 300 & sleep 0.1; kill $!")]
    [InlineData("sleep 300 & kill $!")]
    [InlineData("echo read > >(cat)")]
    public async Task What_ends_right_after_its_command_is_waited_for(string command)
    {
        var result = await Run(new BuildspecPhase("BUILD", [command]));

        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("sleep 0 & wait $!")]
    [InlineData("cat < <(echo read)")]
    [InlineData("set -eu; wait; true & true & wait")]
    [InlineData("true & true & sleep 0.3; wait")]
    [InlineData("true & true & sleep 0.3; wait %1 %2")]
    [InlineData("true & true & sleep 0.3; wait -n; wait -n")]
    [InlineData("true & one=$!; true & two=$!; sleep 0.3; wait $two $one")]
    [InlineData("( exit 3 ) & wait $! || [ $? -eq 3 ]")]
    [InlineData("( true & wait )")]
    [InlineData("trap 'echo usr' USR1; { sleep 0.1; kill -USR1 $$; sleep 0.2; } & wait || [ $? -gt 128 ]; wait")]
    public async Task A_command_may_wait_for_what_it_has_started(string command)
    {
        var result = await Run(new BuildspecPhase("BUILD", [command, "echo next"]));

        result.Phases.ShouldHaveSingleItem().ExitCode.ShouldBe(0);
        result.Output.ShouldContain("next");
    }

    /// <summary>The programs that work in this test's folder, or know of it.</summary>
    private List<string> Running() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId)
                .Where(folder => Text(folder, "environ").Contains(_folder, StringComparison.Ordinal))
                .Select(folder => Text(folder, "cmdline")),
        ];

    private static string Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private Task<ShellResult> Run(params BuildspecPhase[] phases) => Run(CancellationToken.None, phases);

    private Task<ShellResult> Run(CancellationToken cancellation, params BuildspecPhase[] phases)
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        var control = Directory.CreateDirectory(Path.Combine(_folder, "it's control")).FullName;
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["GIVEN"] = "value" };
        return BuildShell.Run(phases, source, control, environment, Time, () => [], cancellation);
    }
}
