using System.ComponentModel;
using Deployer.Rehearsal.Processes;

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
        var output = new List<string>();
        try
        {
            var (exitCode, _, _) = await ChildProcess.Run("git", arguments, folder, environment, output.Add, CancellationToken.None);
            return exitCode == 0 ? string.Join('\n', output).Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
