using Amazon.StepFunctions.Model;
using Recorded = Deployer.Rehearsal.StepFunctions.Interpreter.HistoryEvent;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>How an event looks in the answer of GetExecutionHistory: its details under the field of its type.</summary>
internal static class HistoryShapes
{
    private static readonly HistoryEventExecutionDataDetails Whole = new() { Truncated = false };

    /// <summary>The event.</summary>
    /// <param name="e">As it was recorded.</param>
    /// <param name="data">Whether inputs and outputs are wanted.</param>
    public static HistoryEvent Answer(Recorded e, bool data)
    {
        var shape = new HistoryEvent
        {
            Id = e.Id,
            PreviousEventId = e.PreviousEventId,
            Timestamp = e.Timestamp.UtcDateTime,
            Type = e.Type,
        };
        Detail(shape, data ? e : e with { Input = null, Output = null, Parameters = null });
        return shape;
    }

    private static void Detail(HistoryEvent shape, Recorded e)
    {
        switch (e.Type)
        {
            case "ExecutionStarted":
                shape.ExecutionStartedEventDetails = new()
                {
                    Input = e.Input,
                    InputDetails = Details(e.Input),
                    RoleArn = e.RoleArn,
                };
                break;
            case "ExecutionSucceeded":
                shape.ExecutionSucceededEventDetails = new() { Output = e.Output, OutputDetails = Details(e.Output) };
                break;
            case "ExecutionFailed":
                shape.ExecutionFailedEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
            case "ExecutionAborted":
                shape.ExecutionAbortedEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
            case "ExecutionTimedOut":
                shape.ExecutionTimedOutEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
            case "ExecutionRedriven":
                shape.ExecutionRedrivenEventDetails = new() { RedriveCount = e.RedriveCount };
                break;
            case "EvaluationFailed":
                shape.EvaluationFailedEventDetails = new()
                {
                    Error = e.Error,
                    Cause = e.Cause,
                    Location = e.Location,
                    State = e.State,
                };
                break;
            case var type when type.EndsWith("StateEntered", StringComparison.Ordinal):
                shape.StateEnteredEventDetails = new()
                {
                    Name = e.Name,
                    Input = e.Input,
                    InputDetails = Details(e.Input),
                };
                break;
            case var type when type.EndsWith("StateExited", StringComparison.Ordinal):
                shape.StateExitedEventDetails = new()
                {
                    Name = e.Name,
                    Output = e.Output,
                    OutputDetails = Details(e.Output),
                    AssignedVariables = e.AssignedVariables?.ToDictionary(),
                    AssignedVariablesDetails = e.AssignedVariables is null ? null : new() { Truncated = false },
                };
                break;
            case var type when type.StartsWith("Task", StringComparison.Ordinal):
                Task(shape, e);
                break;
            case var type when type.StartsWith("LambdaFunction", StringComparison.Ordinal):
                Function(shape, e);
                break;
            case var type when type.StartsWith("Activity", StringComparison.Ordinal):
                Activity(shape, e);
                break;
            case var type when type.StartsWith("Map", StringComparison.Ordinal):
                Map(shape, e);
                break;
        }
    }

    private static void Task(HistoryEvent shape, Recorded e)
    {
        switch (e.Type)
        {
            case "TaskScheduled":
                shape.TaskScheduledEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Region = e.Region,
                    Parameters = e.Parameters,
                    TimeoutInSeconds = e.TimeoutInSeconds,
                    HeartbeatInSeconds = e.HeartbeatInSeconds,
                    TaskCredentials = Credentials(e),
                };
                break;
            case "TaskStarted":
                shape.TaskStartedEventDetails = new() { Resource = e.Resource, ResourceType = e.ResourceType };
                break;
            case "TaskSubmitted":
                shape.TaskSubmittedEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Output = e.Output,
                    OutputDetails = Details(e.Output),
                };
                break;
            case "TaskSubmitFailed":
                shape.TaskSubmitFailedEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Error = e.Error,
                    Cause = e.Cause,
                };
                break;
            case "TaskSucceeded":
                shape.TaskSucceededEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Output = e.Output,
                    OutputDetails = Details(e.Output),
                };
                break;
            case "TaskFailed":
                shape.TaskFailedEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Error = e.Error,
                    Cause = e.Cause,
                };
                break;
            case "TaskTimedOut":
                shape.TaskTimedOutEventDetails = new()
                {
                    Resource = e.Resource,
                    ResourceType = e.ResourceType,
                    Error = e.Error,
                    Cause = e.Cause,
                };
                break;
        }
    }

    private static void Function(HistoryEvent shape, Recorded e)
    {
        switch (e.Type)
        {
            case "LambdaFunctionScheduled":
                shape.LambdaFunctionScheduledEventDetails = new()
                {
                    Resource = e.Resource,
                    Input = e.Input,
                    InputDetails = Details(e.Input),
                    TimeoutInSeconds = e.TimeoutInSeconds,
                    TaskCredentials = Credentials(e),
                };
                break;
            case "LambdaFunctionSucceeded":
                shape.LambdaFunctionSucceededEventDetails = new() { Output = e.Output, OutputDetails = Details(e.Output) };
                break;
            case "LambdaFunctionFailed":
                shape.LambdaFunctionFailedEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
            case "LambdaFunctionTimedOut":
                shape.LambdaFunctionTimedOutEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
        }
    }

    private static void Activity(HistoryEvent shape, Recorded e)
    {
        switch (e.Type)
        {
            case "ActivityScheduled":
                shape.ActivityScheduledEventDetails = new()
                {
                    Resource = e.Resource,
                    Input = e.Input,
                    InputDetails = Details(e.Input),
                    TimeoutInSeconds = e.TimeoutInSeconds,
                    HeartbeatInSeconds = e.HeartbeatInSeconds,
                };
                break;
            case "ActivityStarted":
                shape.ActivityStartedEventDetails = new() { WorkerName = e.WorkerName };
                break;
            case "ActivitySucceeded":
                shape.ActivitySucceededEventDetails = new() { Output = e.Output, OutputDetails = Details(e.Output) };
                break;
            case "ActivityFailed":
                shape.ActivityFailedEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
            case "ActivityTimedOut":
                shape.ActivityTimedOutEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
        }
    }

    private static void Map(HistoryEvent shape, Recorded e)
    {
        var iteration = new MapIterationEventDetails { Name = e.Name, Index = e.Index };
        switch (e.Type)
        {
            case "MapStateStarted":
                shape.MapStateStartedEventDetails = new() { Length = e.Length };
                break;
            case "MapIterationStarted":
                shape.MapIterationStartedEventDetails = iteration;
                break;
            case "MapIterationSucceeded":
                shape.MapIterationSucceededEventDetails = iteration;
                break;
            case "MapIterationFailed":
                shape.MapIterationFailedEventDetails = iteration;
                break;
            case "MapIterationAborted":
                shape.MapIterationAbortedEventDetails = iteration;
                break;
            case "MapRunStarted":
                shape.MapRunStartedEventDetails = new() { MapRunArn = e.MapRunArn };
                break;
            case "MapRunFailed":
                shape.MapRunFailedEventDetails = new() { Error = e.Error, Cause = e.Cause };
                break;
        }
    }

    private static TaskCredentials? Credentials(Recorded e) => e.RoleArn is null ? null : new() { RoleArn = e.RoleArn };

    private static HistoryEventExecutionDataDetails? Details(string? text) => text is null ? null : Whole;
}
