using System.Globalization;
using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>
/// Runs the commands of a build specification in one bash: variables, the working directory and functions carry over from
/// command to command, and POST_BUILD follows BUILD whether it failed or not, as in CodeBuild.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html</remarks>
internal static class BuildShell
{
    private const string Left = "left";
    private const string Unwaited = "unwaited";
    private const string End = "end";

    private const string Jobs = "jobs";
    private const string Disowned = "disowned";

    private const string Refused = "The rehearsal does not support a command that leaves something running";
    private const string Advice = "wait for it in the same command.";
    private const string NotSimulated = "The rehearsal does not simulate what the command has called";

    /// <summary>
    /// A descriptor that all programs of the build inherit, of a file in the build's folder, by which one is recognised that has neither a
    /// parent nor a variable nor its working directory of the build. A build that uses the number itself loses no more than that. Below
    /// 256, which is how many some machines allow, and none of those that scripts are known to use, such as 9 and 200 for flock
    /// (https://man7.org/linux/man-pages/man1/flock.1.html).
    /// </summary>
    private const string Marker = "249";

    // A command may leave the shell (exit, set -e): the trap records its phase and goes on with what follows it. A job that is killed
    // before it has become a program of its own runs the trap too.
    //
    // Within a function, bash keeps its jobs that have ended until they are waited for; those that a command substitution lists, it
    // forgets. Of jobs that had ended before, a bare wait leaves the last, since $! may still be asked for
    // (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/wait.html); a wait that a signal interrupted has waited for none.
    private const string Script = $$"""
        exec 2>&1 0</dev/null {{Marker}}<"$__control/script"
        __phase=
        __command=
        __say() { printf '[Container] %s %s\n' "$__time" "$*"; }
        __end() { printf 'end %s %s %s\n' "$__phase" "$1" "$__command" >> "$__control/status"; __ended=$__phase; __phase=; }
        wait() {
          local __waited=0
          builtin wait "$@" || __waited=$?
          [ $# -gt 0 ] || [ "$__waited" -gt 128 ] || builtin wait "${!-0}" 2>/dev/null || :
          return "$__waited"
        }
        disown() {
          LC_ALL=C jobs >> "$__control/{{Disowned}}"
          builtin disown "$@"
        }
        __ask() {
          printf '%s\n' "$1" >> "$__control/{{ShellQuestions.Question}}"
          IFS= read -r __left < "$__control/{{ShellQuestions.Answer}}"
        }
        __alone() {
          local __left=
          __ask {{Left}}
          LC_ALL=C jobs >| "$__control/{{Jobs}}"
          __ask {{Unwaited}}
          [ -n "$__left" ] || return 0
          __say "$__left"
          builtin disown -a
          __ask {{End}}
          return 1
        }
        __run() {
          [ -d "$__control/$1" ] || return 0
          __phase=$1
          __say "Entering phase $__phase"
          local __file
          for __file in "$__control/$__phase"/*; do
            __command=${__file##*/}
            printf 'begin %s %s\n' "$__phase" "$__command" >> "$__control/status"
            __say "Running command $(<"$__file")"
            . "$__file"
            __code=$?
            __alone || [ "$__code" -ne 0 ] || __code=1
            if [ "$__code" -ne 0 ]; then set +e; __end "$__code"; return "$__code"; fi
          done
          __end 0
        }
        __after() {
          [ "$2" -ne 0 ] || return 0
          export CODEBUILD_BUILD_SUCCEEDING=0
          case " $__hold " in *" $1 "*) return 1 ;; esac
          return 0
        }
        __from() {
          local __name
          for __name in "$@"; do
            __run "$__name"
            __after "$__name" $? || return 0
          done
        }
        __exited() {
          [ "$BASHPID" = "$$" ] || return 0
          trap - EXIT
          set +eu
          [ -n "$__phase" ] || return 0
          __code=$1
          __alone || [ "$__code" -ne 0 ] || __code=1
          __end "$__code"
          __after "$__ended" "$__code" || return 0
          case "$__ended" in
            INSTALL) __from PRE_BUILD BUILD POST_BUILD ;;
            PRE_BUILD) __from BUILD POST_BUILD ;;
            BUILD) __from POST_BUILD ;;
          esac
        }
        trap '__exited $?' EXIT
        export CODEBUILD_BUILD_SUCCEEDING=$__succeeding
        __from INSTALL PRE_BUILD BUILD POST_BUILD
        """;

