using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>A wish to call a function.</summary>
/// <param name="Principal">
/// Who calls; judged by its own policies and the function's. A service names the resource for which it calls.
/// </param>
/// <param name="Region">The region of the call.</param>
/// <param name="Function">Name, partial ARN or ARN, with or without a qualifier.</param>
/// <param name="Payload">JSON text.</param>
public sealed record LambdaInvocation(Principal Principal, string Region, string Function, string Payload)
{
    /// <summary>An alias or version, when the function's name has none.</summary>
    public string? Qualifier { get; init; }

    /// <summary>
    /// The access key of a session that the payload hands to the function, as that of a pipeline's job: requests under it are the
    /// invocation's.
    /// </summary>
    public string? HandedKey { get; init; }

    /// <summary>The client context as base64 text, as it comes in <c>X-Amz-Client-Context</c>.</summary>
    public string? ClientContext { get; init; }
}
