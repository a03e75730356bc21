namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>Scripts that stand for the programs of a build.</summary>
internal static class Programs
{
    /// <summary>Writes a script that can be executed.</summary>
    internal static void Write(string path, string script)
    {
        File.WriteAllText(path, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
