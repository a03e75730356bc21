namespace Deployer.Protocols;

/// <summary>A request as a protocol writes it, before the endpoint is known.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="PathTemplate">The path with <c>{Labels}</c>.</param>
/// <param name="Labels">The labels' values, not encoded.</param>
/// <param name="Query">The query string's parameters, not encoded; a name may occur more than once.</param>
/// <param name="Headers">The headers that the protocol sets.</param>
/// <param name="Body">The body, empty where there is none.</param>
internal sealed record HttpRequestParts(
    string Method,
    string PathTemplate,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
);
