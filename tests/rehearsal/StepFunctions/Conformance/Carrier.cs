using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

/// <summary>Simulates what a case's <c>carrier</c>, <c>lambdas</c> and <c>children</c> say in words.</summary>
internal sealed partial class Carrier
{
    private const string Worker = "BASE_ID_ACTIVITY_CONSUMER";

    private readonly string _words;
    private readonly JsonObject _lambdas;
    private readonly JsonObject _children;

    public Carrier(JsonObject recorded)
    {
        _words = recorded["carrier"]?.GetValue<string>() ?? "";
        _lambdas = recorded["lambdas"] as JsonObject ?? [];
        _children = recorded["children"] as JsonObject ?? [];
    }

    public bool ActivityExists => !_words.Contains("was deleted before");

    public void Invoke(TaskCall call)
    {
        var resource = call.Task.Resource;
        if (resource.Kind == TaskKind.Activity)
        {
            call.Started(_words.Contains("without a worker name") ? null : Worker);
            Respond(call, call.Parameters);
            return;
        }

        call.Started();
        switch (resource.Type)
        {
            case "lambda":
                Lambda(call);
                break;
            case "sqs" or "sns":
                call.Answered(
                    resource.Type == "sqs"
                        ? new JsonObject { ["MD5OfMessageBody"] = "md5", ["MessageId"] = "id" }
                        : new JsonObject { ["MessageId"] = "id" }
                );
                Respond(call, call.Parameters?["MessageBody"] ?? call.Parameters?["Message"]);
                break;
            case "states" or "aws-sdk:sfn" when resource.Action == "startExecution":
                StartExecution(call, resource);
                break;
            case "aws-sdk:sfn":
                call.Refused(
                    "Sfn.InvalidTokenException",
                    "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)"
                );
                break;
            default:
                throw new NotSupportedException(resource.Arn);
        }
    }

    /// <summary>The reader of the message answers its token.</summary>
    private void Respond(TaskCall call, JsonNode? message)
    {
        var token = StateData.TryString(message?["TaskToken"], out var given) ? given : call.Task.Token;
        if (token is null || _words.Contains("answers nothing") || _words.Contains("nobody can answer") || _words.Contains("never answers"))
        {
            return;
        }

        var delay = TimeSpan.FromSeconds(1);
        if (_words.Contains("SendTaskHeartbeat"))
        {
            for (var i = 0; i < (_words.Contains("ten SendTaskHeartbeat") ? 10 : 1); i++)
            {
                call.World.After(TimeSpan.FromSeconds(2), () => call.World.Answer(token, (x, key) => x.TaskHeartbeat(key)).ShouldBeTrue());
            }

            delay = TimeSpan.FromSeconds(4);
        }

        call.World.After(delay, () => call.World.Answer(token, (x, key) => Answer(x, key, message)).ShouldBeTrue());
    }

    private bool Answer(ExecutionInterpreter interpreter, string key, JsonNode? message)
    {
        if (_words.Contains("SendTaskFailure"))
        {
            var cause = _words.Contains("cause = the task's input") ? StateData.Text(message) : Cause().Match(_words).Groups["cause"].Value;
            return _words.Contains("without error")
                ? interpreter.TaskFailed(key, null, null)
                : interpreter.TaskFailed(key, Error().Match(_words).Groups["error"].Value, cause);
        }

        var output =
            _words.Contains("the message's field Message") ? message!["Message"]
            : _words.Contains("the JSON text \"SQS_SEND_MESSAGE_AND_WAIT\"") ? "SQS_SEND_MESSAGE_AND_WAIT"
            : LiteralOutput().Match(_words) is { Success: true } literal ? JsonNode.Parse(literal.Groups["json"].Value)
            : message;
        return interpreter.TaskSucceeded(key, StateData.Text(output));
    }

