namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>One invocation as an execution environment gets it.</summary>
/// <param name="RequestId">Its request id.</param>
/// <param name="InvokedArn">The ARN as it was called.</param>
/// <param name="Payload">JSON text.</param>
/// <param name="Timeout">The function's timeout: what an expired invocation reports.</param>
/// <param name="TraceId">The X-Ray header.</param>
/// <param name="ClientContext">JSON text, when the caller sent one.</param>
public sealed record SandboxInvocation(
    string RequestId,
    string InvokedArn,
    string Payload,
    TimeSpan Timeout,
    string TraceId,
    string? ClientContext
);

/// <summary>How an execution environment answered.</summary>
/// <param name="Payload">The answer or the error document.</param>
/// <param name="FunctionError"><c>Unhandled</c>, or null for an answer.</param>
/// <param name="Reusable">Whether the environment waits for the next invocation.</param>
/// <param name="Log">What the function wrote meanwhile, by line.</param>
public sealed record SandboxOutcome(string Payload, string? FunctionError, bool Reusable, IReadOnlyList<string> Log);
