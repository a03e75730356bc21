namespace Deployer.Cli.Output;

/// <summary>How times are written.</summary>
internal static class SimulatedTime
{
    /// <summary>Minutes and seconds, and hours where there are any: <c>13:15</c>, <c>1:02:03</c>.</summary>
    public static string Text(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";

    /// <inheritdoc cref="Text(TimeSpan)"/>
    public static string Text(double seconds) => Text(TimeSpan.FromSeconds(seconds));
}
