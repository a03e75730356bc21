using System.Globalization;
using System.Text;

namespace Deployer.Rehearsal.Processes;

/// <summary>What this machine says of processes that are not this one's children. Only Linux says it.</summary>
/// <remarks>https://man7.org/linux/man-pages/man5/proc.5.html</remarks>
internal static class ProcessTable
{
    private const string Root = "/proc";

    /// <summary>Where <c>starttime</c> stands, field 22, among those behind the name, of which the first is field 3.</summary>
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
        if (Read(id, "stat") is not { } bytes)
        {
            return null;
        }

        // ID (NAME) STATE PARENT …, and the name may hold anything.
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.LastIndexOf(')');
        var rest = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return end < 0 || rest is not [var state, var parent, ..] || state is "Z" or "X"
            ? null
            : new ProcessStatus(
                id,
                text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end],
                int.Parse(parent, CultureInfo.InvariantCulture),
                rest.Length > StartTime ? long.Parse(rest[StartTime], CultureInfo.InvariantCulture) : 0
            );
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

    /// <summary>The variables that a process was started with, each closed by a zero; nothing of one that is somebody else's.</summary>
    internal static ReadOnlySpan<byte> Environment(int id) => Read(id, "environ");

    /// <summary>The folder that a process works in and the files that it has open.</summary>
    internal static IEnumerable<string> Files(int id) => Entries(id).Prepend($"{Root}/{id}/cwd").Select(Target).OfType<string>();

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

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[]? Read(int id, string file)
    {
        try
        {
            return File.ReadAllBytes($"{Root}/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A process.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its program's name, of at most 15 bytes.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="StartTime">When it started, in clock ticks since the machine did.</param>
internal sealed record ProcessStatus(int Id, string Name, int Parent, long StartTime);
