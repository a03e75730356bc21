using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>
/// How the services of the world call functions. A result comes back under a kind and a key, not to a closure, so that a
/// caller that was stored and read again still gets it.
/// </summary>
public interface ILambdaInvoker
{
    /// <summary>Says what to do with results of this kind, on the world's thread. Registered at start-up.</summary>
    /// <param name="kind">The caller's own, such as <c>states/task</c>.</param>
    /// <param name="handle">Takes the key that was given to <see cref="Invoke"/> and the result.</param>
    void OnResult(string kind, Action<string, LambdaResult> handle);

    /// <summary>Begins a synchronous invocation (<c>RequestResponse</c>); exactly one result of this kind and key follows.</summary>
    /// <exception cref="ApiException">It is refused before it begins: AccessDeniedException, ResourceNotFoundException,
    /// TooManyRequestsException, RequestTooLargeException, ResourceConflictException. No result follows then.</exception>
    void Invoke(LambdaInvocation invocation, string kind, string key);

    /// <summary>Queues an asynchronous invocation (<c>Event</c>): Lambda itself tries up to three times.</summary>
    /// <returns>The request id, the same for every try.</returns>
    /// <exception cref="ApiException">As for <see cref="Invoke"/>, but for throttling.</exception>
    string Enqueue(LambdaInvocation invocation);

    /// <summary>Whether a function's own code runs here; the others are simulated, and so are functions that there are not.</summary>
    /// <param name="function">Its ARN or its name, in which case that of any account and region.</param>
    bool RunsCode(string function) => false;
}
