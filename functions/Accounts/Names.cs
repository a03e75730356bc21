using System.Security.Cryptography;
using System.Text;

namespace Deployer.Functions.Accounts;

/// <summary>Names that AWS limits, derived from ours.</summary>
public static class Names
{
    /// <summary>What the client request tokens of the deployer begin with; the deployment's id follows.</summary>
    public const string TokenPrefix = "d-";

    /// <summary>The most characters of an execution's name.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html</remarks>
    public const int ExecutionLength = 80;

    /// <summary>What follows the token of a task in that of the continued rollback of its stack.</summary>
    public const string MendSuffix = "-mend";

    /// <summary>What follows the token of a task in that of a rollback that it begins.</summary>
    public const string RollbackSuffix = "-rollback";

    private const int TokenLength = 100;
    private const int SessionLength = 64;
    private static readonly string[] Mends = [MendSuffix, RollbackSuffix];

    /// <summary>
    /// A client request token: <c>[a-zA-Z][-a-zA-Z0-9]*</c>, at most 100 characters, so that it is good as a change set's
    /// name too. The same work has the same token, and no other work has it: where the parts of the name could be those of another one,
    /// a digest of them follows.
    /// </summary>
    public static string Token(string deployment, string step, string task, int attempt)
    {
        var name = Joined(deployment, step, task, attempt);
        var isPlain = step.All(char.IsAsciiLetterOrDigit);
        return isPlain ? Limit(name, TokenLength) : WithDigest(name, $"{deployment}/{step}/{task}/{attempt}", TokenLength);
    }

    /// <summary>The token that version 0.1.0 gave; the work of its records goes on under it.</summary>
    public static string EarlierToken(string deployment, string step, string task, int attempt)
    {
        var name = Joined(deployment, step, task, attempt);
        return name.Length <= TokenLength ? Clean(name) : WithDigest(name, name, TokenLength);
    }

    /// <summary>
    /// Whether a client request token is of a task, in one of its attempts so far, or of what mends or rolls back what it did.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="deployment">The deployment's id.</param>
    /// <param name="step">The step.</param>
    /// <param name="task">The task.</param>
    /// <param name="attempts">How many attempts there were.</param>
    public static bool IsTokenOf(string token, string deployment, string step, string task, int attempts)
    {
        for (var attempt = 0; attempt <= attempts; attempt++)
        {
            foreach (var own in (string[])[Token(deployment, step, task, attempt), EarlierToken(deployment, step, task, attempt)])
            {
                if (token == own || Array.Exists(Mends, what => token == $"{own}{what}"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The ids of deployments that a client request token may be of, as tokens write them, the longest first.</summary>
    public static IEnumerable<string> DeploymentsOf(string token)
    {
        for (var end = token.LastIndexOf('-'); end > TokenPrefix.Length; end = token.LastIndexOf('-', end - 1))
        {
            yield return token[TokenPrefix.Length..end];
        }
    }

    /// <summary>A deployment's id as client request tokens write it.</summary>
    public static string InToken(string deployment) => Clean(deployment);

    /// <summary>An execution's name, of at most <see cref="ExecutionLength"/> characters.</summary>
    public static string Execution(string name) => Limit(name, ExecutionLength);

    /// <summary>A role session's name: <c>[\w+=,.@-]*</c>, at most 64 characters.</summary>
    public static string Session(string deployment) => Limit(deployment, SessionLength);

    /// <summary>The first twelve digits of a text's SHA-256.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    /// <summary>
    /// Replaces what is not allowed. A name that is another one then, or would be too long, keeps its beginning and has a digest of the
    /// whole, so that different names stay different.
    /// </summary>
    public static string Limit(string name, int length)
    {
        var clean = Clean(name);
        return clean == name && clean.Length <= length ? clean : WithDigest(name, name, length);
    }

    private static string Joined(string deployment, string step, string task, int attempt) =>
        $"{TokenPrefix}{deployment}-{step}-{task}-{attempt}";

    private static string WithDigest(string name, string whole, int length)
    {
        var clean = Clean(name);
        return $"{clean[..Math.Min(clean.Length, length - 13)]}-{Digest(whole)}";
    }

    private static string Clean(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));
}
