using System.ComponentModel;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What git says about a folder: the commit, and whether nothing differs from it.</summary>
internal sealed record GitTree(string? Commit, bool Clean)
{
    // https://git-scm.com/docs/git-status#_porcelain_format_version_2
    private const string CommitLine = "# branch.oid ";
    private const string NoCommit = "(initial)";

    private static readonly GitTree None = new(null, false);

    /// <summary>Asks git. Without git, a repository or a commit there is no tree to name.</summary>
    public static async Task<GitTree> Read(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var lines = await Git(folder, environment, "status", "--porcelain=v2", "--branch");
        var commit = lines?.Find(line => line.StartsWith(CommitLine, StringComparison.Ordinal))?[CommitLine.Length..];
        return commit is null or NoCommit ? None : new GitTree(commit, !lines!.Exists(line => line[0] != '#'));
    }

    private static async Task<List<string>?> Git(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var output = new List<string>();
        try
        {
            var (exitCode, _, _) = await ChildProcess.Run("git", arguments, folder, environment, output.Add, CancellationToken.None);
            return exitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
