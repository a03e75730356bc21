using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Ledger;

/// <summary>What <c>DescribeExecution</c> answers about an execution, which is eventually consistent.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html</remarks>
public enum ExecutionPhase
{
    /// <summary>It runs, or is about to again.</summary>
    Running,

    /// <summary>It ended with success.</summary>
    Succeeded,

    /// <summary>It failed, was stopped or timed out.</summary>
    Failed,

    /// <summary>Nothing is known of it: it was just started, or it was deleted, with its machine or 90 days after its end.</summary>
    NotKnown,
}

/// <summary>How an execution of <c>deploy</c> stands.</summary>
/// <param name="Phase">What it does.</param>
/// <param name="RedriveCount">How often it had been redriven when it stood so.</param>
/// <param name="Error">Its error, when it failed.</param>
/// <param name="Cause">The sentence for a person, when there is one.</param>
/// <param name="Output">Its output, when it succeeded.</param>
/// <param name="Input">What it was started with.</param>
/// <param name="BeganAt">When it was started, or redriven last.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record ExecutionStanding(
    ExecutionPhase Phase,
    int RedriveCount = 0,
    string? Error = null,
    string? Cause = null,
    string? Output = null,
    string? Input = null,
    DateTimeOffset? BeganAt = null,
    DateTimeOffset? EndedAt = null
)
{
    /// <summary>Whether it ended with success.</summary>
    public bool Succeeded => Phase == ExecutionPhase.Succeeded;

    /// <summary>
    /// Whether it has ended as it was after so many redrives: an answer about an earlier run of it says nothing of a later one.
    /// </summary>
    public bool HasEnded(int redriveCount = 0) =>
        Phase is ExecutionPhase.Succeeded or ExecutionPhase.Failed && RedriveCount >= redriveCount;

    /// <summary>Whether this is how it stood at an end of which an event reports, or later: a redrive may have begun since.</summary>
    /// <param name="end">When it ended, by the event.</param>
    public bool IsSince(DateTimeOffset end) =>
        Phase switch
        {
            ExecutionPhase.NotKnown => false,
            ExecutionPhase.Running => BeganAt > end,
            _ => EndedAt >= end,
        };
}

/// <summary>The executions of <c>deploy</c>, and the answers to their waiting tasks.</summary>
public sealed class Executions(IAws aws)
{
    // https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html: TimeoutSeconds, "The maximum number of seconds an
    // execution of the state machine can run."
    private const string TimedOut = "the execution took longer than the TimeoutSeconds of its state machine";

    /// <summary>What the waiting <c>Begin</c> of a deployment is answered with.</summary>
    public static string BeginAnswer(DeploymentId deployment) =>
        JsonSerializer.Serialize(new BeginAnswer(deployment), DeploymentRequestDocuments.Default.BeginAnswer);

    /// <summary>Starts an execution under a name by which it is started once, whoever asks again.</summary>
    /// <param name="machine">The machine's ARN.</param>
    /// <param name="name">The execution's name.</param>
    /// <param name="request">Its input.</param>
    /// <returns>The execution; <see langword="null"/> when one of this name has closed, or runs with another input.</returns>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html</remarks>
    public async Task<ExecutionArn?> StartOnce(string machine, string name, DeploymentRequest request)
    {
        try
        {
            var answer = await aws.StepFunctions.StartExecutionAsync(
                new StartExecutionRequest
                {
                    StateMachineArn = machine,
                    Name = name,
                    Input = request.ToJson(),
                }
            );
            return new ExecutionArn(answer.ExecutionArn);
        }
        catch (ExecutionAlreadyExistsException)
        {
            return null;
        }
    }

    /// <summary>Asks how an execution stands.</summary>
    public async Task<ExecutionStanding> Standing(ExecutionArn arn)
    {
        try
        {
            var execution = await aws.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn.Value });
            var phase =
                execution.Status == ExecutionStatus.SUCCEEDED ? ExecutionPhase.Succeeded
                : execution.Status == ExecutionStatus.RUNNING || execution.Status == ExecutionStatus.PENDING_REDRIVE
                    ? ExecutionPhase.Running
                : ExecutionPhase.Failed;
            return new ExecutionStanding(
                phase,
                execution.RedriveCount ?? 0,
                execution.Error ?? (phase == ExecutionPhase.Failed ? execution.Status.Value : null),
                Sentence(execution.Cause) ?? (execution.Status == ExecutionStatus.TIMED_OUT ? TimedOut : null),
                execution.Output,
                execution.Input,
                At(execution.RedriveDate ?? execution.StartDate),
                At(execution.StopDate)
            );
        }
        catch (ExecutionDoesNotExistException)
        {
            return new ExecutionStanding(ExecutionPhase.NotKnown);
        }
    }

    /// <summary>A moment to the millisecond, as events have it.</summary>
    private static DateTimeOffset? At(DateTime? time) =>
        time is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(new DateTimeOffset(at.ToUniversalTime()).ToUnixTimeMilliseconds()) : null;

    /// <summary>When an execution was started, or redriven last, by AWS's clock.</summary>
    /// <param name="arn">The execution.</param>
    /// <param name="redriveCount">How often it was redriven: an answer from before that says nothing of when this run began.</param>
    /// <exception cref="NotYetException">The execution was just started or redriven, which is not known yet.</exception>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html</remarks>
    public async Task<DateTime?> Began(ExecutionArn arn, int redriveCount = 0)
    {
        try
        {
            var execution = await aws.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn.Value });
            return (execution.RedriveCount ?? 0) < redriveCount
                ? throw new NotYetException($"the execution {arn} is described as it was before it was redriven")
                : execution.RedriveDate ?? execution.StartDate;
        }
        catch (ExecutionDoesNotExistException)
        {
            throw new NotYetException($"the execution {arn} was just started and Step Functions does not describe it yet");
        }
    }

    /// <summary>Answers a waiting task with success; an answer that comes late is normal and ignored.</summary>
    public Task<bool> Succeed(string token, string output) =>
        Answer(() => aws.StepFunctions.SendTaskSuccessAsync(new SendTaskSuccessRequest { TaskToken = token, Output = output }));

    /// <summary>Answers a waiting task with a failure; an answer that comes late is normal and ignored.</summary>
    public Task<bool> Fail(string token, string error, string cause) =>
        Answer(() =>
            aws.StepFunctions.SendTaskFailureAsync(
                new SendTaskFailureRequest
                {
                    TaskToken = token,
                    Error = CauseText.Shorten(error, 256),
                    Cause = CauseText.Shorten(cause, 32_768),
                }
            )
        );

    /// <summary>A Lambda's failure carries its message inside a JSON document; everything else is a sentence already.</summary>
    public static string? Sentence(string? cause) => cause is null ? null : FailedInvocation.Read(cause)?.ErrorMessage ?? cause;

    private static async Task<bool> Answer(Func<Task> send)
    {
        try
        {
            await send();
            return true;
        }
        catch (Exception exception) when (exception is TaskDoesNotExistException or TaskTimedOutException or InvalidTokenException)
        {
            return false;
        }
    }
}
