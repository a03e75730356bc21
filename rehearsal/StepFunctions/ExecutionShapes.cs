using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>How an execution looks in answers, in events and to the task that waits for it.</summary>
internal static class ExecutionShapes
{
    /// <summary>The status as AWS writes it.</summary>
    public static string Status(ExecutionStatus status) =>
        status == ExecutionStatus.TimedOut ? "TIMED_OUT" : status.ToString().ToUpperInvariant();

    /// <summary>Seconds since 1970, to the millisecond.</summary>
    public static double Seconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>The input that a caller gave as text.</summary>
    /// <exception cref="ApiException">InvalidExecutionInput.</exception>
    public static JsonNode? Input(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new JsonObject();
        }

        if (StateData.ExceedsLimit(text))
        {
            throw new ApiException(
                "InvalidExecutionInput",
                $"Invalid State Machine Execution Input: 'the input is longer than {StateData.MaximumBytes} bytes'"
            );
        }

        try
        {
            return StateData.Parse(text);
        }
        catch (JsonException e)
        {
            var problem = DeepJson.IsTooDeep(text)
                ? $"the input is nested deeper than {DeepJson.MaxDepth}, more than the rehearsal takes"
                : e.Message;
            throw new ApiException("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{problem}'");
        }
    }

    /// <summary>The detail of <c>Step Functions Execution Status Change</c>.
    /// Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html.</summary>
    public static JsonObject Event(ExecutionState execution) =>
        new()
        {
            ["executionArn"] = execution.Arn,
            ["stateMachineArn"] = execution.MachineArn,
            ["name"] = execution.Name,
            ["status"] = Status(execution.Status),
            ["startDate"] = execution.StartedAt.ToUnixTimeMilliseconds(),
            ["stopDate"] = execution.StoppedAt?.ToUnixTimeMilliseconds(),
            ["input"] = StateData.Text(execution.Input),
            ["inputDetails"] = new JsonObject { ["included"] = true },
            ["output"] = execution.Output,
            ["outputDetails"] = execution.Output is null ? null : new JsonObject { ["included"] = true },
            ["error"] = execution.Error,
            ["cause"] = execution.Cause,
            ["redriveCount"] = execution.RedriveCount,
            ["redriveDate"] = execution.RedrivenAt?.ToUnixTimeMilliseconds(),
            ["redriveStatus"] = execution.Status is ExecutionStatus.Running or ExecutionStatus.Succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE",
        };

    /// <summary>What a task gets that started the execution and waited for its end.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="whyNotRedrivable">Why it cannot be redriven; null when it can.</param>
    /// <param name="parsed">Whether input and output are given as JSON, not as text (<c>.sync:2</c>).</param>
    public static JsonObject Described(ExecutionState execution, string? whyNotRedrivable, bool parsed)
    {
        var described = new JsonObject
        {
            ["ExecutionArn"] = execution.Arn,
            ["Input"] = parsed ? execution.Input?.DeepClone() : StateData.Text(execution.Input),
            ["InputDetails"] = new JsonObject { ["Included"] = true },
            ["Name"] = execution.Name,
            ["RedriveCount"] = execution.RedriveCount,
            ["RedriveStatus"] = whyNotRedrivable is null ? "REDRIVABLE" : "NOT_REDRIVABLE",
            ["StartDate"] = execution.StartedAt.ToUnixTimeMilliseconds(),
            ["StateMachineArn"] = execution.MachineArn,
            ["Status"] = Status(execution.Status),
            ["StopDate"] = execution.StoppedAt?.ToUnixTimeMilliseconds(),
        };
        if (whyNotRedrivable is not null)
        {
            described["RedriveStatusReason"] = whyNotRedrivable;
        }

        if (execution.Output is { } output)
        {
            described["Output"] = parsed ? StateData.Parse(output) : output;
            described["OutputDetails"] = new JsonObject { ["Included"] = true };
        }

        if (!string.IsNullOrEmpty(execution.Error))
        {
            described["Error"] = execution.Error;
        }

        if (!string.IsNullOrEmpty(execution.Cause))
        {
            described["Cause"] = execution.Cause;
        }

        return described;
    }

    /// <summary>The answer of DescribeExecution.</summary>
    public static DescribeExecutionResponse Answer(ExecutionState execution, string? whyNotRedrivable) =>
        new()
        {
            ExecutionArn = execution.Arn,
            StateMachineArn = execution.MachineArn,
            Name = execution.Name,
            Status = Status(execution.Status),
            StartDate = execution.StartedAt.UtcDateTime,
            StopDate = execution.StoppedAt?.UtcDateTime,
            Input = StateData.Text(execution.Input),
            InputDetails = new() { Included = true },
            Output = execution.Output,
            OutputDetails = execution.Output is null ? null : new() { Included = true },
            Error = string.IsNullOrEmpty(execution.Error) ? null : execution.Error,
            Cause = string.IsNullOrEmpty(execution.Cause) ? null : execution.Cause,
            RedriveCount = execution.RedriveCount,
            RedriveDate = execution.RedrivenAt?.UtcDateTime,
            RedriveStatus = whyNotRedrivable is null ? "REDRIVABLE" : "NOT_REDRIVABLE",
            RedriveStatusReason = whyNotRedrivable,
        };

    /// <summary>An item of ListExecutions.</summary>
    public static ExecutionListItem Item(ExecutionState execution) =>
        new()
        {
            ExecutionArn = execution.Arn,
            StateMachineArn = execution.MachineArn,
            Name = execution.Name,
            Status = Status(execution.Status),
            StartDate = execution.StartedAt.UtcDateTime,
            StopDate = execution.StoppedAt?.UtcDateTime,
            RedriveCount = execution.RedriveCount,
            RedriveDate = execution.RedrivenAt?.UtcDateTime,
        };
}
