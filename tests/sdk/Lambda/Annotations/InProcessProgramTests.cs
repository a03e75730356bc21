using Deployer.Sdk.Tests.Lambda.RuntimeSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Sdk.Tests.Lambda.Annotations;

public sealed class InProcessProgramTests : IAsyncLifetime
{
    private readonly StringWriter _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new();
    private LoopbackRuntimeApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await LoopbackRuntimeApi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _api.DisposeAsync();
        _stop.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task A_handler_is_served_by_its_name_with_its_services()
    {
        var run = Run("GreetSomeone");

        (await _api.InvokeAsync("1", """{"Text":"Rich"}""")).Body.ShouldBe("""{"Text":"Hello Rich","Calls":1}""");

        await _stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Each_invocation_has_its_own_scope()
    {
        _ = Run("GreetSomeone");

        await _api.InvokeAsync("1", """{"Text":"a"}""");

        (await _api.InvokeAsync("2", """{"Text":"b"}""")).Json.GetProperty("Calls").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_without_a_result_answers_with_nothing()
    {
        _ = Run("SwallowAnything");

        (await _api.InvokeAsync("1", """{"Text":"a"}""")).Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_brings_services_and_gives_environment_and_log()
    {
        _ = Run("GreetSomeone", services => services.AddSingleton<IGreeting, Goodbye>());

        (await _api.InvokeAsync("1", """{"Text":"Rich"}""")).Json.GetProperty("Text").GetString().ShouldBe("Goodbye Rich");

        _log.ToString().ShouldContain("sample greets");
    }

    [Fact]
    public async Task Services_that_cannot_be_built_are_an_initialisation_error()
    {
        var run = Run("GreetSomeone", _ => throw new NotSupportedException("no such client"));

        (await _api.InitError).ErrorType.ShouldBe("NotSupportedException");
        await Should.ThrowAsync<NotSupportedException>(run);
    }

    [Fact]
    public async Task An_unknown_handler_is_refused_with_the_known_ones() =>
        (await Should.ThrowAsync<InvalidOperationException>(Run("Greet"))).Message.ShouldBe(
            "ANNOTATIONS_HANDLER 'Greet' names no handler; there are: GreetSomeone, SwallowAnything."
        );

    private Task Run(string handler, Action<IServiceCollection>? configure = null) =>
        InProcessProgram.RunAsync(
            handler,
            new Dictionary<string, string> { ["AWS_LAMBDA_RUNTIME_API"] = _api.Endpoint, ["AWS_LAMBDA_FUNCTION_NAME"] = "sample" },
            _http,
            _log,
            configure,
            _stop.Token
        );

    private sealed class Goodbye : IGreeting
    {
        public string For(string name) => $"Goodbye {name}";
    }
}
