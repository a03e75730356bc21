using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>
/// Which names say that a value is a secret: of a variable, a property, an option, a header or a member of JSON, however it is spelt
/// (<c>API_KEY</c>, <c>api.key</c>, <c>X-Api-Key</c>, <c>apiKey</c>, <c>apikey</c>).
/// </summary>
/// <remarks>
/// The words are those of well-known scanners, as whole words, so that <c>KEY</c>, <c>PARTITION_KEY</c> and <c>PATTERN</c> are none:
/// https://github.com/Yelp/detect-secrets/blob/master/detect_secrets/plugins/keyword.py,
/// https://github.com/gitleaks/gitleaks/blob/master/cmd/generate/config/rules/generic.go, and Spring Boot's, which hides by default
/// what ends with such a word:
/// https://docs.spring.io/spring-boot/docs/2.1.18.RELEASE/reference/html/howto-actuator.html#howto-sanitize-sensitive-values
/// </remarks>
internal static partial class SecretNames
{
    /// <summary>These say it wherever they stand in a name.</summary>
    private static readonly FrozenSet<string> Anywhere = Set(
        "credential credentials creds passphrase passphrases passwd password passwords pwd secret secrets token tokens"
    );

    /// <summary>These say it at the end of a name.</summary>
    private static readonly FrozenSet<string> AtTheEnd = Set("bearer pass passin passout pat salt");

    /// <summary>Whose key is secret, as the words before <c>key</c>; a key of anything else is one of a table, a map or a cache.</summary>
    private static readonly FrozenSet<string> KeyOf = Set(
        "access account admin aes api app application auth client cipher cookie crypto database datadog db decryption deploy encryption "
            + "fernet gpg hmac jwt licence license master openai pgp priv private root rsa secret sendgrid service shared signature "
            + "signing ssh ssl storage stripe symmetric tls"
    );

    /// <summary>Before <c>auth</c> at the end of a name, these make it what a client shows; others name a method.</summary>
    private static readonly FrozenSet<string> AuthOf = Set("basic http npm proxy redis smtp");

    /// <summary>At the end of a name, these make it about a secret: where it lies, what it is called, how long it is taken.</summary>
    private static readonly FrozenSet<string> About = Set(
        "age algorithm alias aliases arn arns attribute audience bucket chars check claim class column count days dir directory disabled "
            + "enabled encoder endpoint expiration expires expiry field file files folder format group header host hours id ids interval "
            + "issuer length less lifetime limit location manager max method min minute minutes mode name names parameter path pattern "
            + "policy port prefix provider providers region required reset retries rotation rounds scope scopes seconds size source store "
            + "strategy strength table timeout topic ttl type types uri url user username validity version"
    );

    /// <summary>At the beginning of a name, these make it a limit, as in <c>MAX_TOKENS</c>.</summary>
    private static readonly FrozenSet<string> LimitOf = Set("max min num");

    /// <summary>Whether a name says that its value is a secret, and nothing about one.</summary>
    public static bool IsSecret(string name)
    {
        var words = Words(name);
        return words.Length > 0 && Says(words) && !About.Contains(words[^1]) && !LimitOf.Contains(words[0]);
    }

    /// <summary>Whether a value is a secret by the name that it has, whatever its look.</summary>
    public static bool IsSecret(string name, string value) =>
        IsSecret(name) && !HarmlessValues.IsOne(value) && !(IsAuthorization(Words(name)) && HarmlessValues.IsMethod(value));

    private static bool Says(string[] words)
    {
        for (var at = 0; at < words.Length; at++)
        {
            if (Anywhere.Contains(words[at]) || (at > 0 && words[at] is "key" or "keys" && KeyOf.Contains(words[at - 1])))
            {
                return true;
            }
        }

        return AtTheEnd.Contains(words[^1]) || IsAuthorization(words);
    }

    // What a client shows to a server, whose value may also be the method by which it does.
    private static bool IsAuthorization(string[] words) =>
        words[^1] == "authorization" || (words[^1] == "auth" && (words.Length == 1 || AuthOf.Contains(words[^2])));

    /// <summary>The words of a name in small letters; numbers, as in <c>TOKEN_2</c>, are none of them.</summary>
    private static string[] Words(string name)
    {
        var words = new List<string>();
        foreach (var word in Within().Replace(Boundary().Replace(name, "_").ToLowerInvariant(), "_$0_").Split('_'))
        {
            if (word.Length > 0 && !word.All(char.IsAsciiDigit))
            {
                words.Add(word);
            }
        }

        return [.. words];
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Boundary();

    // Words that stand in others without a boundary, as in PGPASSWORD, accesskeyid and REDISAUTH; not in tokenizer and secretary.
    [GeneratedRegex(
        "passwords?|passwd|passphrases?|secrets?(?!ar)|tokens?(?!i)|credentials?|pwd|"
            + "(?<=(access|account|api|app|auth|encryption|license|master|private|secret|shared|signing|ssh))keys?|"
            + "(?<=(admin|db|key|mail|pg|redis|root|smtp|store|user))pass$|(?<=(basic|npm|proxy|redis|smtp))auth$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Within();
}
