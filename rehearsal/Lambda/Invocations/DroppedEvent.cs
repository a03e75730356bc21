namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>An asynchronous invocation that failed for good.</summary>
/// <param name="At">When Lambda gave it up.</param>
/// <param name="FunctionArn">The function.</param>
/// <param name="Condition"><c>RetriesExhausted</c> or <c>EventAgeExceeded</c>, as the record in the queue has it.</param>
/// <param name="Queue">ARN of the queue where it lies; <see langword="null"/> when it is lost.</param>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html</remarks>
public sealed record DroppedEvent(DateTimeOffset At, string FunctionArn, string Condition, string? Queue);
