using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Cognito identity header: <c>{"cognitoIdentityId": …, "cognitoIdentityPoolId": …}</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</remarks>
internal sealed class CognitoIdentity(string? identityId, string? identityPoolId) : ICognitoIdentity
{
    public string? IdentityId => identityId;

    public string? IdentityPoolId => identityPoolId;

    public static CognitoIdentity? Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return new CognitoIdentity(Text(document.RootElement, "cognitoIdentityId"), Text(document.RootElement, "cognitoIdentityPoolId"));
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var member) ? member.GetString() : null;
}
