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
        new(
            Open(
                new StandardOutputWriter(Console.Out),
                Console.IsOutputRedirected,
                Environment.GetEnvironmentVariable,
                () => Console.WindowWidth
            ),
            Open(
                new BestEffortWriter(Console.Error),
                Console.IsErrorRedirected,
                Environment.GetEnvironmentVariable,
                () => Console.WindowWidth
            )
        );

    /// <summary>A way out: colours and drawing in place are for terminals.</summary>
    /// <param name="writer">What is written to.</param>
    /// <param name="isRedirected">Whether that is a pipe or a file.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    /// <param name="windowWidth">The columns of the terminal's window; 0 where nobody says.</param>
    internal static Screen Open(TextWriter writer, bool isRedirected, Func<string, string?> variable, Func<int> windowWidth)
    {
        if (isRedirected)
        {
            return new Screen(writer, DefaultWidth);
        }

        if (variable("TERM") == "dumb")
        {
            return new Screen(writer, Columns, hasColors: false, isLive: false);
        }

        // https://no-color.org: set, and not empty.
        var hasColors = string.IsNullOrEmpty(variable(NoColor));
        return new Screen(writer, Columns, hasColors, isLive: true);

        int Columns() => windowWidth() is > 0 and var columns ? columns : DefaultWidth;
    }
}
