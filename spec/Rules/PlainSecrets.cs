using System.Text.RegularExpressions;

namespace Deployer.Spec.Rules;

/// <summary>
/// What is a secret where everybody who may read task definitions would read it. One rule holds for all places: a value is a secret by its
/// look (<see cref="SecretForms"/>), or by its name (<see cref="SecretNames"/>) unless it is harmless, and a text holds one where a name
/// and a value stand in it, as an assignment, an option, a header or a member of JSON. What is one and what is none stands in the tests of
/// this class.
/// </summary>
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
    /// Whether a variable is a secret: by its value, or by its name unless that, or the value, is of something about a secret, such as
    /// where it lies. What has a name and a value elsewhere (a property, an option <c>-Dname=value</c>, a label) is judged as a variable.
    /// </summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="value">Its value; <see langword="null"/> where it is not known yet.</param>
    public static bool IsVariable(string name, string? value) => value is not null && (IsOne(value) || SecretNames.IsSecret(name, value));

    /// <summary>Whether a variable's name says that its value is a secret.</summary>
    public static bool IsNamed(string name) => SecretNames.IsSecret(name);

    /// <summary>Whether a value is a secret by its look, or has one in it.</summary>
    public static bool IsOne(string? value) => value is not null && (SecretForms.IsOne(value) || InText(value).Count > 0);

    /// <summary>Whether an option of a program, such as <c>-Dname=value</c> of a JVM, is a secret or has one in it.</summary>
    internal static bool IsOption(string option) =>
        SystemProperty().Match(option) is { Success: true } found
            ? IsVariable(found.Groups["name"].Value, found.Groups["value"].Value)
            : IsOne(option);

    /// <summary>
    /// The secrets that a word of a command holds: the value of an option or a variable whose name says so, as <c>--password=VALUE</c>,
    /// <c>PGPASSWORD=VALUE program</c> or the word after <c>--password</c>. What a shell puts there is none.
    /// </summary>
    /// <param name="words">The command.</param>
    /// <param name="at">The word's place.</param>
    public static IEnumerable<string> InWord(IReadOnlyList<string> words, int at)
    {
        var found = InText(words[at]);

        // What a shell is given is one word with words in it.
        if (!words[at].Any(char.IsWhiteSpace) && AfterOption(words, at) is { } alone)
        {
            found.Add(alone);
        }

        return found;
    }

    /// <summary>The secrets in a text: of its pairs of a name and a value, and of its words where it is a command or has options.</summary>
    private static List<string> InText(string text)
    {
        var secrets = new List<string>();
        AddPairs(secrets, Assigned().Match(text));
        AddPairs(secrets, Member().Match(text));
        for (var found = Shown().Match(text); found.Success; found = found.NextMatch())
        {
            if (HarmlessValues.IsGiven(found.Groups["value"].Value))
            {
                secrets.Add(found.Groups["value"].Value);
            }
        }

        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var at = 1; at < words.Length; at++)
        {
            if (AfterOption(words, at) is { } secret)
            {
                secrets.Add(secret);
            }
        }

        return secrets;
    }

    private static void AddPairs(List<string> secrets, Match found)
    {
        for (; found.Success; found = found.NextMatch())
        {
            var value = found.Groups["value"].Value.Trim('"', '\'');
            if (HarmlessValues.IsGiven(value) && (SecretForms.IsOne(value) || SecretNames.IsSecret(found.Groups["name"].Value, value)))
            {
                secrets.Add(value);
            }
        }
    }

    /// <summary>
    /// The word after an option, where it is a secret by the option's name or by what the program's option of a letter means; else
    /// <see langword="null"/>.
    /// </summary>
    private static string? AfterOption(IReadOnlyList<string> words, int at)
    {
        var word = words[at].Trim('"', '\'');
        return
            at > 0
            && HarmlessValues.IsGiven(word)
            && OptionAlone().Match(words[at - 1]) is { Success: true } option
            && (SecretForms.IsOne(word) || SecretNames.IsSecret(option.Groups["name"].Value, word))
            ? word
            : SecretOptions.Find(words, at);
    }

    /// <summary>A text whose addresses have something else in the place of each signature and secret of their queries.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hidden">What stands there instead.</param>
    public static string HideInQueries(string text, string hidden) => SecretForms.HideInQueries(text, hidden);

    // PASSWORD=x, -Dpassword=x, --password='x', and one of several between commas, whose values may have commas of their own.
    [GeneratedRegex(
        "(^|[\\s;&|,({\"'])(-D|-{0,2})(?<name>[A-Za-z][A-Za-z0-9_.-]*)=(?<value>\"[^\"]*\"|'[^']*'|"
            + "([^\\s;&|\"',]|,(?![A-Za-z][A-Za-z0-9_.-]*=))+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Assigned();

    // {"password": "x"}; password: x and X-Api-Key: x as a whole line or a whole text in quotes. A sentence with a colon is none.
    [GeneratedRegex(
        "\"(?<name>[A-Za-z][^\"\\s]*)\"\\s*:\\s*\"(?<value>[^\"]+)\"|"
            + "(?<=^|[\\r\\n\"'{,])[ \\t]*(?<name>[A-Za-z][A-Za-z0-9_.-]*):[ \\t]+(?<value>\"[^\"]*\"|'[^']*'|[^\\s\"',}]+)"
            + "(?=[ \\t]*($|[\\r\\n\"',}]))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Member();

    // Authorization: Bearer x, and the same without the header's name where what follows is no word:
    // https://www.iana.org/assignments/http-authschemes/http-authschemes.xhtml
    [GeneratedRegex(
        "(authorization[\"']?\\s*[:=]\\s*[\"']?(Basic|Bearer|Token|Api-?Key|Key|Splunk)[ ]+(?<value>[^\\s\"',;]+)|"
            + "(?<=^[\"']?)(Bearer|Token)[ ]+(?<value>(?=\\S*[0-9])[^\\s\"',;]{8,}|[^\\s\"',;]{24,})(?=[\"']?$))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Shown();

    [GeneratedRegex("^-D(?<name>[^=]+)=(?<value>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex SystemProperty();

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
}