    private void Lambda(TaskCall call)
    {
        var service = call.Task.Resource.Kind == TaskKind.Service;
        var name = (service ? call.Parameters!["FunctionName"]!.GetValue<string>() : call.Task.Resource.Arn).Split(':')[^1];
        var payload = service ? call.Parameters!["Payload"] : call.Parameters;
        if (service && StateData.TryString(payload, out var text))
        {
            payload = JsonNode.Parse(text); // A text is sent as it is, not as a JSON string.
        }

        var function = _lambdas.First(l => l.Key.EndsWith(":" + name) || l.Key == name).Value!;
        switch (function["kind"]!.GetValue<string>())
        {
            case "echo":
                Returned(call, service, payload);
                break;
            case "constant":
                Returned(call, service, JsonNode.Parse(function["value"]!.GetValue<string>()));
                break;
            case "large_output":
                Returned(call, service, new string('a', 263_168));
                break;
            case "raise":
                var error = function["errorType"]!.GetValue<string>();
                call.Refused(
                    error,
                    StateData.Text(new JsonObject { ["errorMessage"] = function["errorMessage"]!.DeepClone(), ["errorType"] = error })
                );
                break;
            case "sleep":
                call.World.After(TimeSpan.FromSeconds(60), () => Returned(call, service, payload));
                break;
            case var other:
                throw new NotSupportedException(other);
        }
    }

    private static void Returned(TaskCall call, bool service, JsonNode? result) =>
        call.Answered(
            !service
                ? result
                : new JsonObject
                {
                    ["ExecutedVersion"] = "$LATEST",
                    ["Payload"] = result?.DeepClone(),
                    ["StatusCode"] = 200,
                }
        );

    private void StartExecution(TaskCall call, TaskResource resource)
    {
        var arn = call.Parameters!["StateMachineArn"]!.GetValue<string>();
        if (_children[arn] is not { } child)
        {
            call.Refused(
                "StepFunctions.StateMachineDoesNotExistException",
                $"State Machine Does Not Exist: '{arn}' (Service: AWSStepFunctions; Status Code: 400; Error Code: "
                    + "StateMachineDoesNotExist; Request ID: id; Proxy: null)"
            );
            return;
        }

        var name = call.Parameters["Name"]?.GetValue<string>() ?? "generated";
        var input = call.Parameters["Input"];
        var text =
            StateData.TryString(input, out var given) ? given
            : input is null ? "{}"
            : StateData.Text(input);
        var started = call.World.Start(arn, child["definition"]!, JsonNode.Parse(text), name);
        call.Answered(new JsonObject { ["ExecutionArn"] = started, ["StartDate"] = "date" });
        if (resource.Pattern == TaskPattern.RunJob)
        {
            Await(call, started, text, parsed: resource.Name.EndsWith(":2"));
        }
    }

    private void Await(TaskCall call, string started, string input, bool parsed) =>
        call.World.After(
            TimeSpan.FromSeconds(1),
            () =>
            {
                var state = call.World[started].State;
                if (state.Status == ExecutionStatus.Running)
                {
                    Await(call, started, input, parsed);
                    return;
                }

                var succeeded = state.Status == ExecutionStatus.Succeeded;
                var described = new JsonObject
                {
                    ["ExecutionArn"] = started,
                    ["Input"] = parsed ? JsonNode.Parse(input) : input,
                    ["InputDetails"] = new JsonObject { ["Included"] = true },
                    ["Name"] = state.Name,
                    ["RedriveCount"] = 0,
                    ["RedriveStatus"] = succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE",
                    ["StartDate"] = 1,
                    ["StateMachineArn"] = state.MachineArn,
                    ["Status"] = succeeded ? "SUCCEEDED" : "FAILED",
                    ["StopDate"] = 2,
                };
                if (succeeded)
                {
                    described["Output"] = parsed ? JsonNode.Parse(state.Output!) : state.Output;
                    described["OutputDetails"] = new JsonObject { ["Included"] = true };
                    described["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven";
                    call.World.Call(call.Execution, i => i.TaskSucceeded(call.Task.Key, StateData.Text(described)));
                    return;
                }

                described["Error"] = state.Error;
                if (!string.IsNullOrEmpty(state.Cause))
                {
                    described["Cause"] = state.Cause;
                }

                call.World.Call(call.Execution, i => i.TaskFailed(call.Task.Key, "States.TaskFailed", StateData.Text(described)));
            }
        );

    [GeneratedRegex("error \"(?<error>[^\"]*)\"")]
    private static partial Regex Error();

    [GeneratedRegex("cause \"(?<cause>[^\"]*)\"")]
    private static partial Regex Cause();

    [GeneratedRegex(@"output (?<json>\{.*\})$")]
    private static partial Regex LiteralOutput();
}
