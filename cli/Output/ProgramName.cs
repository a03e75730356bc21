namespace Deployer.Cli.Output;

/// <summary>How this program is called from the current directory.</summary>
internal static class ProgramName
{
    private const string Name = "deployer";

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary><c>deployer</c> where a shell finds this very program by that name, else the executable's own place.</summary>
    public static string Find() =>
        Find(
            Path.Combine(AppContext.BaseDirectory, Name),
            Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
            Environment.CurrentDirectory
        );

    /// <summary>What a shell takes for the name of a program.</summary>
    /// <param name="own">The program's executable; where there is none, nothing but the name can be said.</param>
    /// <param name="path">The directories in which the shell looks.</param>
    /// <param name="current">The directory in which the command is typed.</param>
    public static string Find(string own, string path, string current)
    {
        // A shell takes the first one that is executable, and an empty entry for the current directory;
        // https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html, "PATH".
        var found = path.Split(Path.PathSeparator)
            .Select(directory => Path.Combine(current, directory, Name))
            .FirstOrDefault(file => File.Exists(file) && IsExecutable(file));
        if (!File.Exists(own) || (found is not null && WithoutLinks(found) == WithoutLinks(own)))
        {
            return Name;
        }

        var relative = Path.GetRelativePath(current, own);
        // A name without a directory is looked for in PATH alone.
        return relative == Name ? Path.Combine(".", Name)
            : relative.StartsWith("..", StringComparison.Ordinal) ? own
            : relative;
    }

    private static bool IsExecutable(string file)
    {
        try
        {
            return OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != UnixFileMode.None;
        }
        catch (IOException)
        {
            // A link that leads nowhere, or to itself.
            return false;
        }
    }

    /// <summary>A path with the links followed, those of its directories too.</summary>
    private static string WithoutLinks(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (directory is null)
        {
            return path;
        }

        var file = Path.Combine(WithoutLinks(directory), Path.GetFileName(path));
        return new FileInfo(file).LinkTarget is { } target ? WithoutLinks(Path.Combine(Path.GetDirectoryName(file)!, target)) : file;
    }
}
