using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>One rule of <c>Retry</c>.</summary>
/// <param name="ErrorEquals">The error names that it applies to.</param>
/// <param name="IntervalSeconds">The delay before the first retry.</param>
/// <param name="MaxAttempts">The number of retries; 0 means never.</param>
/// <param name="BackoffRate">The factor by which the delay grows with each retry.</param>
/// <param name="MaxDelaySeconds">The longest delay.</param>
/// <param name="FullJitter">Whether the delay is drawn between 0 and the computed one.</param>
public sealed record RetryRule(
    IReadOnlyList<string> ErrorEquals,
    double IntervalSeconds,
    int MaxAttempts,
    double BackoffRate,
    double? MaxDelaySeconds,
    bool FullJitter
)
{
    /// <summary>The delay before a retry.</summary>
    /// <param name="retried">How often this rule has been applied in this state.</param>
    /// <param name="random">A source of randomness: at least 0, below 1.</param>
    public TimeSpan Delay(int retried, Func<double> random)
    {
        var seconds = IntervalSeconds * Math.Pow(BackoffRate, retried);
        seconds = Math.Min(seconds, MaxDelaySeconds ?? double.MaxValue);
        return TimeSpan.FromSeconds(Math.Min(FullJitter ? seconds * random() : seconds, TimeSpan.FromDays(365).TotalSeconds));
    }
}

/// <summary>One rule of <c>Catch</c>.</summary>
/// <param name="ErrorEquals">The error names that it applies to.</param>
/// <param name="Next">The next state.</param>
/// <param name="ResultPath">JSONPath: where in the input the error goes; null discards it.</param>
/// <param name="Assign">Variables to assign.</param>
/// <param name="Output">JSONata: what leaves the state.</param>
public sealed record CatchRule(IReadOnlyList<string> ErrorEquals, string Next, string? ResultPath, JsonObject? Assign, Template? Output);
