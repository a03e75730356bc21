namespace Deployer.Protocols;

/// <summary>An answer as it stands on the wire.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Its headers; names are compared without case.</param>
/// <param name="Body">The body, empty where there is none.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    internal const string RequestIdHeader = "x-amzn-RequestId";

    internal string? Header(string name) => Headers.GetValueOrDefault(name);

    internal static Dictionary<string, string> NewHeaders(string contentType, string requestId) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = contentType,
        [RequestIdHeader] = requestId,
    };
}
