using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Git;

/// <summary>Runs git without the configuration of this machine's user. Author and dates are fixed, so that the same content is the same
/// commit.</summary>
internal static class GitCommand
{
    private static readonly Dictionary<string, string> Isolation = new(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = "safe.directory",
        ["GIT_CONFIG_VALUE_0"] = "*",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_AUTHOR_NAME"] = "Rehearsal",
        ["GIT_AUTHOR_EMAIL"] = "rehearsal@localhost",
        ["GIT_AUTHOR_DATE"] = "2040-01-01T00:00:00Z",
        ["GIT_COMMITTER_NAME"] = "Rehearsal",
        ["GIT_COMMITTER_EMAIL"] = "rehearsal@localhost",
        ["GIT_COMMITTER_DATE"] = "2040-01-01T00:00:00Z",
    };

    /// <summary>Runs git and returns what it prints.</summary>
    /// <exception cref="GitException">It failed.</exception>
    internal static async Task<string> Run(string folder, CancellationToken cancellation, params string[] arguments)
    {
        var output = new List<string>();
        var environment = new Dictionary<string, string>(Isolation, StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
        };
        var (exitCode, errors, _) = await ChildProcess.Run("git", arguments, folder, environment, output.Add, cancellation);
        return exitCode == 0 ? string.Join('\n', output) : throw new GitException($"git {arguments[0]}: {errors.Trim()}");
    }
}

/// <summary>A git command that failed.</summary>
internal sealed class GitException(string message) : Exception(message);
