namespace Deployer.Cli.Output;

/// <summary>Breaks text into lines at word ends.</summary>
internal static class TextWrapping
{
    /// <summary>The lines of a text.</summary>
    /// <param name="text">The text; its own line breaks are kept.</param>
    /// <param name="width">Columns of a line; a word that is longer stands alone on a line that is longer.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="hanging">Further spaces before all lines but the first.</param>
    /// <param name="label">What stands before the text on the first line, its spaces kept.</param>
    public static IEnumerable<string> Wrap(string text, int width, int indent = 0, int hanging = 0, string label = "")
    {
        var start = new string(' ', indent) + label;
        var next = new string(' ', indent + hanging);
        var isFirst = true;
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = string.Empty;
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var before = isFirst ? start : next;
                if (line.Length > 0 && before.Length + line.Length + 1 + word.Length > width)
                {
                    yield return before + line;
                    isFirst = false;
                    line = word;
                }
                else
                {
                    line = line.Length == 0 ? word : $"{line} {word}";
                }
            }

            yield return ((isFirst ? start : next) + line).TrimEnd();
            isFirst = false;
        }
    }
}
