using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>Values that are no secrets, even where their names say so.</summary>
internal static partial class HarmlessValues
{
    /// <summary>
    /// Whether a value is no secret even where its name says one: nothing, a switch, a number of few digits or a duration, a path, and what
    /// names a secret that lies elsewhere (an ARN, an alias of a key of KMS, a source of OpenSSL), or a key that is published.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html,
    /// https://docs.openssl.org/master/man1/openssl-passphrase-options/, https://docs.stripe.com/keys (<c>pk_</c>)
    /// </remarks>
    public static bool IsOne(string value) => Harmless().IsMatch(value) || Place().IsMatch(value);

    /// <summary>Whether a value stands there itself, and not what a shell or a person puts in its place.</summary>
    public static bool IsGiven(string value) => value.Length > 0 && value[0] is not ('$' or '`' or '<' or '%' or '-');

    /// <summary>Whether a value says how a client shows who it is, and not with what.</summary>
    public static bool IsMethod(string value) => Method().IsMatch(value);

    // What AUTH or AUTHORIZATION may say instead of a secret.
    [GeneratedRegex(
        "^(anonymous|auth0|basic|bearer|cognito|cookie|digest|external|github|google|iam|internal|jwt|kerberos|key|ldap|local|login|mtls|"
            + "oauth2?|oidc|okta|plain|saml2?|scram-.*|session|sigv4|token|x509)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Method();

    [GeneratedRegex(
        "^(true|false|yes|no|on|off|none|null|(en|dis)abled|required|optional|prompt|ask|reset|forgot|change|show|hide|"
            + "[0-9]{0,5}|[0-9]{1,6}(ms|s|m|h|d)|PT?[0-9]{1,6}[DHMS]|"
            + "arn:aws.*|alias/.*|(env|file|fd|classpath):.*|stdin|pk_(live|test)_.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Harmless();

    // A folder, or a file by its extension. A part with small letters, capitals and digits that is as long as a key is none: Base64 has
    // slashes, too.
    [GeneratedRegex(
        @"^((~|\.{1,2})?(/(?!(?=[^/]*[a-z])(?=[^/]*[A-Z])(?=[^/]*[0-9])[^/]{16})[A-Za-z0-9_.-]+)*/?|"
            + @"[A-Za-z0-9_./-]+\.(cer|crt|jks|json|key|p12|pem|pfx|properties|txt|ya?ml))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Place();
}
