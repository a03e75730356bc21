namespace Deployer.Protocols;

/// <summary>An answer as it stands on the wire.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">The body, empty where there is none.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    internal string? RequestId => Header(HttpHeaders.RequestId);

    internal string? Header(string name) => HttpHeaders.Find(Headers, name);
}
