using System.Text.Json;
using System.Xml.Linq;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>The door to the world: finds who calls and which service is meant, and hands the request to the world's thread.</summary>
public sealed class Gateway(RehearsalWorld world) : IWireEndpoint
{
    private static readonly Principal Anonymous = new("000000000000", "anonymous", PrincipalKind.Anonymous);

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
            var scope = CredentialScope.Read(request);
            var name = scope?.Service ?? "s3";
            var service =
                world.Api.Find(name)
                ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not simulate the service '{name}'.", 404);
            var principal = scope is null ? Anonymous : world.Api.Identify(scope.AccessKey, Token(request));
            return service.Handle(
                new Call(world, principal, principal.Account, scope?.Region ?? "us-east-1", name, string.Empty, requestId),
                request
            );
        }
        catch (ApiException error)
        {
            return Refusal(error, request, requestId);
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
