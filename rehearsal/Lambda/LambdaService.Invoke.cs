using System.Text;
using System.Text.Json;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda;

/// <content>Invocations that come over the wire.</content>
public sealed partial class LambdaService
{
    private const string WireKind = "lambda/wire";

    // A connection does not outlive the process, so neither does who waits on it.
    private readonly Dictionary<string, TaskCompletionSource<LambdaResult>> _waiting = new(StringComparer.Ordinal);

    private void AddInvocation()
    {
        // The function's own policy counts too: the judgement is in the handler.
        OnLater<InvokeRequest, InvokeResponse>("Invoke", InvokeAsync, (_, _) => [], "lambda:InvokeFunction");
        _invoker.OnResult(
            WireKind,
            (key, result) =>
            {
                if (_waiting.Remove(key, out var waiting))
                {
                    waiting.SetResult(result);
                }
            }
        );
    }

    private Task<InvokeResponse> InvokeAsync(Call call, InvokeRequest request)
    {
        Refuse("durable executions", request.DurableExecutionName is not null);
        Refuse("tenants", request.TenantId is not null);
        var reference = Reference(call, request.FunctionName, request.Qualifier);
        var function = _functions.Get(reference);
        _world.Api.Check(call, [reference.QualifiedArn], "lambda:InvokeFunction", _policies.Find(function), owner: reference.Account);
        var payload = Payload(request);
        if (request.InvocationType == InvocationType.DryRun)
        {
            _versions.Resolve(function, reference.Qualifier);
            return Task.FromResult(new InvokeResponse { StatusCode = 204 });
        }

        if (request.InvocationType == InvocationType.Event)
        {
            _invoker.Enqueue(reference, function, call.RequestId, payload);
            return Task.FromResult(new InvokeResponse { StatusCode = 202 });
        }

        _invoker.Begin(reference, call.RequestId, payload, WireKind, call.RequestId, request.ClientContextBase64);
        var waiting = new TaskCompletionSource<LambdaResult>(); // Goes on in the world's moment that completes it.
        _waiting.Add(call.RequestId, waiting);
        return AnswerAsync(waiting.Task, withLog: request.LogType == LogType.Tail);
    }

    private static async Task<InvokeResponse> AnswerAsync(Task<LambdaResult> running, bool withLog)
    {
        var result = await running;
        if (result.ServiceError is { } error)
        {
            throw new ApiException(error.Code, error.Message, error.Status);
        }

        return new InvokeResponse
        {
            StatusCode = 200,
            ExecutedVersion = result.ExecutedVersion,
            FunctionError = result.FunctionError,
            Payload = new MemoryStream(Encoding.UTF8.GetBytes(result.Payload)),
            LogResult = withLog ? Convert.ToBase64String(Encoding.UTF8.GetBytes(result.LogTail)) : null,
        };
    }

    private static string Payload(InvokeRequest request)
    {
        var text = request.PayloadStream is { Length: > 0 } stream ? Encoding.UTF8.GetString(stream.ToArray()) : "{}";
        try
        {
            using var document = DeepJson.Document(text);
            return text;
        }
        catch (JsonException fault)
        {
            var problem = DeepJson.IsTooDeep(text)
                ? $"nested deeper than {DeepJson.MaxDepth}, more than the rehearsal takes"
                : fault.Message;
            throw new ApiException("InvalidRequestContentException", $"Could not parse request body into json: {problem}");
        }
    }
}
