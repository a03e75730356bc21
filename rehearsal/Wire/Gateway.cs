using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>The door to the world: finds who calls and which service is meant, and hands the request to the world's thread.</summary>
public sealed class Gateway(RehearsalWorld world) : IWireEndpoint
{
    private static readonly Principal Anonymous = new("000000000000", "anonymous", PrincipalKind.Anonymous);

    /// <inheritdoc/>
    /// <exception cref="RequestAbandonedException">There is no answer: the client's time is over, or the world has ended.</exception>
    public async Task<WireResponse> Answer(WireRequest request)
    {
        var scope = CredentialScope.Read(request);
        var heard = new TaskCompletionSource<Task<WireResponse>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Hear(() =>
        {
            var key = scope is null ? null : world.Api.Authenticator?.ActorKey(scope.AccessKey);
            if (key is not null && world.IsActors(key))
            {
                Take(request, scope!, key, heard);
            }
            else
            {
                heard.SetResult(null);
            }
        });
        return await (await heard.Task ?? AnswerOutsider(request, scope));
    }

    /// <summary>
    /// A request that is no actor's is outside of time: it has its effect at once, in the standing moment, and takes no simulated time. So
    /// a
    /// command line that looks at what a rehearsal left changes nothing in it.
    /// </summary>
    private async Task<WireResponse> AnswerOutsider(WireRequest request, CredentialScope? scope)
    {
        var response = await world.Do(() => Route(request, scope, actorKey: null));
        if (response.Later is not { } later)
        {
            return response;
        }

        await world.RunUntil(() => later.IsCompleted);
        return await later;
    }

    /// <summary>A request of an actor arrives and is answered at moments of its own.</summary>
    private void Take(WireRequest request, CredentialScope scope, string key, TaskCompletionSource<Task<WireResponse>?> answer)
    {
        Task<WireResponse>? routed = null;
        world.Request(
            key,
            new ActorRequest(
                $"{scope.Service} {Operation(request)}",
                Attempt(request),
                () =>
                {
                    var response = Route(request, scope, key);
                    routed = response.Later ?? Task.FromResult(response);
                    return response.Later;
                },
                () => answer.TrySetResult(routed),
                () => answer.TrySetException(new RequestAbandonedException())
            )
        );
    }

    /// <summary>
    /// What reports call a request before its service has read it: its operation, or where the protocol has none, method and path.
    /// </summary>
    private static string Operation(WireRequest request)
    {
        if (request.Header("X-Amz-Target") is { } target)
        {
            return target[(target.LastIndexOf('.') + 1)..];
        }

        const string Action = "Action=";
        var isForm = request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        var fields = isForm == true ? Encoding.UTF8.GetString(request.Body.Span).Split('&') : [];
        return Array.Find(fields, field => field.StartsWith(Action, StringComparison.Ordinal)) is { } named
            ? named[Action.Length..]
            : $"{request.Method} {request.Path}";
    }

    /// <summary>Which attempt of its client a request is, as SDKs say it: <c>attempt=2; max=3</c>.</summary>
    private static int Attempt(WireRequest request)
    {
        var said = request.Header("amz-sdk-request")?.Split(';')[0].Split('=');
        return said is ["attempt", var number] && int.TryParse(number, out var attempt) ? attempt : 1;
    }

    private WireResponse Route(WireRequest request, CredentialScope? scope, string? actorKey)
    {
        var requestId = world.Random.Uuid();
        try
        {
            var name = scope?.Service ?? "s3";
            var service =
                world.Api.Find(name)
                ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not simulate the service '{name}'.", 404);
            var principal = scope is null ? Anonymous : world.Api.Identify(scope.AccessKey, Token(request));
            return service.Handle(
                new Call(world, principal, principal.Account, scope?.Region ?? "us-east-1", name, string.Empty, requestId)
                {
                    ActorKey = actorKey,
                },
                request
            );
        }
        catch (ApiException error)
        {
            return Refusal(error, request, requestId);
        }
        catch (Exception error)
        {
            // A failure of the rehearsal ends the request that met it, as AWS ends one that meets a failure of a service.
            world.Report($"{scope?.Service} {Operation(request)} failed", error);
            return Refusal(new ApiException("InternalFailure", $"The rehearsal failed: {error.Message}", 500), request, requestId);
        }
    }

    private static string? Token(WireRequest request)
    {
        if (request.Header("X-Amz-Security-Token") is { } token)
        {
            return token;
        }

        const string Field = "X-Amz-Security-Token=";
        var pair = Array.Find(request.Query.Split('&'), pair => pair.StartsWith(Field, StringComparison.Ordinal));
        return pair is null ? null : Uri.UnescapeDataString(pair[Field.Length..]);
    }

    /// <summary>An error from before any service was reached, in the form that the request's family of protocols reads.</summary>
    private static WireResponse Refusal(ApiException error, WireRequest request, string requestId)
    {
        var xml =
            request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        var body = xml
            ? XmlBody.Write(
                new XElement(
                    "ErrorResponse",
                    new XElement(
                        "Error",
                        new XElement("Type", "Sender"),
                        new XElement("Code", error.Code),
                        new XElement("Message", error.Message)
                    ),
                    new XElement("RequestId", requestId)
                ),
                declaration: false
            )
            : JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message });
        return new WireResponse(
            error.Status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Content-Type"] = xml ? "text/xml" : "application/x-amz-json-1.1",
                ["x-amzn-RequestId"] = requestId,
                ["x-amzn-ErrorType"] = error.Code,
            },
            body
        );
    }
}
