using System.Globalization;
using System.Text;

namespace Deployer.Rehearsal.Processes;

/// <summary>What this machine says of processes that are not this one's children. Only Linux says it.</summary>
/// <remarks>https://man7.org/linux/man-pages/man5/proc.5.html</remarks>
internal static class ProcessTable
{
    private const string Root = "/proc";

    // Where fields 4 and 22 stand among those behind the name, of which the first is field 3.
    private const int Parent = 4 - 3;
    private const int StartTime = 22 - 3;

    /// <summary>The processes that live.</summary>
    internal static IEnumerable<ProcessStatus> Living()
    {
        foreach (var folder in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories(Root) : [])
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Find(id) is { } status
            )
            {
                yield return status;
            }
        }
    }

    /// <summary>A process that lives; <see langword="null"/> when it has ended, also while its parent has not taken note of that.</summary>
    internal static ProcessStatus? Find(int id)
    {
        if (!KernelFile.TryRead($"{Root}/{id}/stat", out var text))
        {
            return null;
        }

        // ID (NAME) STATE PARENT …, and the name may hold anything.
        var end = text.LastIndexOf((byte)')');
        if (end < 0 || text.Length < end + 3 || text[end + 2] is (byte)'Z' or (byte)'X')
        {
            return null;
        }

        long parent = 0;
        long startTime = 0;
        var field = 0;
        foreach (var range in text[(end + 2)..].Split((byte)' '))
        {
            var value = text[(end + 2)..][range];
            if (field == Parent)
            {
                parent = long.Parse(value, CultureInfo.InvariantCulture);
            }
            else if (field == StartTime)
            {
                startTime = long.Parse(value, CultureInfo.InvariantCulture);
                break;
            }

            field++;
        }

        var name = Encoding.UTF8.GetString(text[(text.IndexOf((byte)'(') + 1)..end]);
        return new ProcessStatus(id, name, (int)parent, startTime);
    }

    /// <summary>Whether a process lives, whoever asks it of whatever system.</summary>
    internal static bool Lives(int id)
    {
        if (OperatingSystem.IsLinux())
        {
            return Find(id) is not null;
        }

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// The variables that a process was started with, each closed by a zero; nothing of one that is somebody else's. Valid until this
    /// thread asks for something else.
    /// </summary>
    internal static ReadOnlySpan<byte> Environment(int id) =>
        KernelFile.TryRead($"{Root}/{id}/environ", out var variables) ? variables : default;

    /// <summary>
    /// Whether a process says by which command it was started, which it says of anybody's; not while it becomes another program.
    /// </summary>
    internal static bool HasCommandLine(int id) => KernelFile.TryRead($"{Root}/{id}/cmdline", out var command) && !command.IsEmpty;

    /// <summary>The folder that a process works in and the files that it has open.</summary>
    internal static IEnumerable<string> Files(int id) => Entries(id).Prepend($"{Root}/{id}/cwd").Select(KernelFile.Target).OfType<string>();

    private static string[] Entries(int id)
    {
        try
        {
            return Directory.GetFileSystemEntries($"{Root}/{id}/fd");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>A process.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its program's name, of at most 15 bytes.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="StartTime">When it started, in clock ticks since the machine did.</param>
internal sealed record ProcessStatus(int Id, string Name, int Parent, long StartTime);
