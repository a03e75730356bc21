using System.Diagnostics;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What git says about a folder: the commit, and whether nothing differs from it.</summary>
internal sealed record GitTree(string? Commit, bool Clean)
{
    private static readonly GitTree None = new(null, false);

    /// <summary>Asks git. Without git, a repository or a commit there is no tree to name.</summary>
    public static async Task<GitTree> Read(string folder)
    {
        var commit = await Git(folder, "rev-parse", "HEAD");
        var status = commit is null ? null : await Git(folder, "status", "--porcelain");
        return status is null ? None : new GitTree(commit, status.Length == 0);
    }

    private static async Task<string?> Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
