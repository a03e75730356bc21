using System.Text;

namespace Deployer.Rehearsal.Logs.Filters;

/// <summary>Text in double quotes; a backslash makes the next character literal.</summary>
internal static class QuotedText
{
    /// <summary>Reads from the opening quote and leaves <paramref name="at"/> behind the closing one.</summary>
    internal static string Read(string text, ref int at)
    {
        var result = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return result.ToString();
            }

            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            result.Append(text[at]);
        }

        throw new FormatException("Invalid filter pattern: a quote is not closed");
    }
}
