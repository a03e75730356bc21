using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ledger;

/// <summary>How an execution of <c>deploy</c> stands.</summary>
/// <param name="Running">Whether it still runs, or is about to again.</param>
/// <param name="Succeeded">Whether it ended with success.</param>
/// <param name="Error">Its error, when it failed.</param>
/// <param name="Cause">The sentence for a person, when there is one.</param>
/// <param name="Output">Its output, when it succeeded.</param>
public sealed record ExecutionStanding(bool Running, bool Succeeded, string? Error, string? Cause, string? Output);

/// <summary>The executions of <c>deploy</c>, and the answers to their waiting tasks.</summary>
public sealed class Executions(IAws aws)
{
    /// <summary>What the waiting <c>Begin</c> of a deployment is answered with.</summary>
    public static string BeginAnswer(DeploymentId deployment) =>
        JsonSerializer.Serialize(new BeginAnswer(deployment), Documents.Default.BeginAnswer);

    /// <summary>Asks how an execution stands; one that is gone counts as failed.</summary>
    public async Task<ExecutionStanding> Standing(ExecutionArn arn)
    {
        try
        {
            var execution = await aws.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn.Value });
            var running = execution.Status == ExecutionStatus.RUNNING || execution.Status == ExecutionStatus.PENDING_REDRIVE;
            return new ExecutionStanding(
                running,
                execution.Status == ExecutionStatus.SUCCEEDED,
                execution.Error ?? (running || execution.Status == ExecutionStatus.SUCCEEDED ? null : execution.Status.Value),
                Sentence(execution.Cause),
                execution.Output
            );
        }
        catch (ExecutionDoesNotExistException)
        {
            return new ExecutionStanding(false, false, "ExecutionDoesNotExist", $"the execution {arn} does not exist any more", null);
        }
    }

    /// <summary>When an execution was started, or redriven last, by AWS's clock.</summary>
    public async Task<DateTime?> Began(ExecutionArn arn)
    {
        var execution = await aws.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn.Value });
        return execution.RedriveDate ?? execution.StartDate;
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
                    Error = Names.Shorten(error, 256),
                    Cause = Names.Shorten(cause, 32_768),
                }
            )
        );

    /// <summary>A Lambda's failure carries its message inside a JSON document; everything else is a sentence already.</summary>
    public static string? Sentence(string? cause)
    {
        if (cause is null || !cause.StartsWith('{'))
        {
            return cause;
        }

        try
        {
            using var document = JsonDocument.Parse(cause);
            return document.RootElement.TryGetProperty("errorMessage", out var message) ? message.GetString() : cause;
        }
        catch (JsonException)
        {
            return cause;
        }
    }

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
