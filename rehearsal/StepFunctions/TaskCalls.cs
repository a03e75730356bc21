using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>
/// Makes the calls of tasks, each in an action of its own, and brings their answers back under the task's stored name. Source of the names
/// of errors: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html and executions recorded on AWS.
/// </summary>
internal sealed class TaskCalls
{
    private const string CallKind = "states/call";
    private const string JobKind = "states/job";
    private const string LambdaKind = "states/task";
    private const string OfferKind = "states/offer";

    /// <summary>Unlike the optimised integration it takes and gives the payload as a text, and a function's error is no error of the
    /// task.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html</remarks>
    private const string SdkLambda = "aws-sdk:lambda";

    private readonly RehearsalWorld _world;
    private readonly Executions _executions;
    private readonly Activities _activities;
    private readonly ILambdaInvoker _lambda;
    private readonly StateMachines _machines;
    private readonly RoleSessions _roles;
    private readonly Sessions _sessions;
    private readonly Table<CalledTask> _calls;

    public TaskCalls(RehearsalWorld world, Executions executions, Activities activities, ILambdaInvoker lambda)
    {
        _world = world;
        _executions = executions;
        _activities = activities;
        _lambda = lambda;
        _machines = new StateMachines(world);
        _roles = new RoleSessions(world);
        _sessions = new Sessions(world);
        _calls = world.Store.Table<CalledTask>("states/tasks");
        world.OnDue(CallKind, Make, failed: Break);
        world.OnDue(
            JobKind,
            payload =>
            {
                var job = JsonSerializer.Deserialize<JobEnd>(payload)!;
                if (Find(job.Task) is { } task)
                {
                    Finish(task, job.Execution);
                }
            },
            failed: (payload, reason) => Break(JsonSerializer.Deserialize<JobEnd>(payload)!.Task, reason)
        );
        world.OnDue(OfferKind, Offer, failed: (activity, _) => BreakOffer(activity));
        lambda.OnResult(LambdaKind, Returned);
        foreach (var (id, task) in _calls.WithPrefix(string.Empty).Where(call => IsForClients(call.Value)))
        {
            world.Hold(id);
        }
    }

    /// <summary>Stores a call; it is made a little later, as an act of the task.</summary>
    public void Begin(CalledTask task)
    {
        _calls.Put(task.Id, task);
        if (IsForClients(task))
        {
            _world.Hold(task.Id);
        }

        if (TaskResource.Parse(task.Resource)!.Kind == TaskKind.Activity)
        {
            _activities.Enqueue(task);
            if (_activities.OpenPoll(task.Resource) is not null)
            {
                _world.Schedule(_world.Delay(Durations.StateTransition, Caller(task.Id)), OfferKind, task.Resource);
            }

            return;
        }

        _world.ScheduleCall(Caller(task.Id), _world.Delay(Durations.StateTransition, Caller(task.Id)), CallKind, task.Id);
    }

    /// <summary>Forgets a call whose task is over, and gives it back.</summary>
    public CalledTask? End(string id)
    {
        var task = _calls.Get(id);
        _calls.Remove(id);
        return task;
    }

    /// <summary>The call of a task that is not over.</summary>
    public CalledTask? Find(string id) => _calls.Get(id);

    /// <summary>The execution that a task waits for has ended.</summary>
    public void JobEnded(string task, string execution) =>
        _world.Schedule(
            _world.Delay(Durations.StateTransition, _executions.ActorOf(execution)),
            JobKind,
            JsonSerializer.Serialize(new JobEnd(task, execution))
        );

    /// <summary>A task is an actor, which calls once at a time: branches of an execution call beside one another.</summary>
    private string Caller(string id)
    {
        var slash = id.LastIndexOf('/');
        return $"{_executions.ActorOf(id[..slash])}{id[slash..]}";
    }

    /// <summary>Gives an activity's waiting tasks to the workers whose requests are open.</summary>
    private void Offer(string activity)
    {
        while (_activities.OpenPoll(activity) is { } poll && _executions.TakeActivityTask(activity, poll.Worker) is { } task)
        {
            _activities.AnswerPoll(poll, task);
        }
    }

