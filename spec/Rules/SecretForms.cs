using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>Values that are secrets by their look, whatever they are called: keys and tokens of known forms, addresses with them.</summary>
internal static partial class SecretForms
{
    /// <summary>Whether a value is a key or a token of a known form, or an address with a credential.</summary>
    public static bool IsOne(string value) =>
        Credential().IsMatch(value) || SecretKey().IsMatch(value) || IsAddressWithOne(value) || HasBasic(value);

    /// <summary>
    /// https://www.rfc-editor.org/rfc/rfc7617#section-2: a user's name and a password with a colon between them, in Base64.
    /// </summary>
    private static bool HasBasic(string value)
    {
        if (Basic().Match(value) is not { Success: true } found)
        {
            return false;
        }

        var bytes = new byte[found.Groups["value"].Length];
        return Convert.TryFromBase64String(found.Groups["value"].Value, bytes, out var length)
            && bytes.AsSpan(0, length).Contains((byte)':');
    }

    /// <summary>
    /// Whether an address has a password or a token before its host, or a signature or a secret by its name in its query; what else stands
    /// there is ordinary, as <c>jdbc:postgresql://db/orders?ssl=true</c>.
    /// </summary>
    private static bool IsAddressWithOne(string value)
    {
        if (!value.Contains("://", StringComparison.Ordinal))
        {
            return false;
        }

        for (var part = QueryPart().Match(value); part.Success; part = part.NextMatch())
        {
            if (IsSecret(part))
            {
                return true;
            }
        }

        return UserInformation().IsMatch(value);
    }

    /// <summary>A text whose addresses have something else in the place of each signature and secret of their queries.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hidden">What stands there instead.</param>
    public static string HideInQueries(string text, string hidden) =>
        QueryPart().Replace(text, part => IsSecret(part) ? $"{part.Groups["name"].Value}={hidden}" : part.Value);

    private static bool IsSecret(Match queryPart) =>
        queryPart.Groups["name"].Value is var name
        && (Signature().IsMatch(name) || SecretNames.IsSecret(name, queryPart.Groups["value"].Value));

    // A password may hold any character, and what follows a port is a path. A user alone is a token where it is as long as one.
    [GeneratedRegex(
        @"[A-Za-z][A-Za-z0-9+.-]*://([^\s""':/@]*:(?![0-9]{1,5}([/?#]|$))[^\s""']+@|[^\s""':/?#@]{20,}@)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex UserInformation();

    [GeneratedRegex(
        @"(?<=\?[^\s""']*)(?<=[?&;])(?<name>[^=&;\s""']+)=(?<value>[^&;\s""'#]*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex QueryPart();

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html,
    // https://cloud.google.com/storage/docs/authentication/signatures,
    // https://learn.microsoft.com/rest/api/storageservices/create-service-sas (sig)
    [GeneratedRegex(
        "^(X-(Amz|Goog)-(Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|sig|hmac|jwt|auth|subscription-key)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Signature();

    // Of AWS, with capitals, small letters and digits: 40 hexadecimal digits are a commit.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    [GeneratedRegex("^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9/+]{40}$", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"\bBasic +(?<value>[A-Za-z0-9+/]{8,}={0,2})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Basic();

    // Access keys of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids; tokens of
    // GitHub: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/; of Slack:
    // https://docs.slack.dev/authentication/tokens; of GitLab: https://docs.gitlab.com/security/tokens/#token-prefixes; of npm:
    // https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/; keys of Stripe: https://docs.stripe.com/keys; others by
    // the rules of gitleaks, https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml; signed tokens:
    // https://www.rfc-editor.org/rfc/rfc7519#section-3.1.
    [GeneratedRegex(
        "(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}|"
            + "xox[a-z]-[A-Za-z0-9-]{10}|glpat-[A-Za-z0-9_-]{20}|\\bnpm_[A-Za-z0-9]{36}|\\bpypi-Ag[A-Za-z0-9_-]{20}|"
            + "\\bdckr_pat_[A-Za-z0-9_-]{20}|\\bwhsec_[A-Za-z0-9+/]{16}|\\bxapp-[0-9]-[A-Za-z0-9-]{10}|hooks\\.slack\\.com/services/T|"
            + "\\b[sr]k_(live|test)_[A-Za-z0-9]{10}|"
            + "\\bAIza[A-Za-z0-9_-]{35}|\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16}|\\bsk-(proj|ant)-[A-Za-z0-9_-]{20}|"
            + "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.|"
            + "\\bhvs\\.[A-Za-z0-9_-]{20}|\\bdop_v1_[a-f0-9]{64}|\\bNRAK-[A-Z0-9]{27}|\\bkey-[a-f0-9]{32}\\b|"
            + "discord(app)?\\.com/api/webhooks/",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Credential();
}
