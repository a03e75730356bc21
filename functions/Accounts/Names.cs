using System.Security.Cryptography;
using System.Text;

namespace Deployer.Functions.Accounts;

/// <summary>Names that AWS limits, derived from ours.</summary>
public static class Names
{
    private const int TokenLength = 100;
    private const int SessionLength = 64;

    /// <summary>
    /// A client request token: <c>[a-zA-Z][-a-zA-Z0-9]*</c>, at most 100 characters, so that it is good as a change set's
    /// name too. The same work has the same token.
    /// </summary>
    public static string Token(string deployment, string step, string task, int attempt) =>
        Limit($"d-{deployment}-{step}-{task}-{attempt}", TokenLength);

    /// <summary>A role session's name: <c>[\w+=,.@-]*</c>, at most 64 characters.</summary>
    public static string Session(string deployment) => Limit(deployment, SessionLength);

    /// <summary>The first twelve digits of a text's SHA-256.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    /// <summary>A text for which AWS has a limit, cut with an ellipsis where it is longer.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    /// <summary>Replaces what is not allowed; a name that would be too long keeps its beginning and a digest of the whole.</summary>
    public static string Limit(string name, int length)
    {
        var clean = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));
        return clean.Length <= length ? clean : $"{clean[..(length - 13)]}-{Digest(name)}";
    }
}