    private void Break(string id, string reason)
    {
        if (Find(id) is { } task)
        {
            _executions.Break(task.Execution, reason);
        }
    }

    /// <summary>The open requests of workers are answered with no task, and the workers ask again.</summary>
    private void BreakOffer(string activity)
    {
        while (_activities.OpenPoll(activity) is { } poll)
        {
            _activities.EndPoll(poll.Id);
        }
    }

    /// <summary>
    /// Whether a client from outside is to answer a task: that of an activity, and one whose token goes neither to a function whose code
    /// runs here nor to an execution, since these bring the token to its answer themselves.
    /// </summary>
    private bool IsForClients(CalledTask task)
    {
        var resource = TaskResource.Parse(task.Resource)!;
        return resource.Kind == TaskKind.Activity
            || resource is { Pattern: TaskPattern.WaitForTaskToken, Type: not "states" }
                && !(resource.Type == "lambda" && Text(Parameters(task), "FunctionName") is { } function && _lambda.RunsCode(function));
    }

    private void Make(string id)
    {
        if (Find(id) is not { } task || !_executions.Answer(id, (i, key) => i.TaskStarted(key)))
        {
            return;
        }

        var resource = TaskResource.Parse(task.Resource)!;
        var service = ServiceName(resource);
        try
        {
            var principal = Assumed(task);
            var region = StatesArn.Region(task.Execution);
            if (_world.Api.IsAnswerLost(SigningName(resource), Operation(resource)))
            {
                task = task with { AnswerIsLost = true };
                _calls.Put(id, task);
            }

            switch (resource.Type)
            {
                case "lambda":
                    CallFunction(task, resource, principal, region);
                    break;
                case "states":
                    StartExecution(task, resource, principal);
                    break;
                case SdkLambda when resource.Action == "invoke" && IsSynchronous(task):
                    CallFunction(task, resource, principal, region);
                    break;
                default:
                    Answered(task, CallSdk(task, resource, principal, region));
                    break;
            }
        }
        catch (ConnectionLostException)
        {
            Lost(task);
        }
        catch (ApiException e)
        {
            Refused(task, resource, service, e.Code, e.Message, e.Status);
        }
        catch (AmazonServiceException e)
        {
            Refused(task, resource, service, e.ErrorCode ?? e.GetType().Name, e.Message, (int)e.StatusCode);
        }
        catch (Exception e)
        {
            Failed(id, resource.Arn, task.Execution, e);
        }
    }

    /// <summary>The task ends with the rehearsal's own failure; whatever else is under way goes on.</summary>
    private void Failed(string id, string resource, string execution, Exception exception)
    {
        _world.Report($"{resource} of {execution} failed", exception);
        _executions.Answer(
            id,
            (i, key) => i.CallFailed(key, Executions.RehearsalFailed, $"The rehearsal failed at {resource}: {exception.Message}")
        );
    }

    private static bool IsSynchronous(CalledTask task) => Text(Parameters(task), "InvocationType") is null or "RequestResponse";

    private Principal Assumed(CalledTask task)
    {
        var execution = _executions.Get(task.Execution);
        var role = execution.RoleArn;
        var own = Principal.AssumedRole(StatesArn.Account(role), role[(role.LastIndexOf('/') + 1)..], "states-" + _world.Random.HexId(16));
        if (task.RoleArn is null)
        {
            return own;
        }

        var credentials = _roles.Assume(own, task.RoleArn, own.Session!);
        return _sessions.Identify(credentials.AccessKeyId, credentials.SessionToken);
    }

    private void CallFunction(CalledTask task, TaskResource resource, Principal principal, string region)
    {
        var parameters = Parameters(task);
        var function =
            resource.Kind == TaskKind.Lambda
                ? resource.Arn
                : Text(parameters, "FunctionName") ?? throw new ApiException("InvalidParameterValueException", "FunctionName is missing");
        var payload =
            resource.Kind == TaskKind.Lambda ? task.Parameters
            : StateData.TryString(parameters["Payload"], out var text) ? text // A text is sent as it is, not as a JSON string.
            : parameters.ContainsKey("Payload") ? StateData.Text(parameters["Payload"])
            : "{}";
        _lambda.Invoke(
            new LambdaInvocation(principal, region, function, payload)
            {
                Qualifier = resource.Kind == TaskKind.Lambda ? null : Text(parameters, "Qualifier"),
                ClientContext = resource.Kind == TaskKind.Lambda ? null : Text(parameters, "ClientContext"),
            },
            LambdaKind,
            task.Id
        );
        _world.AwaitAnswer(Caller(task.Id), LambdaKind);
    }

