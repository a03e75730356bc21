using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>What is a secret where everybody who may read task definitions would read it.</summary>
public static partial class PlainSecrets
{
    /// <summary>What stands in the place of one.</summary>
    internal const string Expectation = $"it among the secrets, taken from {ServiceRules.SecretReferences}";

    /// <summary>What names a secret in Secrets Manager alone.</summary>
    internal const string SecretReference = "the ARN of a secret in Secrets Manager, or its name in the same region";

    /// <summary>
    /// Whether a text may name a secret of Secrets Manager:
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RepositoryCredentials.html and, for its name,
    /// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    /// </summary>
    internal static bool IsSecretReference(string text) => Reference().IsMatch(text);

    /// <summary>
    /// The secrets that a word of a command holds: the value of an option or a variable whose name says so, as <c>--password=VALUE</c>,
    /// <c>PGPASSWORD=VALUE program</c> or the word after <c>--password</c>. What a shell puts there is none.
    /// </summary>
    /// <param name="words">The command.</param>
    /// <param name="at">The word's place.</param>
    public static IEnumerable<string> InWord(IReadOnlyList<string> words, int at)
    {
        for (var found = Assigned().Match(words[at]); found.Success; found = found.NextMatch())
        {
            var value = found.Groups["value"].Value.Trim('"', '\'');
            if (IsGiven(value) && IsVariable(found.Groups["name"].Value.Replace('-', '_'), value))
            {
                yield return value;
            }
        }

        // What a shell is given is one word with words in it.
        var inner = words[at].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var place = 0; inner.Length > 1 && place < inner.Length; place++)
        {
            if (AfterOption(inner, place) is { } secret)
            {
                yield return secret;
            }
        }

        if (inner.Length <= 1 && AfterOption(words, at) is { } alone)
        {
            yield return alone;
        }
    }

    /// <summary>
    /// The word after an option, where it is a secret by the option's name, or a user's password; else <see langword="null"/>.
    /// </summary>
    private static string? AfterOption(IReadOnlyList<string> words, int at)
    {
        var word = words[at].Trim('"', '\'');
        return
            at > 0
            && IsGiven(word)
            && (
                (
                    OptionAlone().Match(words[at - 1]) is { Success: true } option
                    && IsVariable(option.Groups["name"].Value.Replace('-', '_'), word)
                ) || (words[at - 1] is "-u" or "--user" && UserAndPassword().IsMatch(word))
            )
            ? word
            : null;
    }

    private static bool IsGiven(string value) => value.Length > 0 && value[0] is not ('$' or '`' or '<' or '%' or '-' or '/');

    /// <summary>Whether a variable's name says that its value is a secret.</summary>
    public static bool IsNamed(string name) => SecretName().IsMatch(name);

    /// <summary>
    /// Whether a value is a credential by its look: as a whole, or since it has one in an address, in a header or among options, as
    /// <c>-Dkey.password=VALUE</c>.
    /// </summary>
    public static bool IsOne(string? value) =>
        value is not null
        && (Credential().IsMatch(value) || SecretKey().IsMatch(value) || IsAddressWithOne(value) || HasBasic(value) || HasOption(value));

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

    private static bool HasOption(string value)
    {
        var words = value.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(word =>
            word.StartsWith('-')
            && Assigned().Match(word) is { Success: true } found
            && IsGiven(found.Groups["value"].Value)
            && IsNamedOne(found.Groups["name"].Value.Replace('-', '_'), found.Groups["value"].Value)
        );
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
        queryPart.Groups["name"].Value is var name && (Signature().IsMatch(name) || IsNamedOne(name, queryPart.Groups["value"].Value));

    /// <summary>
    /// Whether a variable of an ordinary container is a secret: by its value, or by its name unless that, or the value, is of something
    /// about a secret, such as where it lies.
    /// </summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">Its value; <see langword="null"/> where it is not known yet.</param>
    public static bool IsVariable(string name, string? value) => IsOne(value) || (value is not null && IsNamedOne(name, value));

    private static bool IsNamedOne(string name, string value) =>
        IsNamed(name) && !AboutSecret().IsMatch(name) && !HarmlessValue().IsMatch(value);

    [GeneratedRegex(
        "(^|[\\s;&|(\"'])-{0,2}(?<name>[A-Za-z][A-Za-z0-9_.-]*)=(?<value>\"[^\"]*\"|'[^']*'|[^\\s;&|\"']+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Assigned();

    // As curl has them: https://curl.se/docs/manpage.html#-u. A user's and a group's number are none.
    [GeneratedRegex("^[^:$]+:(?![0-9]+$)[^$].*", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex UserAndPassword();

    // --no-password and --password-stdin take no value.
    [GeneratedRegex(
        "^--?(?!no-)(?<name>[A-Za-z][A-Za-z0-9_.-]*)(?<!-stdin)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex OptionAlone();

    [GeneratedRegex(
        @"^(arn:aws[a-z-]*:secretsmanager:[^\s]+|[A-Za-z0-9/_+=.@-]{1,512})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Reference();

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

    // PWD and OLDPWD are folders, as a shell has them.
    [GeneratedRegex(
        "pass(word|wd|phrase)|(^|_|admin|db|mail|pg|redis|root|smtp|user)pass$|(?<!^)(?<!^old)pwd|"
            + "secret|token(?!i)|credential|(api|access|encryption|hmac|licen[sc]e|master|private|signing|ssh|stripe)[_-]?key|"
            + "(^|_)(bearer|pat)$|(redis|basic|npm|proxy|smtp)_?auth$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(
        "[_-]?(algorithm|arn|count|days|endpoint|expiry|file|header|host|hours|id|issuer|length|limit|method|minutes|mode|name|parameter|"
            + "path|policy|port|prefix|provider|region|retries|rotation|seconds|size|timeout|ttl|type|uri|url|version)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex AboutSecret();

    // Nothing, a switch, a number of few digits, the ARN of where it lies.
    [GeneratedRegex(
        "^(true|false|yes|no|on|off|none|[0-9]{0,5}|arn:aws.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex HarmlessValue();

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
    // https://www.rfc-editor.org/rfc/rfc7519#section-3.1; the password of a connection string.
    [GeneratedRegex(
        "(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}|"
            + "xox[a-z]-[A-Za-z0-9-]{10}|glpat-[A-Za-z0-9_-]{20}|\\bnpm_[A-Za-z0-9]{36}|\\bpypi-Ag[A-Za-z0-9_-]{20}|"
            + "\\bdckr_pat_[A-Za-z0-9_-]{20}|\\bwhsec_[A-Za-z0-9+/]{16}|\\bxapp-[0-9]-[A-Za-z0-9-]{10}|hooks\\.slack\\.com/services/T|"
            + "\\b[sr]k_(live|test)_[A-Za-z0-9]{10}|"
            + "\\bAIza[A-Za-z0-9_-]{35}|\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16}|\\bsk-(proj|ant)-[A-Za-z0-9_-]{20}|"
            + "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.|^Bearer +[A-Za-z0-9._~+/-]{8}|"
            + "\\bhvs\\.[A-Za-z0-9_-]{20}|\\bdop_v1_[a-f0-9]{64}|\\bNRAK-[A-Z0-9]{27}|\\bkey-[a-f0-9]{32}\\b|"
            + "\"[A-Za-z_-]*([Pp]assw(or)?d|[Ss]ecret|[Tt]oken)\" *: *\"[^\"$]|"
            + "(^|[;?& .(])([Pp]assword|PASSWORD|[Pp]wd|PWD|AccountKey|SharedAccessKey)=[^;&\\s]|discord(app)?\\.com/api/webhooks/",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Credential();
}
