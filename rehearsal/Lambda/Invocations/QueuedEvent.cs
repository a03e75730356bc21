namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>An asynchronous invocation in Lambda's own queue, stored under its request id.</summary>
/// <param name="Account">The function's account.</param>
/// <param name="Region">The function's region.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Qualifier">Alias or version.</param>
/// <param name="Payload">JSON text.</param>
/// <param name="Accepted">When it was queued.</param>
/// <param name="Failures">Tries that ended with an error of the function.</param>
/// <param name="Refusals">Tries that Lambda could not begin or lost.</param>
internal sealed record QueuedEvent(
    string Account,
    string Region,
    string Name,
    string? Qualifier,
    string Payload,
    DateTimeOffset Accepted,
    int Failures,
    int Refusals
)
{
    /// <summary>The access key that the payload hands to the function.</summary>
    public string? HandedKey { get; init; }

    /// <summary>Whether it is delivered once more when it has succeeded.</summary>
    public bool ComesAgain { get; init; }
}
