using System.Diagnostics;
using System.Text;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// The played git host's repository of a service: one commit with the folder as it is now. Author and dates are fixed,
/// so that the same content is the same commit.
/// </summary>
internal static class ServiceRepository
{
    private const string Date = "2040-01-01T00:00:00Z";

    /// <summary>Commits a folder and returns the commit's SHA.</summary>
    /// <param name="source">The service's folder.</param>
    /// <param name="repository">A folder of the rehearsal's own; what was committed before stays in it.</param>
    /// <exception cref="InvalidOperationException">git is missing or refuses.</exception>
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

        await Git(repository, "init", "--quiet", "--initial-branch", "main");
        await Git(repository, "add", "--all", "--force");
        var tree = await Git(repository, "write-tree");
        var commit = await Git(repository, "commit-tree", tree, "-m", "The service as it is rehearsed");
        await Git(repository, "update-ref", "refs/heads/main", commit);
        return commit;
    }

    private static async Task<string> Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_AUTHOR_NAME"] = "Rehearsal",
            ["GIT_AUTHOR_EMAIL"] = "rehearsal@localhost",
            ["GIT_COMMITTER_NAME"] = "Rehearsal",
            ["GIT_COMMITTER_EMAIL"] = "rehearsal@localhost",
            ["GIT_AUTHOR_DATE"] = Date,
            ["GIT_COMMITTER_DATE"] = Date,
        })
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("GIT_DIR");
        start.Environment.Remove("GIT_WORK_TREE");
        start.Environment.Remove("GIT_INDEX_FILE");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("a rehearsal needs the program git on the path", exception);
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? output.Trim()
                : throw new InvalidOperationException($"git {arguments[0]} failed: {(await error).Trim()}");
        }
    }
}
