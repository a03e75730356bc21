using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Git;

/// <summary>Runs git without the configuration of this machine's user. Author and dates are fixed, so that the same content is the same
/// commit.</summary>
internal static class GitCommand
{
    private const string Name = "Rehearsal";
    private const string Email = "rehearsal@localhost";
    private const int IdLength = 40;
    private const string Date = "2040-01-01T00:00:00Z";

    /// <summary>Author and committer as git writes them into a commit.</summary>
    internal static readonly string Identity =
        $"{Name} <{Email}> {DateTimeOffset.Parse(Date, CultureInfo.InvariantCulture).ToUnixTimeSeconds()} +0000";

    private static readonly Dictionary<string, string> Isolation = new(StringComparer.Ordinal)
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_COUNT"] = "1",
        ["GIT_CONFIG_KEY_0"] = "safe.directory",
        ["GIT_CONFIG_VALUE_0"] = "*",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_AUTHOR_NAME"] = Name,
        ["GIT_AUTHOR_EMAIL"] = Email,
        ["GIT_AUTHOR_DATE"] = Date,
        ["GIT_COMMITTER_NAME"] = Name,
        ["GIT_COMMITTER_EMAIL"] = Email,
        ["GIT_COMMITTER_DATE"] = Date,
    };

    /// <summary>Whether a name of a version is a commit's whole id, so that nothing else can be meant.</summary>
    /// <param name="version">What may be a branch, a tag or an id.</param>
    internal static bool IsCommit([NotNullWhen(true)] string? version) =>
        version is { Length: IdLength } && version.All(char.IsAsciiHexDigitLower);

    /// <summary>Runs git and returns what it prints.</summary>
    /// <exception cref="GitException">It failed.</exception>
    internal static Task<string> Run(string folder, CancellationToken cancellation, params string[] arguments) =>
        Run(folder, cancellation, input: null, arguments);

    /// <summary>Runs git with what it reads from standard input and returns what it prints.</summary>
    /// <exception cref="GitException">It failed.</exception>
    internal static async Task<string> Run(string folder, CancellationToken cancellation, Action<Stream>? input, params string[] arguments)
    {
        var output = new List<string>();
        var environment = new Dictionary<string, string>(Isolation, StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
        };
        var (exitCode, errors, _) = await ChildProcess.Run("git", arguments, folder, environment, output.Add, cancellation, input);
        return exitCode == 0 ? string.Join('\n', output) : throw new GitException($"git {arguments[0]}: {errors.Trim()}");
    }
}

/// <summary>A git command that failed.</summary>
internal sealed class GitException(string message) : Exception(message);
