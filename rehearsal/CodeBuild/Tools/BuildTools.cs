using System.Collections.Concurrent;
using System.Globalization;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>
/// The simulated tools of one build: a command for each on the build's path, which hands its command line to this process and waits for
/// what it prints. A process of its own for each call would spend most of its time on starting.
/// </summary>
internal sealed class BuildTools : IAsyncDisposable
{
    private const string Calls = "calls";
    private const string Requests = "requests";
    private const string Stop = "stop";

    /// <summary>Closes each text of an answer: the shell takes the line ends off the end of what it reads.</summary>
    private const char End = '.';

    /// <summary>What a shell reports of a program that was killed: 128 and the signal.</summary>
    private const int Killed = 137;

    /// <summary>
    /// The variable with the folder of the programs that the image lacks: what a build installs stands for one of them, and calls it there.
    /// </summary>
    internal const string InstallableVariable = "REHEARSAL_PROGRAMS";

    /// <summary>How often a process is looked at that waits for its answer.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, IBuildTool> _tools;
    private readonly string _requests;
    private readonly string _calls;
    private readonly CancellationToken _cancellation;
    private readonly Task _serving;
    private readonly ConcurrentQueue<string> _notSimulated = [];

    private BuildTools(string requests, string calls, Dictionary<string, IBuildTool> tools, CancellationToken cancellation)
    {
        _tools = tools;
        _requests = requests;
        _calls = calls;
        _cancellation = cancellation;

        // Open for both, so that it neither waits for the first call nor ends with the last. A read of it cannot be cancelled.
        var pipe = new FileStream(requests, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _serving = Task.Factory.StartNew(() => Serve(pipe), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes the commands.</summary>
    /// <param name="folder">An empty folder of the caller's.</param>
    /// <param name="programs">What the image has.</param>
    /// <param name="tools">What is simulated.</param>
    /// <param name="cancellation">The build was killed: no call is answered any more.</param>
    /// <returns>The tools, the folder that is the build's path, and that of what the image lacks.</returns>
    public static (BuildTools Tools, string Path, string Installable) Open(
        string folder,
        ImagePrograms programs,
        IEnumerable<IBuildTool> tools,
        CancellationToken cancellation
    )
    {
        var requests = Path.Combine(folder, Requests);
        NamedPipe.Make(requests);
        var served = tools
            .SelectMany(tool => tool.Names, (tool, name) => (name, tool))
            .ToDictionary(named => named.name, named => named.tool, StringComparer.Ordinal);
        var refused = new RefusedPrograms(programs.Refused(served.Keys.ToHashSet(StringComparer.Ordinal)));
        foreach (var name in refused.Names)
        {
            served[name] = refused;
        }

        var calls = Directory.CreateDirectory(Path.Combine(folder, Calls)).FullName;
        var image = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        var installable = Directory.CreateDirectory(Path.Combine(folder, "installable")).FullName;
        foreach (var (name, tool) in served)
        {
            Programs.Write(Path.Combine(tool.IsInImage ? image : installable, name), Call(name, calls, requests, Environment.ProcessId));
        }

        programs.Link(image, served.Keys.ToHashSet(StringComparer.Ordinal));
        return (new BuildTools(requests, calls, served, cancellation), image, installable);
    }

    /// <summary>The command lines since it was asked before that are not simulated, without those that were called again.</summary>
    public IReadOnlyList<string> TakeNotSimulated()
    {
        var taken = new List<string>();
        while (_notSimulated.TryDequeue(out var command))
        {
            taken.Add(command);
        }

        return [.. taken.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Ends the tools: the build has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (
            var requests = new StreamWriter(
                _requests,
                new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite,
                }
            )
        )
        {
            await requests.WriteLineAsync(Stop);
        }

        await _serving;
    }

    /// <summary>
    /// The command: it hands over its words, folder and environment, and prints what it is answered. A rehearsal that was killed answers
    /// nothing: then it ends too.
    /// </summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="calls">The folder of the calls.</param>
    /// <param name="requests">The pipe that announces them.</param>
    /// <param name="process">The process that answers.</param>
    internal static string Call(string name, string calls, string requests, int process) =>
            // Privileged: no function, option or start file of the build's (BASH_ENV, SHELLOPTS, BASH_FUNC_x%%) reaches what stands for a
            // program that knows nothing of them (https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html).
            // Each program that it started would cost more than the call. Linux has the environment of the process at hand.
            // A read whose time is over has what came until then (https://www.gnu.org/software/bash/manual/html_node/Bash-Builtins.html).
            // Both pipes are opened at both ends, so that neither waits: the answer is kept until it is read.
            $$"""
            #!/bin/bash -p
            set -e
            status=
            call={{Quote(calls)}}/$$
            mkfifo "$call.status"
            exec 3<>"$call.status" 4<>{{Quote(requests)}}
            pwd > "$call.folder"
            [ -r /proc/$$/environ ] || env -0 > "$call.environment"
            printf '%s\0' {{Quote(name)}} "$@" > "$call.arguments"
            printf '%s\n' "$$" >&4
            until read -r -t 1 part <&3; do status+=$part; kill -0 {{process}} 2>/dev/null || exit {{Killed}}; done
            status+=$part
            output=$(<"$call.output")
            error=$(<"$call.error")
            printf '%s' "${output%{{End}}}"
            printf '%s' "${error%{{End}}}" >&2
            exit "$status"

            """;

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private void Serve(FileStream requests)
    {
        using var reader = new StreamReader(requests);
        var running = new List<Task>();
        while (reader.ReadLine() is { } process && process != Stop)
        {
            running.Add(Serve(process));
        }

        // A build that was killed leaves calls whose requests are never answered.
        running.RemoveAll(call => _cancellation.IsCancellationRequested || call.IsCompleted);
        Task.WaitAll(running.ToArray(), CancellationToken.None);
    }

    /// <summary>
    /// Answers a call; one that cannot be read or answered fails, and never waits for ever. One whose process was killed ends where it is.
    /// </summary>
    private async Task Serve(string process)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        try
        {
            var answer = Answer(process, call.Token);
            await Task.WhenAny(answer, Gone(process, answer));
            await call.CancelAsync();
            await answer;
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            // Who called is gone.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Who called is gone, or the build has deleted the files of its call: a call that still waits fails.
            await Fail(process);
        }
    }

    /// <summary>Ends when the process has, or the call.</summary>
    private static async Task Gone(string process, Task call)
    {
        var id = int.Parse(process, CultureInfo.InvariantCulture);
        while (!call.IsCompleted && ProcessTable.Lives(id))
        {
            await Task.WhenAny(call, Task.Delay(Look, CancellationToken.None));
        }
    }

    private async Task Fail(string process)
    {
        var call = Path.Combine(_calls, process);
        try
        {
            await Answer(call, 1, string.Empty, "the call could not be read\n");
        }
        catch (IOException)
        {
            // Nobody waits any more.
        }
    }

    /// <summary>Answers the call of a process. Its number may come again in one build: the pipe goes with its answer.</summary>
    private async Task Answer(string process, CancellationToken ended)
    {
        var call = Path.Combine(_calls, process);
        var arguments = await Texts($"{call}.arguments");
        var environ = $"/proc/{process}/environ";
        var environment = (await Texts(File.Exists(environ) ? environ : $"{call}.environment"))
            .Select(variable => variable.Split('=', 2))
            .Where(variable => variable.Length == 2)
            .DistinctBy(variable => variable[0], StringComparer.Ordinal)
            .ToDictionary(variable => variable[0], variable => variable[1], StringComparer.Ordinal);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var status = await Run(
            new ToolCall(
                arguments[0],
                arguments[1..],
                (await File.ReadAllTextAsync($"{call}.folder", _cancellation)).TrimEnd('\n'),
                environment,
                output,
                error,
                ended
            )
            {
                NotSimulated = _notSimulated.Enqueue,
            }
        );
        await Answer(call, status, output.ToString(), error.ToString());
    }

    private async Task Answer(string call, int status, string output, string error)
    {
        await File.WriteAllTextAsync($"{call}.output", $"{output}{End}", _cancellation);
        await File.WriteAllTextAsync($"{call}.error", $"{error}{End}", _cancellation);
        await using var answer = new StreamWriter(
            $"{call}.status",
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
            }
        );
        await answer.WriteLineAsync(status.ToString(CultureInfo.InvariantCulture));
        File.Delete($"{call}.status");
    }

    private async Task<int> Run(ToolCall call)
    {
        try
        {
            return await _tools[call.Name].Run(call).WaitAsync(call.Ended);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What a program prints that ends in an exception of its own.
            await call.Error.WriteLineAsync($"{call.Name}: {exception.Message}");
            return 1;
        }
    }

    private async Task<string[]> Texts(string file) => (await File.ReadAllTextAsync(file, _cancellation)).Split('\0')[..^1];
}
