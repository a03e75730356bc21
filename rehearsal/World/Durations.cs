namespace Deployer.Rehearsal.World;

/// <summary>How long something takes in the played AWS, and where the figure is from.</summary>
/// <param name="Shortest">The shortest that is played.</param>
/// <param name="Longest">The longest that is played.</param>
/// <param name="Source">The page that the figure is from, or why it was chosen.</param>
public sealed record PlayedDuration(TimeSpan Shortest, TimeSpan Longest, string Source)
{
    /// <summary>One duration between the two, in whole milliseconds, drawn from the world's randomness.</summary>
    public TimeSpan Draw(SeededRandom random) =>
        TimeSpan.FromMilliseconds(Math.Round(Shortest.TotalMilliseconds + ((Longest - Shortest).TotalMilliseconds * random.NextDouble())));
}

/// <summary>Every duration that the rehearsal plays: the one table of them.</summary>
public static class Durations
{
    /// <summary>From an event's publication to its target.</summary>
    public static readonly PlayedDuration EventDelivery =
        Milliseconds(250, 1500, "EventBridge FAQ: typically about half a second from ingestion to target");

    /// <summary>From a pipeline's stage to its first action, and from action to action.</summary>
    public static readonly PlayedDuration PipelineTransition = Seconds(1, 3, "chosen: consoles show a few seconds between actions");

    /// <summary>A source action: fetching and zipping the repository.</summary>
    public static readonly PlayedDuration PipelineSource = Seconds(3, 8, "chosen: small repositories take some seconds");

    /// <summary>From an answer with a continuation token to the next call of the function.</summary>
    public static readonly PlayedDuration JobContinuation = Seconds(30, 30, "undocumented, chosen");

    /// <summary>A build's wait for a place.</summary>
    public static readonly PlayedDuration BuildQueued = Seconds(0, 2, "chosen: on-demand builds are rarely queued");

    /// <summary>A build's machine starts.</summary>
    public static readonly PlayedDuration BuildProvisioning =
        Seconds(8, 40, "CodeBuild user guide, build notifications sample: 36 s; small Linux images are often faster");

    /// <summary>A build's source is fetched.</summary>
    public static readonly PlayedDuration BuildSource = Seconds(1, 5, "CodeBuild user guide, build notifications sample: 4 s");

    /// <summary>The commands of one build phase that has any.</summary>
    public static readonly PlayedDuration BuildCommands =
        Seconds(20, 120, "chosen: a cold JVM with dependencies to fetch takes one to several minutes in all");

    /// <summary>A build's artifacts are stored.</summary>
    public static readonly PlayedDuration BuildUpload = Seconds(1, 3, "chosen");

    /// <summary>A build's end is recorded.</summary>
    public static readonly PlayedDuration BuildFinalizing = Seconds(2, 5, "CodeBuild user guide, build notifications sample: 4 s");

    private static PlayedDuration Milliseconds(double shortest, double longest, string source) =>
        new(TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(longest), source);

    private static PlayedDuration Seconds(double shortest, double longest, string source) =>
        new(TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest), source);
}
