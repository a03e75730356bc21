using System.Diagnostics;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What git says about a folder: the commit, and whether nothing differs from it.</summary>
internal sealed record GitTree(string? Commit, bool Clean)
{
    private static readonly GitTree None = new(null, false);

    /// <summary>Asks git. Without git, a repository or a commit there is no tree to name.</summary>
    public static async Task<GitTree> Read(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var commit = await Git(folder, environment, "rev-parse", "HEAD");
        var status = commit is null ? null : await Git(folder, environment, "status", "--porcelain");
        return status is null ? None : new GitTree(commit, status.Length == 0);
    }

    private static async Task<string?> Git(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var git = Process.Start(start)!;
            var error = git.StandardError.ReadToEndAsync();
            var output = await git.StandardOutput.ReadToEndAsync();
            await error;
            await git.WaitForExitAsync();
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
