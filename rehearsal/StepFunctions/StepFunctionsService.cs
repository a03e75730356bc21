using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>AWS Step Functions, as far as Standard machines go.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/</remarks>
public sealed class StepFunctionsService : ModelService
{
    private const int MaximumErrorLength = 256;
    private const int MaximumCauseLength = 32_768;

    private readonly StateMachines _machines;
    private readonly Executions _executions;
    private readonly Activities _activities;

    /// <summary>The service over a world's machines, executions and activities.</summary>
    public StepFunctionsService(StateMachines machines, Executions executions, Activities activities)
        : base(StepFunctionsModel.Service)
    {
        _machines = machines;
        _executions = executions;
        _activities = activities;
        On<CreateStateMachineRequest, CreateStateMachineResponse>(
            "CreateStateMachine",
            Create,
            (call, r) => [StatesArn.Machine(call.Account, call.Region, r.Name)]
        );
        On<UpdateStateMachineRequest, UpdateStateMachineResponse>("UpdateStateMachine", Update, (_, r) => [r.StateMachineArn]);
        On<DeleteStateMachineRequest, DeleteStateMachineResponse>("DeleteStateMachine", Delete, (_, r) => [r.StateMachineArn]);
        On<DescribeStateMachineRequest, DescribeStateMachineResponse>("DescribeStateMachine", Describe, (_, r) => [r.StateMachineArn]);
        On<ListStateMachinesRequest, ListStateMachinesResponse>("ListStateMachines", List, (_, _) => ["*"]);
        On<DescribeStateMachineForExecutionRequest, DescribeStateMachineForExecutionResponse>(
            "DescribeStateMachineForExecution",
            DescribeMachineOf,
            (_, r) => [r.ExecutionArn]
        );
        On<ValidateStateMachineDefinitionRequest, ValidateStateMachineDefinitionResponse>(
            "ValidateStateMachineDefinition",
            Validate,
            (_, _) => ["*"]
        );
        On<StartExecutionRequest, StartExecutionResponse>("StartExecution", Start, (_, r) => [r.StateMachineArn]);
        On<StopExecutionRequest, StopExecutionResponse>("StopExecution", Stop, (_, r) => [r.ExecutionArn]);
        On<DescribeExecutionRequest, DescribeExecutionResponse>("DescribeExecution", DescribeExecution, (_, r) => [r.ExecutionArn]);
        On<ListExecutionsRequest, ListExecutionsResponse>(
            "ListExecutions",
            ListExecutions,
            (_, r) => [r.StateMachineArn ?? r.MapRunArn ?? "*"]
        );
        On<GetExecutionHistoryRequest, GetExecutionHistoryResponse>("GetExecutionHistory", GetHistory, (_, r) => [r.ExecutionArn]);
        On<RedriveExecutionRequest, RedriveExecutionResponse>("RedriveExecution", Redrive, (_, r) => [r.ExecutionArn]);
        On<SendTaskSuccessRequest, SendTaskSuccessResponse>("SendTaskSuccess", SendSuccess, (_, r) => Resource(r.TaskToken));
        On<SendTaskFailureRequest, SendTaskFailureResponse>("SendTaskFailure", SendFailure, (_, r) => Resource(r.TaskToken));
        On<SendTaskHeartbeatRequest, SendTaskHeartbeatResponse>("SendTaskHeartbeat", SendHeartbeat, (_, r) => Resource(r.TaskToken));
        On<CreateActivityRequest, CreateActivityResponse>(
            "CreateActivity",
            CreateActivity,
            (call, r) => [StatesArn.Activity(call.Account, call.Region, r.Name)]
        );
        On<DescribeActivityRequest, DescribeActivityResponse>("DescribeActivity", DescribeActivity, (_, r) => [r.ActivityArn]);
        On<ListActivitiesRequest, ListActivitiesResponse>("ListActivities", ListActivities, (_, _) => ["*"]);
        On<DeleteActivityRequest, DeleteActivityResponse>("DeleteActivity", DeleteActivity, (_, r) => [r.ActivityArn]);
        OnLater<GetActivityTaskRequest, GetActivityTaskResponse>("GetActivityTask", GetActivityTask, (_, r) => [r.ActivityArn]);
        On<TagResourceRequest, TagResourceResponse>("TagResource", Tag, (_, r) => [r.ResourceArn]);
    }