    private void Returned(string id, LambdaResult result)
    {
        _world.Answered(Caller(id));
        if (Find(id) is not { } task)
        {
            return;
        }

        try
        {
            Returned(id, task, result);
        }
        catch (Exception e)
        {
            // Nothing else would end the task.
            Failed(id, task.Resource, task.Execution, e);
        }
    }

    private void Returned(string id, CalledTask task, LambdaResult result)
    {
        if (result.ServiceError is { } error)
        {
            Refused(task, TaskResource.Parse(task.Resource)!, "Lambda", error.Code, error.Message, error.Status);
        }
        else if (task.AnswerIsLost)
        {
            Lost(task);
        }
        else if (TaskResource.Parse(task.Resource)!.Type == SdkLambda)
        {
            var answer = new JsonObject
            {
                ["ExecutedVersion"] = result.ExecutedVersion,
                ["Payload"] = result.Payload,
                ["StatusCode"] = 200,
            };
            if (result.FunctionError is { } functionError)
            {
                answer["FunctionError"] = functionError;
            }

            Answered(task, answer);
        }
        else if (result.FunctionError is not null)
        {
            var type = StateData.Parse(result.Payload) is JsonObject document ? Text(document, "errorType") : null;
            _executions.Answer(id, (i, key) => i.CallFailed(key, type ?? "Lambda.Unknown", result.Payload));
        }
        else if (TaskResource.Parse(task.Resource)!.Kind == TaskKind.Lambda)
        {
            _executions.Answer(id, (i, key) => i.CallSucceeded(key, Answer(result)));
        }
        else
        {
            var answer = Sdk(result.RequestId);
            answer["ExecutedVersion"] = result.ExecutedVersion;
            answer["Payload"] = StateData.Parse(Answer(result));
            answer["StatusCode"] = 200;
            Answered(task, answer);
        }
    }

    /// <summary>
    /// What a function returned, as JSON: one that returns nothing answers no text at all, which is null to the execution.
    /// </summary>
    private static string Answer(LambdaResult result) => result.Payload.Length == 0 ? "null" : result.Payload;

    /// <summary>Starts an execution for a task; a job waits for its end. Called under the judgement of StartExecution.</summary>
    private void StartExecution(CalledTask task, TaskResource resource, Principal principal)
    {
        var parameters = Parameters(task);
        var arn = Text(parameters, "StateMachineArn") ?? throw new ApiException("ValidationException", "StateMachineArn is missing");
        var call = _world.Api.CallAs(principal, StatesArn.Region(task.Execution), "states", "StartExecution");
        _world.Api.Authorize(call, [arn]);
        var input = parameters["Input"];
        var json =
            input is null ? new JsonObject()
            : StateData.TryString(input, out var text) ? ExecutionShapes.Input(text)
            : input;
        var started = _executions.Start(
            _machines.Get(arn),
            Text(parameters, "Name"),
            json,
            resource.Pattern == TaskPattern.RunJob ? task.Id : null
        );
        var answer = Sdk(call.RequestId);
        answer["ExecutionArn"] = started.Arn;
        answer["StartDate"] = ExecutionShapes.Seconds(started.StartedAt);
        Answered(task, answer);
    }

    private void Finish(CalledTask task, string executionArn)
    {
        var execution = _executions.Get(executionArn);
        var described = ExecutionShapes.Described(
            execution,
            _executions.WhyNotRedrivable(execution),
            parsed: task.Resource.EndsWith(":2", StringComparison.Ordinal)
        );
        _executions.Answer(
            task.Id,
            (i, key) =>
                execution.Status == ExecutionStatus.Succeeded
                    ? i.TaskSucceeded(key, StateData.Text(described))
                    : i.TaskFailed(key, ErrorNames.TaskFailed, StateData.Text(described))
        );
    }

