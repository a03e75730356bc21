namespace Deployer.Cli.Output;

/// <summary>How this program is called from the current directory.</summary>
internal static class ProgramName
{
    private const string Name = "deployer";

    /// <summary><c>deployer</c> where the path has it, else the executable's own place.</summary>
    public static string Find()
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        var own = Path.Combine(AppContext.BaseDirectory, Name);
        if (Array.Exists(directories, directory => File.Exists(Path.Combine(directory, Name))) || !File.Exists(own))
        {
            return Name;
        }

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, own);
        return relative.StartsWith("..", StringComparison.Ordinal) ? own : relative;
    }
}
