namespace Deployer.Rehearsal.Processes;

/// <summary>
/// A folder for what nobody keeps, which is gone when it is disposed of. It is in memory where the machine has a file system for that:
/// a build makes and removes some six hundred files, and a third of a rehearsal's time was the disk's.
/// </summary>
/// <remarks>
/// The folder of a process that was killed would stay in memory. So each holds a lock for as long as its process lives, and the next one
/// removes what nobody holds. https://man7.org/linux/man-pages/man5/tmpfs.5.html
/// </remarks>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Free memory from which on a folder may be in it, in bytes. Containers have 64 MB as a rule.</summary>
    internal const long EnoughMemory = 2L << 30;

    private const string Prefix = "deployer-scratch-";
    private const string LockSuffix = ".lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream? _lock;

    private ScratchFolder(string path, FileStream? held) => (Path, _lock) = (path, held);

    /// <summary>The full path of the folder, which is empty at first.</summary>
    public string Path { get; }

    /// <summary>
    /// Makes a folder: in memory, or among the machine's temporary files where memory is short, programs may not be started from there, or
    /// <c>TMPDIR</c> names a place.
    /// </summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static ScratchFolder Create() =>
        InMemory("/dev/shm", File.Exists("/proc/mounts") ? File.ReadAllText("/proc/mounts") : string.Empty)
        ?? new ScratchFolder(Temporary(), held: null);

    // What the system says of a place for temporary files that is not there names no place.
    private static string Temporary()
    {
        try
        {
            return Directory.CreateTempSubdirectory(Prefix).FullName;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException(
                $"there is no folder {System.IO.Path.GetTempPath()} for temporary files; expected one, or another in TMPDIR",
                fault
            );
        }
    }

    /// <summary>Makes a folder in memory; <see langword="null"/> where there is none that will do.</summary>
    /// <param name="place">Where a file system in memory is mounted as a rule.</param>
    /// <param name="mounts">What is mounted. https://man7.org/linux/man-pages/man5/proc_mounts.5.html</param>
    internal static ScratchFolder? InMemory(string place, string mounts)
    {
        if (
            OperatingSystem.IsWindows()
            || Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 }
            || !RunsProgramsInMemory(place, mounts)
        )
        {
            return null;
        }

        try
        {
            RemoveAbandoned(place);
            if (new DriveInfo(place).AvailableFreeSpace < EnoughMemory)
            {
                return null;
            }

            var path = System.IO.Path.Combine(place, Prefix + System.IO.Path.GetRandomFileName());
            var held = Hold(path + LockSuffix, FileMode.CreateNew);
            return new ScratchFolder(Directory.CreateDirectory(path, OwnerOnly).FullName, held);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Not every user may write there; the machine's temporary files do as well.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        if (_lock is not null)
        {
            File.Delete(_lock.Name);
            _lock.Dispose();
        }
    }

    private static bool RunsProgramsInMemory(string place, string mounts)
    {
        // The last line of a place is the one that counts: what was mounted later hides what was there.
        var mount = mounts.Split('\n').Select(line => line.Split(' ')).LastOrDefault(fields => fields.Length > 3 && fields[1] == place);
        return mount is [_, _, "tmpfs", var options, ..] && !options.Split(',').Any(option => option is "noexec" or "ro");
    }

    private static void RemoveAbandoned(string place)
    {
        foreach (var file in Directory.EnumerateFiles(place, $"{Prefix}*{LockSuffix}"))
        {
            try
            {
                using var held = Hold(file, FileMode.Open);
                if (Directory.Exists(file[..^LockSuffix.Length]))
                {
                    Directory.Delete(file[..^LockSuffix.Length], recursive: true);
                }

                File.Delete(file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Somebody works in it, removes it at this moment, or it is another user's.
            }
        }
    }

    private static FileStream Hold(string file, FileMode mode) => new(file, mode, FileAccess.ReadWrite, FileShare.None);
}
