using System.Collections.Concurrent;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>The Runtime APIs of all execution environments on one loopback port, distinguished by the first segment of the path.</summary>
internal sealed class RuntimeApiServer : IWireEndpoint, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RuntimeApiSession> _sessions = new(StringComparer.Ordinal);
    private WireServer _server = null!;

    private RuntimeApiServer() { }

    public static async Task<RuntimeApiServer> Start()
    {
        var server = new RuntimeApiServer();
        server._server = await WireServer.Start(server);
        return server;
    }

    /// <summary>Opens the API of an environment and returns its <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Open(string id, RuntimeApiSession session)
    {
        _sessions[id] = session;
        return $"{_server.Address.Authority}/{id}";
    }

    public void Close(string id)
    {
        if (_sessions.TryRemove(id, out var session))
        {
            session.Close();
        }
    }

    /// <inheritdoc/>
    public async Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default)
    {
        var end = request.Path.IndexOf('/', 1);
        return end > 0 && _sessions.TryGetValue(request.Path[1..end], out var session)
            ? await session.Answer(request with { Path = request.Path[end..] }, disconnected)
            : new WireResponse(404, new Dictionary<string, string>(), default);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
