namespace Deployer.Rehearsal.Wire;

/// <summary>An HTTP request to the simulated AWS, whichever way it came.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Undecoded, beginning with a slash.</param>
/// <param name="Query">Without the question mark, undecoded.</param>
/// <param name="Headers">By name, in any case; several values joined by commas.</param>
/// <param name="Body">As sent, chunk signatures of <c>aws-chunked</c> included.</param>
public sealed record WireRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>A header's value, or <see langword="null"/>.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
