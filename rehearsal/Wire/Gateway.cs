using System.Globalization;
using System.Text;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>The door to the world: finds who calls and which service is meant, and hands the request to the world's thread.</summary>
public sealed class Gateway(RehearsalWorld world) : IWireEndpoint
{
    /// <summary>Only S3 takes requests that are not signed.</summary>
    private const string AnonymousService = "s3";

    private static readonly Principal Anonymous = new("000000000000", "anonymous", PrincipalKind.Anonymous);

    /// <inheritdoc/>
    /// <exception cref="RequestAbandonedException">There is no answer: the client's time is over, or the world has ended.</exception>
    public async Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default)
    {
        var scope = CredentialScope.Read(request);
        var heard = new TaskCompletionSource<Task<WireResponse>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource();
        await using var registration = disconnected.Register(gone.SetResult);
        world.Hear(() =>
        {
            var key = scope is null ? null : world.Api.Authenticator?.ActorKey(scope.AccessKey);
            if (key is not null && world.IsActors(key))
            {
                world.Request(key, Timed(request, scope, key, clientDisconnected: null, heard) with { SenderGone = gone.Task });
            }
            else if (world.IsServing)
            {
                world.RequestOfClient(Timed(request, scope, actorKey: null, disconnected, heard), disconnected);
            }
            else
            {
                heard.SetResult(null);
            }
        });
        return await (await heard.Task ?? AnswerOutsider(request, scope));
    }

    /// <summary>
    /// A request that is no actor's in a world that does not serve is outside of time: it has its effect at once, in the standing moment,
    /// and takes no simulated time. So a command line that looks at what a rehearsal left changes nothing in it.
    /// </summary>
    private async Task<WireResponse> AnswerOutsider(WireRequest request, CredentialScope? scope)
    {
        var response = await world.Do(() => Route(request, scope, actorKey: null, clientDisconnected: null, connection: null));
        if (response.Later is { } later)
        {
            await world.RunUntil(() => later.IsCompleted);
            response = await later;
        }

        return await world.Do(() => Dated(response, world.Now));
    }

    /// <summary>An answer says when it was made, as each of AWS's does: clients take the time from it whose own clock is wrong.</summary>
    /// <remarks>https://datatracker.ietf.org/doc/html/rfc9110#name-date</remarks>
    private static WireResponse Dated(WireResponse response, DateTimeOffset now) =>
        response with
        {
            Headers = new Dictionary<string, string>(response.Headers) { ["Date"] = now.ToString("R", CultureInfo.InvariantCulture) },
        };

    private static async Task<WireResponse> Dated(Task<WireResponse> response, DateTimeOffset now) => Dated(await response, now);

    /// <summary>A request that arrives and is answered at moments of its own.</summary>
    private ActorRequest Timed(
        WireRequest request,
        CredentialScope? scope,
        string? actorKey,
        CancellationToken? clientDisconnected,
        TaskCompletionSource<Task<WireResponse>?> answer
    )
    {
        Task<WireResponse>? routed = null;
        var connection = new Connection();
        return new ActorRequest(
            $"{scope?.Service ?? AnonymousService} {Operation(request)}",
            clientDisconnected is null ? Attempt(request) : 1,
            () =>
            {
                Task? later = null;
                try
                {
                    var response = Route(request, scope, actorKey, clientDisconnected, connection);
                    routed = response.Later ?? Task.FromResult(response);
                    later = response.Later;
                }
                catch (ConnectionLostException)
                {
                    connection.IsLost = true;
                }

                return later;
            },
            () =>
            {
                if (connection.IsLost)
                {
                    Abandon();
                }
                else
                {
                    answer.TrySetResult(routed is null ? null : Dated(routed, world.Now));
                }
            },
            Abandon
        )
        {
            IsLost = () => connection.IsLost,
            Invocation = request.Header("amz-sdk-invocation-id"),
        };

        void Abandon() => answer.TrySetException(new RequestAbandonedException());
    }

    /// <summary>
    /// What reports call a request before its service has read it: its operation, or where the protocol has none, method and path.
    /// </summary>
    internal static string Operation(WireRequest request)
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

    private WireResponse Route(
        WireRequest request,
        CredentialScope? scope,
        string? actorKey,
        CancellationToken? clientDisconnected,
        Connection? connection
    )
    {
        var requestId = world.Random.Uuid();
        try
        {
            var name = scope?.Service ?? AnonymousService;
            var service =
                world.Api.Find(name)
                ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not simulate the service '{name}'.", 404);
            var principal = scope is null ? Anonymous : world.Api.Identify(scope.AccessKey, Token(request));
            return service.Handle(
                new Call(world, principal, principal.Account, scope?.Region ?? "us-east-1", name, string.Empty, requestId)
                {
                    ActorKey = actorKey,
                    ClientDisconnected = clientDisconnected,
                    Connection = connection,
                },
                request
            );
        }
        catch (ApiException error)
        {
            return Refusals.Write(error, request, requestId);
        }
        catch (Exception error) when (error is not ConnectionLostException)
        {
            // A failure of the rehearsal ends the request that met it, as AWS ends one that meets a failure of a service.
            world.Report($"{scope?.Service} {Operation(request)} failed", error);
            var failure = new ApiException("InternalFailure", $"The rehearsal failed: {error.Message}", 500);
            return Refusals.Write(failure, request, requestId);
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
}
