namespace Deployer.Protocols;

/// <summary>Headers, whose names have no case.</summary>
internal static class HttpHeaders
{
    internal const string RequestId = "x-amzn-RequestId";

    internal static string? Find(IReadOnlyDictionary<string, string> headers, string name) =>
        headers.TryGetValue(name, out var value)
            ? value
            : headers.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    internal static Dictionary<string, string> OfAnswer(string contentType, string requestId) =>
        new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = contentType, [RequestId] = requestId };
}
