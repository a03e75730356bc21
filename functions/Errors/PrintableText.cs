namespace Deployer.Functions.Errors;

/// <summary>
/// Text of somebody else as people may see it: its control characters, which could steer the terminal of whoever reads it, are question
/// marks.
/// </summary>
public static class PrintableText
{
    /// <summary>The text on its lines: line breaks and tabs stay.</summary>
    public static string OnLines(string text)
    {
        foreach (var character in text)
        {
            if (CanSteer(character))
            {
                return string.Create(text.Length, text, Replace);
            }
        }

        return text;
    }

    /// <summary>The text on one line: line breaks and tabs are spaces.</summary>
    public static string OnOneLine(string text) => OnLines(text.ReplaceLineEndings(" ").Replace('\t', ' '));

    private static bool CanSteer(char character) => char.IsControl(character) && character is not ('\n' or '\r' or '\t');

    private static void Replace(Span<char> shown, string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            shown[at] = CanSteer(text[at]) ? '?' : text[at];
        }
    }
}
