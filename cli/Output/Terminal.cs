namespace Deployer.Cli.Output;

/// <summary>
/// The two ways out of the program: results go to <paramref name="Output"/>, progress and refusals to <paramref name="Error"/>.
/// </summary>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Terminal(Screen Output, Screen Error)
{
    /// <summary>Columns where nobody says how wide the reader's window is.</summary>
    private const int DefaultWidth = 100;

    private const string NoColor = "NO_COLOR";

    /// <summary>The terminal, pipes or files that this process was started with.</summary>
    public static Terminal OfProcess() =>
        new(Open(Console.Out, Console.IsOutputRedirected), Open(Console.Error, Console.IsErrorRedirected));

    private static Screen Open(TextWriter writer, bool isRedirected)
    {
        if (isRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
        {
            return new Screen(writer, DefaultWidth);
        }

        // https://no-color.org: set, and not empty.
        var hasColors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(NoColor));
        return new Screen(writer, Console.WindowWidth is > 0 and var width ? width : DefaultWidth, hasColors, isLive: true);
    }
}
