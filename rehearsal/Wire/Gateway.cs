using System.Text;
using System.Text.Json;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>The door to the world: finds who calls and which service is meant, and hands the request to the world's thread.</summary>
public sealed class Gateway(RehearsalWorld world) : IWireEndpoint
{
    private static readonly Principal Anonymous = new("000000000000", "anonymous", PrincipalKind.Anonymous);
    private readonly Sessions _sessions = new(world);

    /// <inheritdoc/>
    public async Task<WireResponse> Answer(WireRequest request)
    {
        var response = await world.Do(() => Route(request));
        if (response.Later is null)
        {
            return response;
        }

        await world.Do(world.ActorBlocks);
        try
        {
            return await response.Later;
        }
        finally
        {
            await world.Do(world.ActorResumes);
        }
    }

    private WireResponse Route(WireRequest request)
    {
        var requestId = world.Random.Uuid();
        try
        {
            var scope = CredentialScope.Of(request);
            var name = scope?.Service ?? "s3";
            var service = world.Api.Find(name)
                ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not play the service '{name}'.", 404);
            var principal = scope is null ? Anonymous : _sessions.Identify(scope.AccessKey, Token(request));
            return service.Handle(new Call(world, principal, principal.Account, scope?.Region ?? "us-east-1", name, string.Empty, requestId), request);
        }
        catch (ApiException error)
        {
            return Refusal(error, requestId);
        }
    }

    private static string? Token(WireRequest request)
    {
        if (request.Header("X-Amz-Security-Token") is { } token)
        {
            return token;
        }

        const string field = "X-Amz-Security-Token=";
        var pair = Array.Find(request.Query.Split('&'), pair => pair.StartsWith(field, StringComparison.Ordinal));
        return pair is null ? null : Uri.UnescapeDataString(pair[field.Length..]);
    }

    /// <summary>An error from before any service was reached, readable by clients of both families of protocols.</summary>
    private static WireResponse Refusal(ApiException error, string requestId)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message });
        return new WireResponse(
            error.Status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Content-Type"] = "application/x-amz-json-1.1",
                ["x-amzn-RequestId"] = requestId,
                ["x-amzn-ErrorType"] = error.Code,
            },
            Encoding.UTF8.GetBytes(body));
    }
}
