using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>Asks a person who sits at the terminal.</summary>
internal static class Question
{
    /// <summary>Asks, and reads a line from standard input.</summary>
    /// <returns>The answer without spaces around it; <see langword="null"/> where nobody can answer.</returns>
    public static string? Ask(this Terminal terminal, string question)
    {
        terminal.Error.Paragraph(question);
        terminal.Error.Flush();
        return Console.In.ReadLine()?.Trim();
    }
}
