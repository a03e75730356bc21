namespace Deployer.Cli.Output;

/// <summary>Command lines to copy into a POSIX shell.</summary>
internal static class ShellWords
{
    private const string Safe = "@%+=:,./-_";

    /// <summary>The words as one line; what a shell would take apart stands in quotes.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || Safe.Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
