namespace Deployer.Rehearsal.Wire;

/// <summary>An HTTP response of the simulated AWS.</summary>
public sealed record WireResponse(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The answer itself, when it can only be given after more of the world has run (a synchronous invocation, a long
    /// poll): the rest of this response is then ignored.
    /// </summary>
    public Task<WireResponse>? Later { get; init; }

    /// <summary>An answer to come.</summary>
    public static WireResponse Deferred(Task<WireResponse> answer) => new(0, new Dictionary<string, string>(), default) { Later = answer };
}