    /// <summary>
    /// Runs the phases in <paramref name="source"/>. A command may end the shell past its trap (a trap of its own, exec, a signal): what
    /// follows its phase runs in another shell, which knows nothing of the first's variables.
    /// </summary>
    /// <param name="phases">What to run.</param>
    /// <param name="source">The working directory.</param>
    /// <param name="control">An empty folder of the caller's, for the commands and their outcomes.</param>
    /// <param name="environment">The whole environment: nothing of this process's own is passed on.</param>
    /// <param name="time">The virtual time that the log shows.</param>
    /// <param name="notSimulated">
    /// The commands that were called since it was asked before and are not simulated: a build may not look at their exit status, as
    /// <c>wait</c> does not.
    /// </param>
    /// <param name="cancellation">Kills the shell and all that it started.</param>
    /// <param name="progress">Notes how far it has come.</param>
    /// <exception cref="InvalidDataException">A command wrote to what only the shell asks by.</exception>
    internal static async Task<ShellResult> Run(
        IReadOnlyList<BuildspecPhase> phases,
        string source,
        string control,
        IReadOnlyDictionary<string, string> environment,
        DateTimeOffset time,
        Func<IReadOnlyList<string>> notSimulated,
        CancellationToken cancellation,
        BuildProgress? progress = null
    )
    {
        var results = new List<PhaseResult>();
        progress ??= new BuildProgress();
        IReadOnlyList<BuildspecPhase> next = phases;
        for (var shells = 0; ; shells++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(control, shells.ToString(CultureInfo.InvariantCulture))).FullName;
            var succeeding = results.TrueForAll(result => result.ExitCode == 0);
            await Write(next, folder, succeeding, time, cancellation);
            var before = results.ToArray();
            var (ran, ended, killed) = await RunShell(
                next,
                source,
                folder,
                environment,
                progress.Print,
                entered => progress.Phases = [.. before, .. entered],
                time,
                notSimulated,
                cancellation
            );
            results.AddRange(ran);
            if (killed || ended || ran is not [.., var last] || last.ExitCode != 0 && !last.Phase.GoesOnAfterFailure)
            {
                return new ShellResult(results, progress.Output, killed);
            }

            next = [.. next.SkipWhile(phase => phase.Name != last.Phase.Name).Skip(1)];
            if (next.Count == 0)
            {
                return new ShellResult(results, progress.Output, killed);
            }
        }
    }

    /// <summary>Writes what a shell runs.</summary>
    private static async Task Write(
        IReadOnlyList<BuildspecPhase> phases,
        string control,
        bool succeeding,
        DateTimeOffset time,
        CancellationToken cancellation
    )
    {
        foreach (var phase in phases)
        {
            var folder = Directory.CreateDirectory(Path.Combine(control, phase.Name)).FullName;
            for (var i = 0; i < phase.Commands.Count; i++)
            {
                await File.WriteAllTextAsync(CommandPath(folder, i), phase.Commands[i] + "\n", cancellation);
            }
        }

        var hold = string.Join(' ', phases.Where(phase => !phase.GoesOnAfterFailure).Select(phase => phase.Name));
        await File.WriteAllTextAsync(
            Path.Combine(control, "script"),
            $"__control={Quote(control)}\n__hold={Quote(hold)}\n__succeeding={(succeeding ? 1 : 0)}\n"
                + $"__time={Quote(LogTime(time))}\n{Script}\n",
            cancellation
        );
    }

    /// <summary>Runs one shell to its end; nothing that it started is left.</summary>
    /// <returns>The phases that it entered, whether it recorded the end of the last, and whether it was killed.</returns>
    private static async Task<(IReadOnlyList<PhaseResult> Phases, bool Ended, bool Killed)> RunShell(
        IReadOnlyList<BuildspecPhase> phases,
        string source,
        string control,
        IReadOnlyDictionary<string, string> environment,
        Action<string> print,
        Action<IReadOnlyList<PhaseResult>> entered,
        DateTimeOffset time,
        Func<IReadOnlyList<string>> notSimulated,
        CancellationToken cancellation
    )
    {
        var running = new RunningCommands(source, control);
        IReadOnlyList<string> left = [];
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int exitCode;
        bool killed;
        await using (var questions = ShellQuestions.Open(control, Answer, stop.Cancel))
        {
            (exitCode, _, killed) = await ChildProcess.Run(
                "bash",
                ["--noprofile", "--norc", Path.Combine(control, "script")],
                source,
                environment,
                print,
                stop.Token,
                started: Started
            );
            if (questions.Failure is { } failure)
            {
                entered((await Outcomes(control, phases, exitCode)).Results);
                await running.End(shell: null);
                throw new InvalidDataException(failure.Message, failure);
            }
        }

        var (results, ended) = await Outcomes(control, phases, exitCode);
        entered(results);
        if (!ended && !killed && Problem(await running.StillRunning(shell: null, cancellation)) is { } problem)
        {
            print($"[Container] {LogTime(time)} {problem}");
            results[^1] = results[^1] with { ExitCode = 1 };
        }

        // A shell that was killed, or that another program took the place of, has not asked.
        await running.End(shell: null);
        return (results, ended, killed);

        void Started(int shell)
        {
            running.Began(shell);
            started.SetResult(shell);
        }

        // Of a command that has ended; one that left something running may still call something.
        string? Problem(IReadOnlyList<string> left) =>
            left.Count > 0 ? $"{Refused} ({string.Join(", ", left)}): {Advice}"
            : notSimulated() is { Count: > 0 } called ? $"{NotSimulated}: {string.Join(", ", called)}"
            : null;

        async Task<string> Answer(string question)
        {
            var shell = await started.Task;
            switch (question)
            {
                case Left:
                    // What was killed takes a moment to end.
                    left = await running.StillRunning(shell, cancellation);
                    return string.Empty;
                case Unwaited:
                    // Whether a job has ended meanwhile is chance: by what it was started with, it is refused either way.
                    return Problem(await ShellJobs.Take(control, Jobs, Disowned) is { Count: > 0 } jobs ? jobs : left) ?? string.Empty;
                case End:
                    await running.End(shell);
                    return string.Empty;
                default:
                    throw new InvalidDataException($"a command wrote to '{ShellQuestions.Question}', by which only the build's shell asks");
            }
        }
    }

    /// <summary>A time as a build's log writes it.</summary>
    internal static string LogTime(DateTimeOffset time) => time.ToString("yyyy/MM/dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static async Task<(List<PhaseResult> Results, bool Ended)> Outcomes(
        string control,
        IReadOnlyList<BuildspecPhase> phases,
        int exitCode
    )
    {
        var status = Path.Combine(control, "status");
        var results = new List<PhaseResult>();
        string[] lines = File.Exists(status) ? await File.ReadAllLinesAsync(status) : [];
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var name = words[1];
            if (results.Count == 0 || results[^1].Phase.Name != name)
            {
                // A phase that never ends was left past the shell's trap, or was killed: its outcome is the shell's.
                results.Add(new PhaseResult(phases.Single(phase => phase.Name == name), exitCode, string.Empty));
            }

            results[^1] = results[^1] with
            {
                Command = results[^1].Phase.Commands[int.Parse(words[^1], CultureInfo.InvariantCulture)],
                ExitCode = words[0] == "end" ? int.Parse(words[2], CultureInfo.InvariantCulture) : results[^1].ExitCode,
            };
        }

        return (results, lines is [] || lines[^1].StartsWith("end ", StringComparison.Ordinal));
    }

    private static string CommandPath(string folder, int index) => Path.Combine(folder, index.ToString("D4", CultureInfo.InvariantCulture));

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
