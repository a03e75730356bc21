using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deployer.Functions.Tests.Runtime;

/// <summary>An AWS that takes each call and lets it wait until the test answers it.</summary>
internal sealed class HeldAws : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string> _calls = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _answers = new(0);

    private HeldAws(WebApplication app)
    {
        _app = app;
        app.Run(Hold);
    }

    public Uri Address => new(_app.Urls.Single());

    public static async Task<HeldAws> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var aws = new HeldAws(builder.Build());
        await aws._app.StartAsync();
        return aws;
    }

    /// <summary>The body of the next call, as soon as there is one.</summary>
    public async Task<string> Call()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _calls.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Answers one call, with nothing in it.</summary>
    public void Answer() => _answers.Release();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _answers.Dispose();
    }

    private async Task Hold(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _calls.Writer.TryWrite(Encoding.UTF8.GetString(body.ToArray()));
        await _answers.WaitAsync(http.RequestAborted);
        http.Response.ContentType = "application/x-amz-json-1.1";
        await http.Response.WriteAsync("{}");
    }
}
