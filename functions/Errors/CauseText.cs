using System.Globalization;
using System.Text.RegularExpressions;
using Deployer.Spec.Rules;

namespace Deployer.Functions.Errors;

/// <summary>The text of causes: what is cut out of it, and where it ends.</summary>
public static partial class CauseText
{
    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "****";

    /// <summary>The most lines: a list that is longer says how many more there are.</summary>
    public const int MostLines = 100;

    /// <summary>
    /// The most characters. A cause of Step Functions holds 32,768 (API reference, SendTaskFailure); the payload of a Lambda's error
    /// 262,144 bytes.
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
    /// </summary>
    public const int MostCharacters = 20_000;

    /// <summary>Cuts a text where it is too long: whole lines first, then characters.</summary>
    public static string Limit(string text)
    {
        var lines = text.Split('\n');
        var some =
            lines.Length <= MostLines
                ? text
                : string.Create(CultureInfo.InvariantCulture, $"{First(lines)}\nand {lines.Length - MostLines} more");
        return Shorten(some, MostCharacters);
    }

    /// <summary>A text that ends with an ellipsis where it is too long; a character that takes two is left whole or out.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end] + "…";
    }

    private static string First(string[] lines) => string.Join('\n', lines.Take(MostLines));

    /// <summary>The items of a list, the first of them where there are many.</summary>
    /// <param name="items">The items.</param>
    /// <param name="most">How many are named.</param>
    /// <param name="separator">What stands between two: a cause is shown in lines that end at semicolons.</param>
    public static string List(IReadOnlyCollection<string> items, int most = MostLines, string separator = "; ") =>
        items.Count <= most
            ? string.Join(separator, items)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(separator, items.Take(most))}{separator}and {items.Count - most} more"
            );

    /// <summary>Cuts credentials out of addresses: user and password, and signatures and secrets in the query.</summary>
    public static string HideCredentials(string text) =>
        text.Contains("://", StringComparison.Ordinal)
            ? PlainSecrets.HideInQueries(UserInfo().Replace(text, $"${{scheme}}{Hidden}@"), Hidden)
            : text;

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#@""']+@", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex UserInfo();
}
