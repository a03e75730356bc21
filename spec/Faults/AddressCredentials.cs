using System.Text.RegularExpressions;

namespace Deployer.Spec.Faults;

/// <summary>
/// Cuts out of a text what can be a credential in its addresses: the user information (RFC 3986, 3.2.1), where Git's addresses hold
/// tokens, and the query, where an address that is signed for S3 holds its signature
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
/// </summary>
internal static partial class AddressCredentials
{
    /// <summary>The text with <c>…</c> in the place of user information and queries of addresses.</summary>
    public static string Hide(string text) =>
        text.Contains("://", StringComparison.Ordinal)
            ? Query().Replace(UserInformation().Replace(text, "${scheme}…@"), "${address}?…")
            : text;

    /// <summary>
    /// The first characters of a text without the credentials of its addresses, which a cut would make hard to recognise.
    /// </summary>
    public static string HideAndShorten(string text, int length)
    {
        var shown = Hide(text);
        return shown.Length <= length ? shown : $"{shown[..length]}…";
    }

    // Up to the last @, since a password that is not encoded as it should be can hold any character.
    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^\s""']+@", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex UserInformation();

    [GeneratedRegex(@"(?<address>[A-Za-z][A-Za-z0-9+.-]*://[^\s""'?]*)\?[^\s""']+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Query();
}
