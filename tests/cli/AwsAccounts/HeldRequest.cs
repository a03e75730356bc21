using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>A proxy on the way to the served AWS on which the answer to one operation is held until a test lets it go on.</summary>
internal sealed class HeldRequest : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _connections = [];
    private readonly Uri _served;
    private readonly string _origin;
    private readonly string _operation;
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="served">The address of the served AWS.</param>
    /// <param name="operation">The operation, as its requests name it in <c>X-Amz-Target</c>.</param>
    public HeldRequest(string served, string operation)
    {
        (_served, _operation) = (new Uri(served), $"X-Amz-Target: {operation}");
        _origin = _served.GetLeftPart(UriPartial.Authority);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The address of the proxy.</summary>
    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Ends when the operation was asked for; its answer is held.</summary>
    public Task IsHeld => _held.Task;

    /// <summary>Gives the answer.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _connections.Add(Relay(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It listens no more.
        }
    }

    private async Task Relay(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_served.Host, _served.Port);
            var holds = false;
            await Task.WhenAny(
                Copy(
                    client.GetStream(),
                    server.GetStream(),
                    bytes =>
                    {
                        var text = Encoding.Latin1.GetString(bytes);
                        holds |= text.Contains(_operation, StringComparison.OrdinalIgnoreCase);
                        // What a proxy is asked for has the whole address, and is signed without it.
                        return Task.FromResult(Encoding.Latin1.GetBytes(text.Replace($" {_origin}/", " /", StringComparison.Ordinal)));
                    }
                ),
                Copy(
                    server.GetStream(),
                    client.GetStream(),
                    async bytes =>
                    {
                        if (holds)
                        {
                            _held.TrySetResult();
                            await _released.Task;
                        }

                        return bytes;
                    }
                )
            );
        }
    }

    private static async Task Copy(NetworkStream from, NetworkStream to, Func<byte[], Task<byte[]>> on)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                await to.WriteAsync(await on(buffer[..read]));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
    }
}
