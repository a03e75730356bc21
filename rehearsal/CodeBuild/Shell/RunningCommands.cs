using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>
/// What a build's commands have left running. A program is a build's when it descends from the build's shell or, once its parent has
/// ended, when it still has anything of the build: a variable that names one of its folders, an open file there, or its working directory.
/// Linux shows all of that; elsewhere nothing is found.
/// </summary>
/// <remarks>https://man7.org/linux/man-pages/man5/proc.5.html</remarks>
/// <param name="folders">The build's own folders.</param>
internal sealed class RunningCommands(params IReadOnlyList<string> folders)
{
    // What ends by itself right away (the last part of a pipeline, the other side of a process substitution) is not left running,
    // whichever of the two the machine lets end first.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly byte[][] _folders = [.. folders.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The names of the programs that run after a command has ended and go on running, in ordinal order.</summary>
    /// <param name="shell">The process of the build's shell.</param>
    /// <param name="cancellation">The build was killed: nobody asks any more.</param>
    internal async Task<IReadOnlyList<string>> Left(int shell, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = Find(shell);
            if (left.Count == 0 || cancellation.IsCancellationRequested || Stopwatch.GetElapsedTime(began) >= Grace)
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
        var began = Stopwatch.GetTimestamp();
        while (Find(shell) is { Count: > 0 } left && Stopwatch.GetElapsedTime(began) < Grace)
        {
            foreach (var (id, _) in left)
            {
                Kill(id);
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

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

    private List<(int Id, string Name)> Find(int? shell)
    {
        var processes = new Dictionary<int, (string Name, int Parent)>();
        foreach (var folder in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Status(id) is { } status)
            {
                processes[id] = status;
            }
        }

        return
        [
            .. processes
                .Where(process => process.Key != shell && process.Key != Environment.ProcessId)
                .Where(process => Descends(process.Key) || IsOfBuild(process.Key))
                .Select(process => (process.Key, process.Value.Name)),
        ];

        bool Descends(int id)
        {
            // Ids are read one after another: what is seen need not be a tree.
            for (var i = 0; i < processes.Count && processes.TryGetValue(id, out var process); i++)
            {
                if (process.Parent == shell)
                {
                    return true;
                }

                id = process.Parent;
            }

            return false;
        }
    }

    /// <summary>The name and the parent of a process that lives: <c>ID (NAME) STATE PARENT …</c>, and the name may hold anything.</summary>
    private static (string Name, int Parent)? Status(int id)
    {
        if (Read($"/proc/{id}/stat") is not { } bytes)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes);
        var end = text.LastIndexOf(')');
        var rest = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return end < 0 || rest is not [var state, var parent, ..] || state is "Z" or "X"
            ? null
            : (text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end], int.Parse(parent, CultureInfo.InvariantCulture));
    }

    private bool IsOfBuild(int id) =>
        Read($"/proc/{id}/environ") is { } environment && Array.Exists(_folders, folder => environment.AsSpan().IndexOf(folder) >= 0)
        || LinkIsOfBuild($"/proc/{id}/cwd")
        || Entries($"/proc/{id}/fd").Any(LinkIsOfBuild);

    private bool LinkIsOfBuild(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget is { } target && folders.Any(folder => target.StartsWith(folder, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A file of a process; <see langword="null"/> when it has ended or is somebody else's.</summary>
    private static byte[]? Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
