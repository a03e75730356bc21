using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.People;

/// <summary>What became of something that a schedule says.</summary>
/// <param name="Who">Who did it.</param>
/// <param name="Did">What they did.</param>
/// <param name="When">The trigger.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="VirtualSeconds">When it began, in simulated time since the start of the run; null when it never happened.</param>
/// <param name="Requests">The requests that it took, in their order.</param>
/// <param name="Problem">Why it was not done although its moment came; null when it was.</param>
public sealed record ActReport(
    string Who,
    string Did,
    string When,
    ActOutcome Outcome,
    double? VirtualSeconds,
    IReadOnlyList<RequestReport> Requests,
    string? Problem = null
);

/// <summary>How something that a schedule says ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActOutcome>))]
public enum ActOutcome
{
    /// <summary>Its moment never came.</summary>
    [JsonStringEnumMemberName("never-happened")]
    NeverHappened,

    /// <summary>It was begun, and the rehearsal ended before it was.</summary>
    [JsonStringEnumMemberName("not-ended")]
    NotEnded,

    /// <summary>It was done.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>AWS refused it, or there was nothing to do it to.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>A request of a person.</summary>
/// <param name="Operation">As <c>service:Operation</c>, the service by its signing name.</param>
/// <param name="VirtualSeconds">When it had its effect, in simulated time since the start of the run.</param>
/// <param name="Answer">OK, or AWS's error and message.</param>
public sealed record RequestReport(string Operation, double VirtualSeconds, string Answer);
