using System.ComponentModel;
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
    /// <exception cref="InvalidInputException">git is missing.</exception>
    public static async Task<string> Commit(ISourceFolder source, string repository)
    {
        Directory.CreateDirectory(repository);
        foreach (var entry in Directory.EnumerateFileSystemEntries(repository).Where(entry => Path.GetFileName(entry) != ".git").ToList())
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }

        foreach (var path in source.Files)
        {
            var file = Path.Combine(repository, path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, source.Read(path)!);
        }

        try
        {
            await GitCommand.Run(repository, CancellationToken.None, "init", "--quiet", "--initial-branch", "main");
            await GitCommand.Run(repository, CancellationToken.None, "add", "--all", "--force");
            var tree = await GitCommand.Run(repository, CancellationToken.None, "write-tree");
            var commit = await GitCommand.Run(
                repository,
                CancellationToken.None,
                "commit-tree",
                tree,
                "-m",
                "The service as it is rehearsed"
            );
            await GitCommand.Run(repository, CancellationToken.None, "update-ref", "refs/heads/main", commit);
            return commit;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidInputException("GitMissing", $"a rehearsal needs the program git on the path: {exception.Message}");
        }
    }
}
