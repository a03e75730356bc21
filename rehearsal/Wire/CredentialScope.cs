namespace Deployer.Rehearsal.Wire;

/// <summary>What a signed request says about itself: access key, region and service. <see cref="SignedRequests"/> verifies it.</summary>
public sealed record CredentialScope(string AccessKey, string Region, string Service)
{
    private const string CredentialField = "Credential=";

    /// <summary>What was signed for, as signed: date, region, service and <c>aws4_request</c>.</summary>
    public string Text { get; private init; } = string.Empty;

    /// <summary>
    /// Reads the scope of a SigV4 <c>Authorization</c> header or of a presigned query; <see langword="null"/> when there is none.
    /// </summary>
    public static CredentialScope? Read(WireRequest request)
    {
        var authorization = request.Header("Authorization");
        if (authorization is not null)
        {
            var at = authorization.IndexOf(CredentialField, StringComparison.Ordinal);
            return at < 0 ? null : Parse(authorization[(at + CredentialField.Length)..].Split([',', ' '], 2)[0]);
        }

        foreach (var pair in request.Query.Split('&'))
        {
            if (pair.StartsWith("X-Amz-Credential=", StringComparison.Ordinal))
            {
                return Parse(Uri.UnescapeDataString(pair["X-Amz-Credential=".Length..]));
            }
        }

        return null;
    }

    private static CredentialScope? Parse(string credential)
    {
        var parts = credential.Split('/');
        return parts.Length == 5 ? new CredentialScope(parts[0], parts[2], parts[3]) { Text = string.Join('/', parts[1..]) } : null;
    }
}
