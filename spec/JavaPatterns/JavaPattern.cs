using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Deployer.JavaPatterns;

/// <summary>A regular expression of Java as one of .NET, or why there is none. CloudFormation judges <c>AllowedPattern</c> as Java does:
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-regexes.html,
/// https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html</summary>
/// <param name="Expression">The expression, to be matched against the whole text.</param>
/// <param name="Reason">Why it cannot be translated.</param>
/// <param name="IsInvalid">Whether Java would not take it either.</param>
internal sealed record JavaPattern(string? Expression, string? Reason, bool IsInvalid = false)
{
    private static readonly ConcurrentDictionary<string, JavaPattern> Translated = new(StringComparer.Ordinal);

    // A pattern that backtracks for ever is not the checker's to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Translates an expression; never throws.</summary>
    public static JavaPattern Translate(string pattern) => Translated.GetOrAdd(pattern, Read);

    /// <summary>Whether an expression matches the whole of a text.</summary>
    /// <param name="pattern">The expression of Java.</param>
    /// <param name="text">The text.</param>
    /// <param name="reason">Why that could not be found out; <see langword="null"/> where it could.</param>
    /// <returns><see langword="null"/> where it could not be found out.</returns>
    public static bool? Matches(string pattern, string text, out string? reason)
    {
        var translated = Translate(pattern);
        reason = translated.Reason;
        if (translated.Expression is not { } expression)
        {
            return null;
        }

        try
        {
            return Regex.IsMatch(text, expression, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            reason = $"to match a value of {text.Length} characters takes longer than five seconds";
            return null;
        }
    }

    private static JavaPattern Read(string pattern)
    {
        try
        {
            var expression = new JavaPatternTranslator(pattern).Translate();

            // Whatever the translation overlooks must not surprise when a value is judged.
            _ = new Regex(expression, RegexOptions.CultureInvariant);
            return new JavaPattern(expression, null);
        }
        catch (JavaPatternException exception)
        {
            return new JavaPattern(null, exception.Message, exception.IsInvalid);
        }
        catch (ArgumentException)
        {
            return new JavaPattern(null, $"'{pattern}' cannot be checked here");
        }
    }
}

/// <summary>A pattern is not valid in Java, or has no counterpart.</summary>
internal sealed class JavaPatternException(string reason, bool isInvalid = false) : Exception(reason)
{
    /// <summary>Whether it is not valid in Java.</summary>
    public bool IsInvalid { get; } = isInvalid;
}