    private CreateStateMachineResponse Create(Call call, CreateStateMachineRequest request)
    {
        RefuseVersions(request.Publish, request.VersionDescription);
        if (request.Type is { } type && type != StateMachineType.STANDARD)
        {
            CheckDefinition(request.Definition, type.Value);
            throw new ApiException("StateMachineTypeNotSupported", $"The rehearsal simulates STANDARD machines only, not {type.Value}");
        }

        CheckLogging(call, StatesArn.Machine(call.Account, call.Region, request.Name), request.RoleArn, request.LoggingConfiguration);
        var machine = _machines.Create(
            call,
            new StateMachineRecord(
                StatesArn.Machine(call.Account, call.Region, request.Name),
                request.Name,
                request.Definition,
                request.RoleArn,
                call.World.Now,
                null,
                (request.Tags ?? []).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal)
            )
            {
                LogLevel = LogLevel(request.LoggingConfiguration),
                IsTraced = request.TracingConfiguration?.Enabled == true,
            }
        );
        return new() { StateMachineArn = machine.Arn, CreationDate = machine.CreatedAt.UtcDateTime };
    }

    private UpdateStateMachineResponse Update(Call call, UpdateStateMachineRequest request)
    {
        var machine = _machines.Get(request.StateMachineArn);
        RefuseVersions(request.Publish, request.VersionDescription);
        if (request is { Definition: null, RoleArn: null, LoggingConfiguration: null, TracingConfiguration: null })
        {
            throw new ApiException(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
            );
        }

        CheckLogging(call, machine.Arn, request.RoleArn ?? machine.RoleArn, request.LoggingConfiguration);
        var updated = _machines.Update(
            call,
            machine with
            {
                Definition = request.Definition ?? machine.Definition,
                RoleArn = request.RoleArn ?? machine.RoleArn,
                LogLevel = request.LoggingConfiguration is null ? machine.LogLevel : LogLevel(request.LoggingConfiguration),
                IsTraced = request.TracingConfiguration?.Enabled ?? machine.IsTraced,
            }
        );
        return new() { UpdateDate = call.World.Now.UtcDateTime, RevisionId = updated.RevisionId };
    }

    private DeleteStateMachineResponse Delete(Call call, DeleteStateMachineRequest request)
    {
        foreach (
            var running in _executions.Of(request.StateMachineArn).Where(e => e.Status == Interpreter.ExecutionStatus.Running).ToList()
        )
        {
            _executions.Stop(running.Arn, null, null);
        }

        _machines.Delete(request.StateMachineArn);
        return new();
    }

    private DescribeStateMachineResponse Describe(Call call, DescribeStateMachineRequest request)
    {
        var machine = _machines.Get(request.StateMachineArn);
        return new()
        {
            StateMachineArn = machine.Arn,
            Name = machine.Name,
            Definition = machine.Definition,
            RoleArn = machine.RoleArn,
            Type = StateMachineType.STANDARD,
            Status = StateMachineStatus.ACTIVE,
            CreationDate = machine.CreatedAt.UtcDateTime,
            RevisionId = machine.RevisionId,
            LoggingConfiguration = new() { Level = machine.LogLevel, IncludeExecutionData = false },
            TracingConfiguration = new() { Enabled = machine.IsTraced },
        };
    }

    private ListStateMachinesResponse List(Call call, ListStateMachinesRequest request)
    {
        var (items, next) = ListPages.Cut(_machines.All(call.Account, call.Region), request.MaxResults, request.NextToken);
        return new()
        {
            StateMachines =
            [
                .. items.Select(m => new StateMachineListItem
                {
                    StateMachineArn = m.Arn,
                    Name = m.Name,
                    Type = StateMachineType.STANDARD,
                    CreationDate = m.CreatedAt.UtcDateTime,
                }),
            ],
            NextToken = next,
        };
    }

    private DescribeStateMachineForExecutionResponse DescribeMachineOf(Call call, DescribeStateMachineForExecutionRequest request)
    {
        var execution = _executions.Get(request.ExecutionArn);
        return new()
        {
            StateMachineArn = execution.MachineArn,
            Name = execution.MachineName,
            Definition = _executions.DefinitionOf(execution.Arn),
            RoleArn = execution.RoleArn,
            UpdateDate = execution.StartedAt.UtcDateTime,
        };
    }

    private ValidateStateMachineDefinitionResponse Validate(Call call, ValidateStateMachineDefinitionRequest request)
    {
        var faults = StateMachineDefinition.Validate(request.Definition, request.Type?.Value ?? "STANDARD");
        return new()
        {
            Result = faults.Count == 0 ? ValidateStateMachineDefinitionResultCode.OK : ValidateStateMachineDefinitionResultCode.FAIL,
            Diagnostics =
            [
                .. faults.Select(f => new ValidateStateMachineDefinitionDiagnostic
                {
                    Severity = ValidateStateMachineDefinitionSeverity.ERROR,
                    Code = f.Code,
                    Message = f.Message,
                    Location = f.Location,
                }),
            ],
            Truncated = false,
        };
    }

    private StartExecutionResponse Start(Call call, StartExecutionRequest request)
    {
        var execution = _executions.Start(_machines.Get(request.StateMachineArn), request.Name, ExecutionShapes.Input(request.Input));
        return new() { ExecutionArn = execution.Arn, StartDate = execution.StartedAt.UtcDateTime };
    }

    private StopExecutionResponse Stop(Call call, StopExecutionRequest request)
    {
        CheckLengths(request.Error, request.Cause);
        return new() { StopDate = _executions.Stop(request.ExecutionArn, request.Error, request.Cause).StoppedAt?.UtcDateTime };
    }

    private DescribeExecutionResponse DescribeExecution(Call call, DescribeExecutionRequest request)
    {
        var execution = _executions.Get(request.ExecutionArn);
        return ExecutionShapes.Answer(execution, _executions.WhyNotRedrivable(execution));
    }

    private ListExecutionsResponse ListExecutions(Call call, ListExecutionsRequest request)
    {
        if (request.StateMachineArn is null)
        {
            throw new ApiException("ValidationException", "The rehearsal lists the executions of a state machine, not of a Map Run");
        }

        var wanted = _executions
            .Of(_machines.Get(request.StateMachineArn).Arn)
            .Where(e => request.StatusFilter is null || ExecutionShapes.Status(e.Status) == request.StatusFilter.Value)
            .Where(e =>
                request.RedriveFilter is null || (e.RedriveCount > 0) == (request.RedriveFilter == ExecutionRedriveFilter.REDRIVEN)
            );
        var (items, next) = ListPages.Cut(wanted, request.MaxResults, request.NextToken);
        return new() { Executions = [.. items.Select(ExecutionShapes.Item)], NextToken = next };
    }

    private GetExecutionHistoryResponse GetHistory(Call call, GetExecutionHistoryRequest request)
    {
        var history = _executions.History(_executions.Get(request.ExecutionArn).Arn);
        var (items, next) = ListPages.Cut(
            request.ReverseOrder == true ? history.Reverse() : history,
            request.MaxResults,
            request.NextToken
        );
        return new()
        {
            Events = [.. items.Select(e => HistoryShapes.Answer(e, data: request.IncludeExecutionData != false))],
            NextToken = next,
        };
    }

    private RedriveExecutionResponse Redrive(Call call, RedriveExecutionRequest request) =>
        new() { RedriveDate = _executions.Redrive(request.ExecutionArn, request.ClientToken).UtcDateTime };

    private SendTaskSuccessResponse SendSuccess(Call call, SendTaskSuccessRequest request)
    {
        var task = Awaited(call, request.TaskToken);
        CheckOutput(request.Output);
        _executions.Answer(task, (i, key) => i.TaskSucceeded(key, request.Output));
        return new();
    }

    private SendTaskFailureResponse SendFailure(Call call, SendTaskFailureRequest request)
    {
        var task = Awaited(call, request.TaskToken);
        CheckLengths(request.Error, request.Cause);
        _executions.Answer(task, (i, key) => i.TaskFailed(key, request.Error, request.Cause));
        return new();
    }

    private SendTaskHeartbeatResponse SendHeartbeat(Call call, SendTaskHeartbeatRequest request)
    {
        var task = Awaited(call, request.TaskToken);
        if (call.ClientDisconnected is not null)
        {
            call.World.Hold(task);
        }

        _executions.Answer(task, (i, key) => i.TaskHeartbeat(key));
        return new();
    }

    private CreateActivityResponse CreateActivity(Call call, CreateActivityRequest request)
    {
        var activity = _activities.Create(call.Account, call.Region, request.Name);
        return new() { ActivityArn = activity.Arn, CreationDate = activity.CreatedAt.UtcDateTime };
    }

    private DescribeActivityResponse DescribeActivity(Call call, DescribeActivityRequest request)
    {
        var activity = _activities.Get(request.ActivityArn);
        return new()
        {
            ActivityArn = activity.Arn,
            Name = activity.Name,
            CreationDate = activity.CreatedAt.UtcDateTime,
        };
    }

    private ListActivitiesResponse ListActivities(Call call, ListActivitiesRequest request)
    {
        var (items, next) = ListPages.Cut(_activities.All(call.Account, call.Region), request.MaxResults, request.NextToken);
        return new()
        {
            Activities =
            [
                .. items.Select(a => new ActivityListItem
                {
                    ActivityArn = a.Arn,
                    Name = a.Name,
                    CreationDate = a.CreatedAt.UtcDateTime,
                }),
            ],
            NextToken = next,
        };
    }

    private DeleteActivityResponse DeleteActivity(Call call, DeleteActivityRequest request)
    {
        _activities.Delete(request.ActivityArn);
        return new();
    }

    private async Task<GetActivityTaskResponse> GetActivityTask(Call call, GetActivityTaskRequest request)
    {
        var task =
            _executions.TakeActivityTask(request.ActivityArn, request.WorkerName)
            ?? await _activities.Poll(request.ActivityArn, request.WorkerName, call.ClientDisconnected);
        return task is null ? new() : new() { TaskToken = task.Token, Input = task.Parameters };
    }

    private TagResourceResponse Tag(Call call, TagResourceRequest request)
    {
        _machines.Tag(request.ResourceArn, (request.Tags ?? []).ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal));
        return new();
    }

    /// <summary>Who may answer a token is said of the machine that gave it out.</summary>
    private string[] Resource(string token) => [_executions.Token(token ?? "")?.Resource ?? "*"];

    private string Awaited(Call call, string token)
    {
        var given = _executions.Token(token ?? "");
        if (given is null || StatesArn.Account(given.Resource) != call.Account)
        {
            throw new ApiException("InvalidToken", "Invalid Token: 'Invalid token'");
        }

        return given.IsOpen ? given.Task : throw new ApiException("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }

    private static void CheckOutput(string output)
    {
        if (output is null || StateData.ExceedsLimit(output))
        {
            throw new ApiException(
                "ValidationException",
                "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or "
                    + $"equal to {StateData.MaximumBytes}"
            );
        }

        try
        {
            StateData.Parse(output);
        }
        catch (JsonException e)
        {
            throw new ApiException("InvalidOutput", $"Invalid Output: '{e.Message}'");
        }
    }

    private static void CheckLengths(string? error, string? cause)
    {
        foreach (var (name, text, limit) in new[] { ("error", error, MaximumErrorLength), ("cause", cause, MaximumCauseLength) })
        {
            if (text?.Length > limit)
            {
                throw new ApiException(
                    "ValidationException",
                    $"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must have length less than "
                        + $"or equal to {limit}"
                );
            }
        }
    }

    private static void CheckDefinition(string definition, string type)
    {
        if (StateMachineDefinition.Validate(definition, type) is { Count: > 0 } faults)
        {
            throw new ApiException("InvalidDefinition", new Definitions.InvalidDefinitionException(faults).Message);
        }
    }

    private static void RefuseVersions(bool? publish, string? description)
    {
        if (publish == true)
        {
            throw new ApiException("ValidationException", "The rehearsal does not simulate versions of state machines");
        }

        if (description is not null)
        {
            throw new ApiException("ValidationException", "Version description can only be set when publish is true");
        }
    }

    /// <summary>A machine that logs has its role make the delivery of its log.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy</remarks>
    private static void CheckLogging(Call call, string machine, string role, LoggingConfiguration? logging)
    {
        if (LogLevel(logging) == "OFF")
        {
            return;
        }

        var service = Principal.Service("states.amazonaws.com", call.Account, machine);
        try
        {
            var principal = new RoleSessions(call.World).Act(service, role, "log-delivery");
            call.World.Api.Check(principal, call.Account, ["*"], "logs:CreateLogDelivery");
        }
        catch (ApiException)
        {
            throw new ApiException(
                "AccessDeniedException",
                "The state machine IAM Role is not authorized to access the Log Destination",
                400
            );
        }
    }

    private static string LogLevel(LoggingConfiguration? logging)
    {
        var level = logging?.Level?.Value ?? "OFF";
        return level == "OFF" || logging!.Destinations is { Count: 1 }
            ? level
            : throw new ApiException(
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination."
            );
    }
}
