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
    private const string End = "end";

    // A command may leave the shell (exit, set -e): the trap records its phase and goes on with what follows it.
    // What the shell asks this process goes out by what was standard error and is answered on what was standard input.
    private const string Script = $$"""
        exec 200>&2 201<&0 2>&1 0</dev/null
        __phase=
        __command=
        __say() { printf '[Container] %s %s\n' "$__time" "$*"; }
        __end() { printf 'end %s %s %s\n' "$__phase" "$1" "$__command" >> "$__control/status"; __ended=$__phase; __phase=; }
        __alone() {
          local __left=
          printf '{{Left}} %s\n' $$ >&200
          IFS= read -r __left <&201
          [ -n "$__left" ] || return 0
          __say "The rehearsal does not support a command that leaves something running ($__left): wait for it in the same command."
          disown -a
          printf '{{End}} %s\n' $$ >&200
          IFS= read -r __left <&201
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
            __alone || __code=1
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
          trap - EXIT
          set +eu
          [ -n "$__phase" ] || return 0
          __code=$1
          __alone || __code=1
          __end "$__code"
          __after "$__ended" "$__code" || return 0
          case "$__ended" in
            INSTALL) __from PRE_BUILD BUILD POST_BUILD ;;
            PRE_BUILD) __from BUILD POST_BUILD ;;
            BUILD) __from POST_BUILD ;;
          esac
        }
        trap '__exited $?' EXIT
        export CODEBUILD_BUILD_SUCCEEDING=1
        __from INSTALL PRE_BUILD BUILD POST_BUILD
        """;

    /// <summary>Runs the phases in <paramref name="source"/>.</summary>
    /// <param name="phases">What to run.</param>
    /// <param name="source">The working directory.</param>
    /// <param name="control">An empty folder of the caller's, for the commands and their outcomes.</param>
    /// <param name="environment">The whole environment: nothing of this process's own is passed on.</param>
    /// <param name="time">The virtual time that the log shows.</param>
    /// <param name="cancellation">Kills the shell and all that it started.</param>
    internal static async Task<ShellResult> Run(
        IReadOnlyList<BuildspecPhase> phases,
        string source,
        string control,
        IReadOnlyDictionary<string, string> environment,
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
        var script = Path.Combine(control, "script");
        await File.WriteAllTextAsync(
            script,
            $"__control={Quote(control)}\n__hold={Quote(hold)}\n" + $"__time={Quote(LogTime(time))}\n{Script}\n",
            cancellation
        );
        var output = new List<string>();
        var running = new RunningCommands(source, control);
        var (exitCode, _, killed) = await ChildProcess.Run(
            "bash",
            ["--noprofile", "--norc", script],
            source,
            environment,
            output.Add,
            cancellation,
            answer: Answer
        );

        // A shell that was killed, or that another program took the place of, has not asked.
        await running.End(shell: null);
        return new ShellResult(await Outcomes(control, phases, exitCode), [.. output], killed);

        async Task<string> Answer(string question)
        {
            var shell = int.Parse(question.Split(' ')[1], CultureInfo.InvariantCulture);
            if (question.StartsWith(End, StringComparison.Ordinal))
            {
                await running.End(shell);
                return string.Empty;
            }

            return string.Join(", ", await running.Left(shell, cancellation));
        }
    }

    /// <summary>A time as a build's log writes it.</summary>
    internal static string LogTime(DateTimeOffset time) => time.ToString("yyyy/MM/dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<PhaseResult>> Outcomes(string control, IReadOnlyList<BuildspecPhase> phases, int exitCode)
    {
        var status = Path.Combine(control, "status");
        var results = new List<PhaseResult>();
        foreach (var line in File.Exists(status) ? await File.ReadAllLinesAsync(status) : [])
        {
            var words = line.Split(' ');
            var name = words[1];
            if (results.Count == 0 || results[^1].Phase.Name != name)
            {
                // A phase that never ends was left by an exit inside the trap, or was killed.
                results.Add(new PhaseResult(phases.Single(phase => phase.Name == name), exitCode == 0 ? 1 : exitCode, string.Empty));
            }

            results[^1] = results[^1] with
            {
                Command = results[^1].Phase.Commands[int.Parse(words[^1], CultureInfo.InvariantCulture)],
                ExitCode = words[0] == "end" ? int.Parse(words[2], CultureInfo.InvariantCulture) : results[^1].ExitCode,
            };
        }

        return results;
    }

    private static string CommandPath(string folder, int index) => Path.Combine(folder, index.ToString("D4", CultureInfo.InvariantCulture));

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
