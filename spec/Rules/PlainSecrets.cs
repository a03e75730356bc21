using System.Text.RegularExpressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>What is a secret where everybody who may read task definitions would read it.</summary>
internal static partial class PlainSecrets
{
    /// <summary>What stands in the place of one.</summary>
    public const string Expectation = $"it among the secrets, taken from {ServiceRules.SecretReferences}";

    /// <summary>Whether a variable's name says that its value is a secret.</summary>
    public static bool IsNamed(string name) => SecretName().IsMatch(name);

    /// <summary>Whether a value is a credential by its look.</summary>
    public static bool IsOne(string? value) =>
        value is not null && (Credential().IsMatch(value) || AddressCredentials.Hide(value) != value);

    /// <summary>
    /// Whether a variable of an ordinary container is a secret: by its value, or by its name unless that, or the value, is of something
    /// about a secret, such as where it lies.
    /// </summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">Its value; <see langword="null"/> where it is not known yet.</param>
    public static bool IsVariable(string name, string? value) =>
        IsOne(value) || (value is not null && IsNamed(name) && !AboutSecret().IsMatch(name) && !HarmlessValue().IsMatch(value));

    // PWD and OLDPWD are folders, as a shell has them.
    [GeneratedRegex(
        "pass(word|wd|phrase)|(^|_|admin|db|mail|pg|redis|root|smtp|user)pass$|(?<!^)(?<!^old)pwd|"
            + "secret|token|credential|(api|access|private|licen[sc]e)_?key",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(
        "_?(arn|count|endpoint|expiry|file|header|host|id|issuer|length|limit|name|path|port|prefix|region|retries|seconds|size|timeout|"
            + "ttl|type|uri|url)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AboutSecret();

    // Nothing, a switch, a number of few digits, the ARN of where it lies.
    [GeneratedRegex(
        "^(true|false|yes|no|on|off|none|[0-9]{0,5}|arn:aws.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex HarmlessValue();

    // Access keys of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids; tokens of
    // GitHub: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/; of Slack:
    // https://docs.slack.dev/authentication/tokens; signed tokens: https://www.rfc-editor.org/rfc/rfc7519#section-3.1; the password of a
    // connection string.
    [GeneratedRegex(
        "(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}|"
            + "xox[a-z]-[A-Za-z0-9-]{10}|eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.|^Bearer +[A-Za-z0-9._~+/-]{8}|"
            + "(^|[;?& ])([Pp]assword|PASSWORD|[Pp]wd|PWD)=[^;&\\s]",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Credential();
}
