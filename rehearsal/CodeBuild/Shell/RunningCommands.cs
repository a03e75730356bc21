using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>
/// What a build's commands have left running. A program is a build's when it descends from the build's shell or, once its parent has
/// ended, when it still has anything of the build: a variable that names one of its folders, an open file there (each inherits one), or its
/// working directory. Linux shows all of that; elsewhere nothing is found.
/// </summary>
/// <param name="folders">The build's own folders.</param>
internal sealed class RunningCommands(params IReadOnlyList<string> folders)
{
    // What ends by itself right away (the last part of a pipeline, the other side of a process substitution) is not left running,
    // whichever of the two the machine lets end first. Only the pauses count: a machine under load is slow to look, too.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private const int Pauses = 100;
    private const int PausesForUncertain = 2;

    // https://man7.org/linux/man-pages/man7/pid_namespaces.7.html: kthreadd, the parent of the kernel's own, which have no variables.
    private const int KernelThreads = 2;

    private readonly byte[][] _folders = [.. folders.Select(Encoding.UTF8.GetBytes)];
    private long _since;

    /// <summary>Looks at the processes that live.</summary>
    internal Func<IEnumerable<ProcessStatus>> Look { get; init; } = ProcessTable.Living;

    /// <summary>The build's shell has been started: what ran before is not the build's.</summary>
    /// <param name="shell">The process of the shell.</param>
    internal void Began(int shell) => _since = ProcessTable.Find(shell)?.StartTime ?? 0;

    /// <summary>The names of the programs that run after a command has ended and go on running, in ordinal order.</summary>
    /// <param name="shell">The process of the build's shell; <see langword="null"/> when it has ended.</param>
    /// <param name="cancellation">The build was killed: nobody asks any more.</param>
    internal async Task<IReadOnlyList<string>> StillRunning(int? shell, CancellationToken cancellation)
    {
        for (var pauses = 0; ; pauses++)
        {
            var left = Find(shell, out var waitsFor);
            if ((left.Count == 0 && pauses >= waitsFor) || cancellation.IsCancellationRequested || pauses == Pauses)
            {
                return [.. left.Select(process => process.Name).Distinct().Order(StringComparer.Ordinal)];
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>Kills what is left running, each by its id.</summary>
    /// <param name="shell">The process of the build's shell, which stays; <see langword="null"/> when it has ended.</param>
    internal async Task End(int? shell)
    {
        // What is killed may be starting something at that moment.
        for (var pauses = 0; pauses <= Pauses; pauses++)
        {
            var left = Find(shell, out var waitsFor);
            if (left.Count == 0 && pauses >= waitsFor)
            {
                return;
            }

            foreach (var process in left)
            {
                Kill(process.Id);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>
    /// Whether it is this program or a child of its own, which has the program's files open until it has become another. Orphans are
    /// children of another process, unless this one is the first of a container.
    /// </summary>
    private static bool IsOfProgram(ProcessStatus process) =>
        process.Id == Environment.ProcessId || process.Parent == Environment.ProcessId && Environment.ProcessId != 1;

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended, or is somebody else's by now.
        }
    }

    /// <summary>The processes that are the build's.</summary>
    /// <param name="shell">The process of the build's shell, which is none of them.</param>
    /// <param name="waitsFor">
    /// How often to look again when these are none: a process that becomes another program says nothing for a moment, which is long on a
    /// machine under load, and one that says something but has no variables may have been read in that moment.
    /// </param>
    private List<ProcessStatus> Find(int? shell, out int waitsFor)
    {
        var processes = Look().ToDictionary(process => process.Id);
        var found = new List<ProcessStatus>();
        waitsFor = 0;
        foreach (var process in processes.Values)
        {
            if (process.StartTime < _since || process.Id == shell || IsOfProgram(process))
            {
                continue;
            }

            // Each is asked once for its variables: one that has none now and some a moment later would be nobody's and certain.
            var isSilent = !IsOfBuild(process.Id, out var isOfBuild);
            if (isOfBuild || Descends(process))
            {
                found.Add(process);
            }
            else if (isSilent && process.Parent != KernelThreads)
            {
                waitsFor = Math.Max(waitsFor, ProcessTable.HasCommandLine(process.Id) ? PausesForUncertain : Pauses);
            }
        }

        return found;

        bool Descends(ProcessStatus process)
        {
            // They are read one after another: what is seen need not be a tree.
            for (var i = 0; i < processes.Count; i++)
            {
                if (process.Parent == shell)
                {
                    return true;
                }

                if (!processes.TryGetValue(process.Parent, out var parent))
                {
                    return false;
                }

                process = parent;
            }

            return false;
        }
    }

    /// <summary>Whether a process says what it was started with, and whether it has anything of the build.</summary>
    private bool IsOfBuild(int id, out bool isOfBuild)
    {
        var variables = ProcessTable.Environment(id);
        var says = !variables.IsEmpty;
        foreach (var folder in _folders)
        {
            if (variables.IndexOf(folder) >= 0)
            {
                isOfBuild = true;
                return says;
            }
        }

        isOfBuild = ProcessTable.Files(id).Any(file => folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)));
        return says;
    }
}
