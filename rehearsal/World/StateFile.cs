namespace Deployer.Rehearsal.World;

/// <summary>Looks at what stands in a state's folder before it is opened.</summary>
internal static class StateFile
{
    /// <summary>
    /// Whether a file is there. What is no regular file is refused: to open a pipe would wait for somebody at its other end, and a device
    /// has no end. Opened for both, a pipe does not wait, and it has no position: https://man7.org/linux/man-pages/man7/fifo.7.html.
    /// </summary>
    /// <exception cref="InvalidDataException">A folder, pipe, socket or device is there.</exception>
    public static bool Exists(string path)
    {
        if (Directory.Exists(path))
        {
            throw NoFile(path, "a folder");
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return false;
        }

        if ((file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "").StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw NoFile(path, "a device");
        }

        // Only what says to be empty can be a pipe or a socket.
        return file.Length > 0 || HasPosition(path) ? true : throw NoFile(path, "a pipe or a socket");
    }

    private static bool HasPosition(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return stream.CanSeek;
        }
        catch (UnauthorizedAccessException)
        {
            // What may not be written is said where it is opened for that.
            return true;
        }
        catch (IOException exception) when (exception.HResult is not (Journal.LinuxBusy or Journal.MacBusy or Journal.WindowsBusy))
        {
            // A socket cannot be opened.
            return false;
        }
        catch (IOException)
        {
            // Another process holds the file.
            return true;
        }
    }

    private static InvalidDataException NoFile(string path, string what) =>
        new($"{path} is {what}; expected a file that a rehearsal wrote, or nothing");
}
