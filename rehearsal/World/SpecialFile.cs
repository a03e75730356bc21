namespace Deployer.Rehearsal.World;

/// <summary>
/// Pipes, sockets and devices, which a program must not open as it opens files: it would wait for somebody at the other end.
/// </summary>
internal static class SpecialFile
{
    private const string Devices = "/dev/";
    private const string FilesInMemory = "/dev/shm/";

    /// <summary>Whether a path, all links followed, is where Linux has devices, and not among the files that it keeps in memory.</summary>
    /// <remarks>https://man7.org/linux/man-pages/man7/shm_overview.7.html</remarks>
    public static bool IsDevice(string path) =>
        path.StartsWith(Devices, StringComparison.Ordinal) && !path.StartsWith(FilesInMemory, StringComparison.Ordinal);

    /// <summary>
    /// Whether a path is a pipe or a socket. Only what says to be empty can be one. Opened for both, a pipe does not wait, and it has no
    /// position: https://man7.org/linux/man-pages/man7/fifo.7.html.
    /// </summary>
    public static bool IsPipeOrSocket(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: 0 })
        {
            return false;
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return !stream.CanSeek;
        }
        catch (UnauthorizedAccessException)
        {
            // What may not be written is said where it is opened for that.
            return false;
        }
        catch (IOException exception)
        {
            // A socket cannot be opened; a file that another process holds is busy.
            return exception.HResult is not (Journal.LinuxBusy or Journal.MacBusy or Journal.WindowsBusy);
        }
    }
}
