using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deployer.Sdk.Tests.Lambda.RuntimeSupport;

/// <summary>
/// The Lambda side of the Runtime API on a loopback port: hands out queued invocations and keeps what the function reports.
/// </summary>
internal sealed class LoopbackRuntimeApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Invocation> _queue = Channel.CreateUnbounded<Invocation>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Report>> _reports = new();
    private readonly TaskCompletionSource<Report> _initError = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopbackRuntimeApi(WebApplication app)
    {
        _app = app;
        app.MapGet("/2018-06-01/runtime/invocation/next", NextAsync);
        app.MapPost(
            "/2018-06-01/runtime/invocation/{id}/response",
            (HttpContext http, string id) => ReportAsync(http, "response", _reports[id])
        );
        app.MapPost("/2018-06-01/runtime/invocation/{id}/error", (HttpContext http, string id) => ReportAsync(http, "error", _reports[id]));
        app.MapPost("/2018-06-01/runtime/init/error", (HttpContext http) => ReportAsync(http, "init", _initError));
    }

    public string Endpoint => new Uri(_app.Urls.Single()).Authority;

    public int ResponseLimit { get; set; } = int.MaxValue;

    public int NextStatus { get; set; } = StatusCodes.Status200OK;

    public Task<Report> InitError => _initError.Task;

    public static async Task<LoopbackRuntimeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        var api = new LoopbackRuntimeApi(builder.Build());
        await api._app.StartAsync();
        return api;
    }

    public Task<Report> InvokeAsync(string id, string payload, params (string Name, string Value)[] headers)
    {
        var report = _reports.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        _queue.Writer.TryWrite(new Invocation(id, payload, headers)).ShouldBeTrue();
        return report.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task NextAsync(HttpContext http)
    {
        if (NextStatus != StatusCodes.Status200OK)
        {
            http.Response.StatusCode = NextStatus;
            return;
        }

        var invocation = await _queue.Reader.ReadAsync(http.RequestAborted);
        http.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = invocation.Id;
        foreach (var (name, value) in invocation.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsync(invocation.Payload);
    }

    private async Task ReportAsync(HttpContext http, string kind, TaskCompletionSource<Report> report)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var tooLarge = body.Length > ResponseLimit;
        http.Response.StatusCode = tooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status202Accepted;
        report.TrySetResult(
            new Report(
                tooLarge ? "too large" : kind,
                Encoding.UTF8.GetString(body.ToArray()),
                http.Request.ContentType,
                http.Request.Headers["Lambda-Runtime-Function-Error-Type"]
            )
        );
    }

    private sealed record Invocation(string Id, string Payload, (string Name, string Value)[] Headers);
}

/// <summary>What a function reported of an invocation.</summary>
internal sealed record Report(string Kind, string Body, string? ContentType, string? ErrorType)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
