using System.Collections.Concurrent;

namespace Deployer.Rehearsal.CloudFormation.Templates.Patterns;

/// <summary>A regular expression of Java as one of .NET, or why there is none. CloudFormation judges <c>AllowedPattern</c> as Java does:
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-regexes.html,
/// https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html</summary>
/// <param name="Expression">The expression, to be matched against the whole text.</param>
/// <param name="Reason">Why it cannot be translated.</param>
internal sealed record JavaPattern(string? Expression, string? Reason)
{
    private static readonly ConcurrentDictionary<string, JavaPattern> Translated = new(StringComparer.Ordinal);

    /// <summary>Translates an expression; never throws.</summary>
    public static JavaPattern Translate(string pattern) => Translated.GetOrAdd(pattern, Read);

    private static JavaPattern Read(string pattern)
    {
        try
        {
            var expression = new JavaPatternTranslator(pattern).Translate();

            // Whatever the translation overlooks must not surprise when a value is judged.
            _ = new System.Text.RegularExpressions.Regex(expression);
            return new JavaPattern(expression, null);
        }
        catch (JavaPatternException exception)
        {
            return new JavaPattern(null, exception.Message);
        }
        catch (ArgumentException)
        {
            return new JavaPattern(null, $"'{pattern}' cannot be checked here");
        }
    }
}

/// <summary>A pattern is not valid in Java, or has no counterpart.</summary>
internal sealed class JavaPatternException(string reason) : Exception(reason);
