using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Deployer.Sdk.Tests.Lambda.RuntimeSupport;

public sealed partial class LambdaBootstrapTests : IAsyncLifetime
{
    private readonly StringWriter _log = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = LambdaBootstrap.ConstructHttpClient();
    private LoopbackRuntimeApi _api = null!;
    private Task _run = Task.CompletedTask;

    public async ValueTask InitializeAsync() => _api = await LoopbackRuntimeApi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _api.DisposeAsync();
        _stop.Dispose();
        _http.Dispose();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("Größe, 日本語, \u2028, \ud83d\ude80, \\ and \"quotes\"")]
    [InlineData("")]
    public async Task A_result_is_sent_as_the_response(string text)
    {
        Serve<Note, Note>((input, _) => Task.FromResult(input));

        var report = await _api.InvokeAsync("1", JsonSerializer.Serialize(new Note(text), NoteJson.Default.Note));

        report.Kind.ShouldBe("response");
        report.Json.GetProperty("Text").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_handler_without_a_result_sends_an_empty_response()
    {
        Run(HandlerWrapper.GetHandlerWrapper<Note>((_, _) => Task.CompletedTask, Serializer));

        (await _api.InvokeAsync("1", "{}")).ShouldSatisfyAllConditions(
            report => report.Kind.ShouldBe("response"),
            report => report.Body.ShouldBeEmpty()
        );
    }

    [Fact]
    public async Task A_handler_of_streams_sees_the_bytes_as_they_came()
    {
        Run(HandlerWrapper.GetHandlerWrapper((input, _) => Task.FromResult(input)));

        (await _api.InvokeAsync("1", "not { json")).Body.ShouldBe("not { json");
    }

    [Fact]
    public async Task The_context_comes_from_the_headers_and_the_environment()
    {
        ILambdaContext? seen = null;
        var remaining = TimeSpan.Zero;
        Serve<Note, Note>(
            (input, context) =>
            {
                (seen, remaining) = (context, context.RemainingTime);
                return Task.FromResult(input);
            }
        );
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30).ToUnixTimeMilliseconds();

        await _api.InvokeAsync(
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "{}",
            ("Lambda-Runtime-Deadline-Ms", $"{deadline}"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f:live"),
            ("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"),
            (
                "Lambda-Runtime-Client-Context",
                """{"client":{"app_title":"t","installation_id":"i"},"custom":{"k":"v"},"env":{"locale":"de"}}"""
            ),
            ("Lambda-Runtime-Cognito-Identity", """{"cognitoIdentityId":"me","cognitoIdentityPoolId":"pool"}""")
        );

        seen.ShouldNotBeNull();
        seen.AwsRequestId.ShouldBe("8476a536-e9f4-11e8-9739-2dfe598c3fcd");
        seen.InvokedFunctionArn.ShouldBe("arn:aws:lambda:us-east-1:123456789012:function:f:live");
        seen.TraceId.ShouldBe("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1");
        seen.ClientContext.ShouldNotBeNull().Client.AppTitle.ShouldBe("t");
        seen.ClientContext.Client.InstallationId.ShouldBe("i");
        seen.ClientContext.Custom["k"].ShouldBe("v");
        seen.ClientContext.Environment["locale"].ShouldBe("de");
        seen.Identity.ShouldNotBeNull().IdentityId.ShouldBe("me");
        seen.Identity.IdentityPoolId.ShouldBe("pool");
        seen.FunctionName.ShouldBe("f");
        seen.FunctionVersion.ShouldBe("$LATEST");
        seen.MemoryLimitInMB.ShouldBe(256);
        seen.LogGroupName.ShouldBe("/aws/lambda/f");
        seen.LogStreamName.ShouldBe("stream");
        remaining.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_a_caller_did_not_send_is_null()
    {
        ILambdaContext? seen = null;
        Serve<Note, Note>(
            (input, context) =>
            {
                seen = context;
                return Task.FromResult(input);
            }
        );

        await _api.InvokeAsync("1", "{}");

        seen.ShouldNotBeNull().ClientContext.ShouldBeNull();
        seen.Identity.ShouldBeNull();
    }

    [Fact]
    public async Task An_exception_is_reported_with_its_bare_type_name_message_and_stack()
    {
        Serve<Note, Note>((_, _) => throw new StackFailedException("Bucket: größer ist nicht <erlaubt>"));

        var report = await _api.InvokeAsync("1", "{}");

        report.Kind.ShouldBe("error");
        report.ContentType.ShouldBe("application/vnd.aws.lambda.error+json");
        report.ErrorType.ShouldBe("StackFailedException");
        report.Json.GetProperty("errorType").GetString().ShouldBe("StackFailedException");
        report.Json.GetProperty("errorMessage").GetString().ShouldBe("Bucket: größer ist nicht <erlaubt>");
        report
            .Json.GetProperty("stackTrace")
            .EnumerateArray()
            .ShouldContain(line => line.GetString()!.StartsWith("at ", StringComparison.Ordinal));
        report.Body.ShouldContain("größer ist nicht <erlaubt>");
    }

    [Fact]
    public async Task Inner_exceptions_are_reported_as_causes()
    {
        Serve<Note, Note>((_, _) => throw new AggregateException(new StackFailedException("a"), new InvalidOperationException("b")));

        var json = (await _api.InvokeAsync("1", "{}")).Json;

        json.GetProperty("cause").GetProperty("errorType").GetString().ShouldBe("StackFailedException");
        json.GetProperty("causes").EnumerateArray().Select(cause => cause.GetProperty("errorMessage").GetString()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task An_error_above_256_KB_keeps_its_type()
    {
        Serve<Note, Note>((_, _) => throw new StackFailedException(new string('x', 300_000)));

        var json = (await _api.InvokeAsync("1", "{}")).Json;

        json.GetProperty("errorType").GetString().ShouldBe("StackFailedException");
        json.GetProperty("errorMessage").GetString().ShouldBe("Exception exceeded maximum payload size of 256KB.");
    }

    [Fact]
    public async Task A_message_that_is_no_valid_text_is_reported_all_the_same()
    {
        Serve<Note, Note>((_, _) => throw new StackFailedException("half \ud83d"));

        (await _api.InvokeAsync("1", "{}")).Json.GetProperty("errorMessage").GetString().ShouldBe("half \ufffd");
    }

    [Fact]
    public async Task A_payload_that_is_not_the_input_is_an_error_of_the_serializer()
    {
        Serve<Note, Note>((input, _) => Task.FromResult(input));

        (await _api.InvokeAsync("1", "{\"Text\": [")).ErrorType.ShouldBe("JsonSerializerException");
    }

    [Fact]
    public async Task After_an_error_the_next_invocation_is_served()
    {
        Serve<Note, Note>((input, _) => input.Text == "bad" ? throw new StackFailedException("bad") : Task.FromResult(input));

        (await _api.InvokeAsync("1", """{"Text":"bad"}""")).Kind.ShouldBe("error");
        (await _api.InvokeAsync("2", """{"Text":"good"}""")).Kind.ShouldBe("response");
    }

    [Fact]
    public async Task After_a_response_above_the_limit_the_next_invocation_is_served()
    {
        _api.ResponseLimit = 1000;
        Serve<Note, Note>((input, _) => Task.FromResult(input.Text == "big" ? new Note(new string('x', 2000)) : input));

        (await _api.InvokeAsync("1", """{"Text":"big"}""")).Kind.ShouldBe("too large");
        (await _api.InvokeAsync("2", """{"Text":"small"}""")).Kind.ShouldBe("response");
        _log.ToString().ShouldContain("exceeds Lambda's payload limit");
    }

    [Fact]
    public async Task Six_megabytes_come_in_and_go_out()
    {
        Serve<Note, Note>((input, _) => Task.FromResult(input));
        var text = new string('ü', 3 * 1024 * 1024 - 20);

        (await _api.InvokeAsync("1", $$"""{"Text":"{{text}}"}""")).Json.GetProperty("Text").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task A_handler_can_see_that_its_time_is_over_and_what_it_answers_late_is_still_sent()
    {
        var remaining = TimeSpan.MaxValue;
        Serve<Note, Note>(
            (input, context) =>
            {
                remaining = context.RemainingTime;
                return Task.FromResult(input);
            }
        );

        var report = await _api.InvokeAsync(
            "1",
            "{}",
            ("Lambda-Runtime-Deadline-Ms", $"{TimeProvider.System.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds()}")
        );

        report.Kind.ShouldBe("response");
        remaining.ShouldBeLessThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact]
    public async Task Invocations_that_wait_are_served_one_after_another()
    {
        var running = 0;
        var most = 0;
        Serve<Note, Note>(
            async (input, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return input;
            }
        );

        var reports = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => _api.InvokeAsync($"{number}", $$"""{"Text":"{{number}}"}"""))
        );

        reports
            .Select(report => report.Json.GetProperty("Text").GetString())
            .ShouldBe(Enumerable.Range(0, 20).Select(number => $"{number}"));
        most.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_initialisation_is_reported_and_thrown()
    {
        Run(
            HandlerWrapper.GetHandlerWrapper<Note, Note>((input, _) => Task.FromResult(input), Serializer),
            () => throw new StackFailedException("no table")
        );

        var report = await _api.InitError;

        report.ErrorType.ShouldBe("StackFailedException");
        report.Json.GetProperty("errorMessage").GetString().ShouldBe("no table");
        await Should.ThrowAsync<StackFailedException>(_run);
    }

    [Fact]
    public async Task An_environment_that_is_lost_ends_the_loop_with_an_exception()
    {
        _api.NextStatus = 500;

        Serve<Note, Note>((input, _) => Task.FromResult(input));

        (await Should.ThrowAsync<RuntimeApiClientException>(_run)).StatusCode.ShouldBe(500);
    }

    [Fact]
    public async Task When_told_to_stop_a_waiting_loop_ends_at_once()
    {
        Serve<Note, Note>((input, _) => Task.FromResult(input));
        await _api.InvokeAsync("1", "{}");

        await _stop.CancelAsync();

        await _run.WaitAsync(TimeSpan.FromSeconds(30));
        _run.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task When_told_to_stop_a_running_invocation_is_finished_first()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Serve<Note, Note>(
            async (input, _) =>
            {
                started.SetResult();
                await finish.Task;
                return input;
            }
        );
        var report = _api.InvokeAsync("1", """{"Text":"last"}""");
        await started.Task;

        await _stop.CancelAsync();
        finish.SetResult();

        (await report).Json.GetProperty("Text").GetString().ShouldBe("last");
        await _run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Log_lines_carry_the_request_and_the_level_and_low_levels_are_dropped()
    {
        Serve<Note, Note>(
            (input, context) =>
            {
                context.Logger.LogDebug("hidden");
                context.Logger.LogWarning("seen");
                return Task.FromResult(input);
            }
        );

        await _api.InvokeAsync("request-1", "{}");

        _log.ToString().ShouldContain("\trequest-1\twarn\tseen");
        _log.ToString().ShouldNotContain("hidden");
    }

    [Fact]
    public async Task With_JSON_a_record_has_members_and_a_failure_its_type_and_stack()
    {
        _environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        Serve<Note, Note>(
            (_, context) =>
            {
                context.Logger.LogWarning("seen");
                throw new StackFailedException("rolled back");
            }
        );

        await _api.InvokeAsync("request-1", "{}");

        var records = _log.ToString()
            .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToList();
        records.Count.ShouldBe(2);
        records.Select(record => record.GetProperty("level").GetString()).ShouldBe(["Warning", "Error"]);
        records.ShouldAllBe(record => record.GetProperty("requestId").GetString() == "request-1");
        records[0].GetProperty("message").GetString().ShouldBe("seen");
        records[1].GetProperty("errorType").GetString().ShouldBe(typeof(StackFailedException).FullName);
        records[1].GetProperty("errorMessage").GetString().ShouldBe("rolled back");
        records[1].GetProperty("stackTrace").GetArrayLength().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "DEBUG", true, true)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "FATAL", false, false)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "WARN", false, true)]
    [InlineData("AWS_LAMBDA_HANDLER_LOG_LEVEL", "Debug", true, true)]
    public async Task The_level_says_what_is_dropped(string variable, string level, bool debug, bool warning)
    {
        _environment["AWS_LAMBDA_LOG_LEVEL"] = "ERROR";
        _environment[variable] = level;
        Serve<Note, Note>(
            (input, context) =>
            {
                context.Logger.LogDebug("a detail");
                context.Logger.LogWarning("a warning");
                return Task.FromResult(input);
            }
        );

        await _api.InvokeAsync("1", "{}");

        (_log.ToString().Contains("a detail"), _log.ToString().Contains("a warning")).ShouldBe((debug, warning));
    }

    [Fact]
    public async Task An_initialisation_error_can_be_a_type_alone()
    {
        using var process = new HttpClient();
        var client = new RuntimeApiClient(
            process,
            new DictionaryEnvironmentVariables(new Dictionary<string, string> { ["AWS_LAMBDA_RUNTIME_API"] = _api.Endpoint }),
            endpoint: null,
            LogOutput.To(_log, new DictionaryEnvironmentVariables(_environment))
        );

        await client.ReportInitializationErrorAsync("Sample.NoTable", TestContext.Current.CancellationToken);

        var report = await _api.InitError;
        report.ErrorType.ShouldBe("Sample.NoTable");
        report.Json.GetProperty("errorType").GetString().ShouldBe("Sample.NoTable");
    }

    [Fact]
    public async Task Without_a_runtime_api_it_says_what_it_is() =>
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                InProcessBootstrap.RunAsync(
                    HandlerWrapper.GetHandlerWrapper((input, _) => Task.FromResult(input)),
                    () => Task.FromResult(true),
                    new Dictionary<string, string>(),
                    _http,
                    _log,
                    _stop.Token
                )
            )
        ).Message.ShouldStartWith("AWS_LAMBDA_RUNTIME_API is not set");

    [Fact]
    public void Options_may_be_left_as_they_are()
    {
        var builder = LambdaBootstrapBuilder.Create((input, _) => Task.FromResult(input)).UseHttpClient(_http);

        builder.ConfigureOptions().ShouldBeSameAs(builder);
        using var bootstrap = builder.ConfigureOptions(options => options.RuntimeApiEndpoint = "127.0.0.1:1").Build();
    }

    [Fact]
    public async Task A_wrapper_releases_its_buffer()
    {
        var wrapper = HandlerWrapper.GetHandlerWrapper<Note, Note>((input, _) => Task.FromResult(input), Serializer);
        using var invocation = new InvocationRequest(new MemoryStream("{}"u8.ToArray()), null!);
        var response = await wrapper.Handler(invocation);
        response.DisposeOutputStream.ShouldBeFalse();

        wrapper.Dispose();

        response.OutputStream.CanRead.ShouldBeFalse();
    }

    private static SourceGeneratorLambdaJsonSerializer<NoteJson> Serializer => new();

    private void Serve<TInput, TOutput>(Func<TInput, ILambdaContext, Task<TOutput>> handler) =>
        Run(HandlerWrapper.GetHandlerWrapper(handler, Serializer));

    private void Run(HandlerWrapper handler, LambdaBootstrapInitializer? initializer = null) =>
        _run = InProcessBootstrap.RunAsync(
            handler,
            initializer ?? (() => Task.FromResult(true)),
            new Dictionary<string, string>(_environment)
            {
                ["AWS_LAMBDA_RUNTIME_API"] = _api.Endpoint,
                ["AWS_LAMBDA_FUNCTION_NAME"] = "f",
                ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
                ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "256",
                ["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/f",
                ["AWS_LAMBDA_LOG_STREAM_NAME"] = "stream",
            },
            _http,
            _log,
            _stop.Token
        );

    private sealed class StackFailedException(string message) : Exception(message);

    internal sealed record Note(string? Text);

    [JsonSerializable(typeof(Note))]
    internal sealed partial class NoteJson : JsonSerializerContext;
}
