using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>Asks a person who sits at the terminal.</summary>
internal static class Question
{
    /// <summary>Asks, and reads a line from standard input.</summary>
    /// <param name="terminal">Where it is asked.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancellation">Ends waiting for the answer.</param>
    /// <returns>The answer without spaces around it; <see langword="null"/> where nobody can answer.</returns>
    public static string? Ask(this Terminal terminal, string question, CancellationToken cancellation)
    {
        terminal.Error.Paragraph(question);
        terminal.Error.Flush();
        // Nothing interrupts the read itself; who leaves ends the program.
        var answer = Task.Run(Console.In.ReadLine, CancellationToken.None);
        answer.Wait(cancellation);
        return answer.Result?.Trim();
    }
}
