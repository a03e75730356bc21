namespace Deployer.Cli.Output;

/// <summary>A file that the command line names.</summary>
internal static class InputFile
{
    // /dev/stdin, and /dev/fd/N, which shells make for <(…) and >(…): somebody is at the other end.
    private const string Devices = "/dev/";

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It is none, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Read(string path) =>
        IsSpecial(path) ? throw new IOException($"{path} is a pipe, socket or device; expected a file") : File.ReadAllText(path);

    /// <summary>
    /// Whether a path is a pipe, a socket or a device: to open a pipe would wait for somebody at its other end. Opened for both it does not
    /// wait, and it has no position; https://man7.org/linux/man-pages/man7/fifo.7.html. Only what says to be empty can be one; what
    /// stands below /dev is asked for by name.
    /// </summary>
    public static bool IsSpecial(string path)
    {
        if (path.StartsWith(Devices, StringComparison.Ordinal) || new FileInfo(path) is not { Exists: true, Length: 0 })
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
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
