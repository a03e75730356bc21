using System.ComponentModel;
using System.Globalization;
using System.Text;
using Deployer.Cli.Output;
using Deployer.Rehearsal.Git;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// The simulated git host's repository of a service: one commit with the folder as it is now. The same content is the same
/// commit.
/// </summary>
internal static class ServiceRepository
{
    /// <summary>Commits a folder and returns the commit's SHA.</summary>
    /// <param name="source">The service's folder.</param>
    /// <param name="repository">A folder of the rehearsal's own; what was committed before stays in it.</param>
    /// <exception cref="InvalidInputException">git is missing, or takes no file of a name.</exception>
    public static async Task<string> Commit(ISourceFolder source, string repository)
    {
        if (source.Files.FirstOrDefault(path => path.Value.Split('/').Any(IsGitsOwn)) is { } taken)
        {
            throw new InvalidInputException(
                "FileNotForGit",
                $"{taken}: git takes no file of this name into a repository, since it stands for git's own folder on other systems; rename or "
                    + "remove it"
            );
        }

        Directory.CreateDirectory(repository);
        try
        {
            await GitCommand.Run(repository, CancellationToken.None, "init", "--quiet", "--initial-branch", "main");
            // Each program that is started costs more than what it does here: one takes in the files, commits and moves the branch.
            var commit = await GitCommand.Run(
                repository,
                CancellationToken.None,
                import => Write(source, import),
                "fast-import",
                "--quiet",
                "--force"
            );
            // A clone has what a name leads to, and an execution that is redriven builds the commit that it began with.
            // https://git-scm.com/docs/gitrepository-layout: a tag is a file with the commit's id.
            await File.WriteAllTextAsync(Path.Combine(repository, ".git", "refs", "tags", $"rehearsed-{commit}"), $"{commit}\n");
            return commit;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidInputException("GitMissing", $"a rehearsal needs the program git on the path: {exception.Message}");
        }
    }

    /// <summary>The commit as <c>git fast-import</c> reads it; it answers with the commit's SHA.</summary>
    /// <remarks>https://git-scm.com/docs/git-fast-import</remarks>
    private static void Write(ISourceFolder source, Stream import)
    {
        Line("commit refs/heads/main");
        Line("mark :1");
        Line($"committer {GitCommand.Identity}");
        Data(Encoding.UTF8.GetBytes("The service as it is rehearsed\n"));
        foreach (var path in source.Files)
        {
            Line($"M 100644 inline {Quote(path.Value)}");
            Data(source.Read(path)!);
        }

        Line("get-mark :1");

        void Data(byte[] bytes)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"data {bytes.Length}"));
            import.Write(bytes);
            Line(string.Empty);
        }

        void Line(string text) => import.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>
    /// Whether a part of a path is the folder <c>.git</c> where case, the blanks and dots at the end, and what follows a colon count for
    /// nothing, or in its short name: git checks out no such file, on any system.
    /// </summary>
    /// <remarks>https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectNTFS</remarks>
    private static bool IsGitsOwn(string segment) =>
        segment.Split(':')[0].TrimEnd(' ', '.').ToUpperInvariant() is ".GIT" or "GIT~1";

    private static string Quote(string path)
    {
        var escaped = path.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }
}
