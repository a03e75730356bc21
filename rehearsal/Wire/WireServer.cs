using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// An endpoint on a port of the loopback interface. What a browser sends is refused: a request for another host (a name that an attacker
/// points at this machine, DNS rebinding), and one that says which page it comes from.
/// </summary>
public sealed class WireServer : IAsyncDisposable
{
    private static readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase) { "127.0.0.1", "localhost" };
    private static readonly string[] PageHeaders = ["Origin", "Sec-Fetch-Site"];

    private readonly WebApplication _application;

    private WireServer(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    /// <summary>What clients take as <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="endpoint">Answers the requests.</param>
    /// <param name="port">A port of 127.0.0.1; 0 for a free one.</param>
    public static async Task<WireServer> Start(IWireEndpoint endpoint, int port = 0)
    {
        // With nothing of its own: the defaults would watch every folder below the current one for settings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(System.Net.IPAddress.Loopback, port);
            options.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
            options.AddServerHeader = false;
        });
        var application = builder.Build();
        application.Run(context => Answer(endpoint, context));
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new WireServer(application, new Uri(address));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static async Task Answer(IWireEndpoint endpoint, HttpContext context)
    {
        if (Refusal(context.Request, context.Connection.LocalPort) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(refusal, context.RequestAborted);
            return;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new WireRequest(
            context.Request.Method,
            mark < 0 ? target : target[..mark],
            mark < 0 ? string.Empty : target[(mark + 1)..],
            headers,
            body.ToArray()
        );
        WireResponse answer;
        try
        {
            answer = await endpoint.Answer(request, context.RequestAborted).WaitAsync(context.RequestAborted);
        }
        catch (RequestAbandonedException)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(context.Request.Method) && answer.Status is not (204 or 304))
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    /// <summary>AWS's clients send neither Origin nor Sec-Fetch-Site; browsers send one of them with what a page asks of another.</summary>
    /// <remarks>https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site</remarks>
    private static string? Refusal(HttpRequest request, int port) =>
        !Hosts.Contains(request.Host.Host) || request.Host.Port != port ? $"The host is not 127.0.0.1:{port} or localhost:{port}."
        : Array.Find(PageHeaders, request.Headers.ContainsKey) is { } header ? $"A request with the header {header} comes from a web page."
        : null;
}