    private JsonNode? CallSdk(CalledTask task, TaskResource resource, Principal principal, string region)
    {
        using var document = DeepJson.Document(task.Parameters);
        return DeepJson.Node(
            _world.Api.InvokeDocument(principal, region, SigningName(resource), Operation(resource), document.RootElement).GetRawText()
        );
    }

    private void Answered(CalledTask task, JsonNode? output)
    {
        if (task.AnswerIsLost)
        {
            Lost(task);
            return;
        }

        _executions.Answer(task.Id, (i, key) => i.CallSucceeded(key, StateData.Text(output)));
    }

    /// <summary>No answer came.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception</remarks>
    private void Lost(CalledTask task)
    {
        var resource = TaskResource.Parse(task.Resource)!;
        var service = ServiceName(resource);
        _executions.Answer(
            task.Id,
            (i, key) => i.CallFailed(key, $"{service}.SdkClientException", "Unable to execute HTTP request: the connection was lost")
        );
    }

    private static string SigningName(TaskResource resource) =>
        resource.Type is "lambda" or "states"
            ? resource.Type
            : SimulatedIntegrations.SigningName(resource) ?? throw new InvalidOperationException($"{resource.Arn} is not simulated");

    private static string Operation(TaskResource resource) =>
        resource.Kind == TaskKind.Lambda ? "Invoke" : char.ToUpperInvariant(resource.Action[0]) + resource.Action[1..];

    private void Refused(CalledTask task, TaskResource resource, string service, string code, string message, int status)
    {
        // A refusal by IAM has no exception type of its own in the services' SDKs.
        var type =
            code is "AccessDenied" or "AccessDeniedException" && service == "Lambda" ? "AWSLambdaException"
            : code.EndsWith("Exception", StringComparison.Ordinal) ? code
            : code + "Exception";
        var requestId = _world.Random.Uuid();
        var cause =
            resource.Type == "states"
                ? $"{message} (Service: AWSStepFunctions; Status Code: {status}; Error Code: {code}; Request ID: {requestId}; Proxy: null)"
                : $"{message} (Service: {service}, Status Code: {status}, Request ID: {requestId}) (SDK Attempt Count: 1)";
        _executions.Answer(task.Id, (i, key) => i.CallFailed(key, $"{service}.{type}", cause));
    }

    /// <summary>The service's name in error names: <c>Sfn</c>, <c>CloudFormation</c>, <c>StepFunctions</c>.</summary>
    private static string ServiceName(TaskResource resource) =>
        resource.Type switch
        {
            _ when resource.Kind == TaskKind.Lambda => "Lambda",
            "lambda" => "Lambda",
            "states" => "StepFunctions",
            "aws-sdk:autoscaling" => "AutoScaling",
            "aws-sdk:cloudformation" => "CloudFormation",
            "aws-sdk:cloudwatchlogs" => "CloudWatchLogs",
            "aws-sdk:codebuild" => "CodeBuild",
            "aws-sdk:codedeploy" => "CodeDeploy",
            "aws-sdk:codepipeline" => "CodePipeline",
            "aws-sdk:eventbridge" => "EventBridge",
            "aws-sdk:resourcegroupstaggingapi" => "ResourceGroupsTaggingApi",
            var type => char.ToUpperInvariant(type[SimulatedIntegrations.Sdk.Length]) + type[(SimulatedIntegrations.Sdk.Length + 1)..],
        };

    /// <summary>What the optimised integrations add to every answer.</summary>
    private static JsonObject Sdk(string requestId) =>
        new()
        {
            ["SdkHttpMetadata"] = new JsonObject
            {
                ["AllHttpHeaders"] = new JsonObject { ["x-amzn-RequestId"] = new JsonArray(requestId) },
                ["HttpHeaders"] = new JsonObject { ["x-amzn-RequestId"] = requestId },
                ["HttpStatusCode"] = 200,
            },
            ["SdkResponseMetadata"] = new JsonObject { ["RequestId"] = requestId },
        };

    private static JsonObject Parameters(CalledTask task) => StateData.Parse(task.Parameters) as JsonObject ?? [];

    private static string? Text(JsonObject from, string field) => StateData.TryString(from[field], out var text) ? text : null;

    private sealed record JobEnd(string Task, string Execution);
}
