using System.Security.Cryptography;
using System.Text;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// Lets through what is signed with the secret of its access key, as AWS asks of every client (Signature Version 4, in the header or in a
/// presigned address). So only who was given the secret of this run gets in: a web page that reaches the port cannot sign.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</remarks>
public sealed class SignedRequests(IWireEndpoint endpoint, SigningSecret secret) : IWireEndpoint
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private const string SignatureParameter = "X-Amz-Signature";

    /// <inheritdoc/>
    public Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default) =>
        Refusal(request) is { } refusal
            ? Task.FromResult(Refusals.Write(refusal, request, requestId: "00000000-0000-0000-0000-000000000000"))
            : endpoint.Answer(request, disconnected);

    private ApiException? Refusal(WireRequest request)
    {
        if (CredentialScope.Read(request) is not { } scope)
        {
            return new ApiException("MissingAuthenticationToken", "Missing Authentication Token: the request is not signed.", 403);
        }

        return
            Signature.Read(request) is { } signature
            && Canonical(request, scope, signature).Any(canonical => IsSigned(canonical, request, scope, signature))
            ? null
            : new ApiException(
                scope.Service == "s3" ? "SignatureDoesNotMatch" : "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. "
                    + "Check your AWS Secret Access Key and signing method.",
                403
            );
    }

    private bool IsSigned(string canonical, WireRequest request, CredentialScope scope, Signature signature)
    {
        var toSign = string.Join('\n', Algorithm, signature.Time, scope.Text, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Encoding.UTF8.GetBytes($"AWS4{secret.SecretKeyFor(scope.AccessKey)}");
        foreach (var part in scope.Text.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var expected = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature.Value));
    }

    /// <summary>S3 signs the path as it is sent, the other services encode it once more.</summary>
    private static IEnumerable<string> Canonical(WireRequest request, CredentialScope scope, Signature signature)
    {
        var encoded = string.Join('/', request.Path.Split('/').Select(Uri.EscapeDataString));
        var headers = signature.Headers.Select(name => $"{name}:{Collapsed(request.Header(name) ?? string.Empty)}\n");
        var payload = signature.IsPresigned ? Unsigned : request.Header("X-Amz-Content-Sha256") ?? Hex(SHA256.HashData(request.Body.Span));
        foreach (var path in scope.Service == "s3" ? [request.Path] : new[] { encoded, request.Path }.Distinct(StringComparer.Ordinal))
        {
            yield return string.Join(
                '\n',
                request.Method,
                path,
                Query(request.Query),
                string.Concat(headers),
                string.Join(';', signature.Headers),
                payload
            );
        }
    }

    private static string Query(string query) =>
        string.Join(
            '&',
            query
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Where(pair => pair[0] != SignatureParameter)
                .Select(pair => (Name: Encoded(pair[0]), Value: pair.Length == 2 ? Encoded(pair[1]) : string.Empty))
                .OrderBy(pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Value, StringComparer.Ordinal)
                .Select(pair => $"{pair.Name}={pair.Value}")
        );

    private static string Encoded(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Collapsed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>What a request says about its signature.</summary>
    private sealed record Signature(string Value, string Time, IReadOnlyList<string> Headers, bool IsPresigned)
    {
        public static Signature? Read(WireRequest request)
        {
            if (request.Header("Authorization") is { } authorization)
            {
                var fields = authorization[Math.Min(authorization.Length, Algorithm.Length)..]
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(field => field.Split('=', 2))
                    .Where(field => field.Length == 2)
                    .ToLookup(field => field[0], field => field[1], StringComparer.Ordinal);
                return Create(
                    authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal),
                    fields["Signature"].FirstOrDefault(),
                    request.Header("X-Amz-Date") ?? request.Header("Date"),
                    fields["SignedHeaders"].FirstOrDefault(),
                    isPresigned: false
                );
            }

            var parameters = request
                .Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .ToLookup(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
            return Create(
                parameters["X-Amz-Algorithm"].FirstOrDefault() == Algorithm,
                parameters[SignatureParameter].FirstOrDefault(),
                parameters["X-Amz-Date"].FirstOrDefault(),
                parameters["X-Amz-SignedHeaders"].FirstOrDefault(),
                isPresigned: true
            );
        }

        private static Signature? Create(bool isKnown, string? value, string? time, string? headers, bool isPresigned) =>
            isKnown && value is not null && time is not null && headers is not null
                ? new Signature(value, time, headers.Split(';'), isPresigned)
                : null;
    }
}
