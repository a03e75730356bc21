using System.Runtime.Versioning;
using System.Text.Json;
using Deployer.Rehearsal.Lambda.Hosting;

namespace Deployer.Rehearsal.Tests.Lambda.Hosting;

/// <summary>A program of the generated kind, and programs that misbehave.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ExecutableHostTests
{
    private static readonly Uri Aws = new("http://127.0.0.1:9/");

    [Theory]
    [InlineData("Deployer.SampleFunctions")]
    [InlineData("Deployer.SampleFunctions.dll")]
    public async Task The_functions_answer_over_the_Runtime_API(string file)
    {
        await using var world = await Start(Sample(file), "Echo");

        var unicode = JsonDocument.Parse((await world.Invoke("fn", """{"Text":"größer \ud83d\ude80"}""")).Payload);
        unicode.RootElement.GetProperty("Text").GetString().ShouldBe("größer \ud83d\ude80");
        var result = await world.Invoke("fn", """{"Text":"again"}""");

        result.Payload.ShouldBe("""{"Text":"again"}""");
        result.Host.ShouldBe("executable");
        result.LogTail.ShouldContain($"{result.RequestId}\tinfo\techoed");
    }

    [Fact]
    public async Task A_payload_that_the_handler_cannot_read_is_its_error()
    {
        await using var world = await Start(Sample("Deployer.SampleFunctions"), "Echo");

        var result = await world.Invoke("fn", "[1]");

        result.FunctionError.ShouldBe("Unhandled");
        result.Payload.ShouldContain("\"errorType\":\"JsonSerializerException\"");
    }

    [Fact]
    public async Task A_handler_that_is_not_there_ends_the_process_and_the_log_says_why()
    {
        await using var world = await Start(Sample("Deployer.SampleFunctions"), "Nonsense");

        var result = await world.Invoke("fn");

        result.Payload.ShouldContain("\"errorType\":\"Runtime.ExitError\"");
        result.LogTail.ShouldContain("ANNOTATIONS_HANDLER 'Nonsense' names no handler");
    }

    [Fact]
    public async Task A_failed_initialisation_answers_the_invocation_with_its_error_and_the_next_one_tries_again()
    {
        await using var world = await Start(Sample("Deployer.SampleFunctions"), "Echo", variables: [("SAMPLE_DOES_NOT_START", "no table")]);

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var result = await world.Invoke("fn", """{"Text":"x"}""");

            result.FunctionError.ShouldBe("Unhandled");
            var error = JsonDocument.Parse(result.Payload).RootElement;
            (error.GetProperty("errorType").GetString(), error.GetProperty("errorMessage").GetString()).ShouldBe(
                ("SampleFailedException", "no table")
            );
            error.GetProperty("stackTrace").GetArrayLength().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_process_that_ends_is_an_exit_error()
    {
        using var script = new Script("echo before; echo trouble >&2; exit 3");
        await using var world = await Start(script.Path, "Any");

        var result = await world.Invoke("fn");

        result.Payload.ShouldBe(
            $$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{result.RequestId}} Error: Runtime exited with error: """
                + """exit status 3"}"""
        );
        result.LogTail.ShouldContain("before\n");
        result.LogTail.ShouldContain("trouble\n");
        result.Host.ShouldBe("native");
    }

    [Fact]
    public async Task A_process_that_ends_without_an_error_says_so()
    {
        using var script = new Script("exit 0");
        await using var world = await Start(script.Path, "Any");

        (await world.Invoke("fn")).Payload.ShouldContain("Runtime exited without providing a reason");
    }

    [Fact]
    public async Task A_process_that_hangs_is_killed_with_its_children_when_its_time_is_over()
    {
        using var script = new Script("sleep 600");
        await using var world = await Start(script.Path, "Any", timeout: 1, patience: 0.3);

        var result = await world.Invoke("fn");

        result.Payload.ShouldContain("\"errorType\":\"Sandbox.Timedout\"");
        result.Payload.ShouldContain("Task timed out after 1.00 seconds");
    }

    [Fact]
    public async Task A_process_gets_Lambdas_environment_and_nothing_of_this_one()
    {
        Environment.SetEnvironmentVariable("SECRET_OF_THIS_PROCESS", "leaked");
        using var script = new Script("env; exit 1");
        await using var world = await Start(script.Path, "Any");

        var log = (await world.Invoke("fn")).LogTail;

        log.ShouldContain("AWS_ENDPOINT_URL=http://127.0.0.1:9\n");
        log.ShouldContain("AWS_REGION=us-east-1\n");
        log.ShouldContain("ANNOTATIONS_HANDLER=Any\n");
        log.ShouldMatch("AWS_LAMBDA_RUNTIME_API=127\\.0\\.0\\.1:[0-9]+/sandbox1\n");
        log.ShouldNotContain("SECRET_OF_THIS_PROCESS");
    }

    [Fact]
    public async Task At_the_end_a_process_gets_SIGTERM()
    {
        using var script = new Script("");
        var marker = script.Path + ".ended";
        await File.WriteAllTextAsync(
            script.Path,
            $"""
            #!/bin/bash
            trap 'echo yes > {marker}; kill $child; exit 0' TERM
            exec 3<>/dev/tcp/127.0.0.1/$(echo "$AWS_LAMBDA_RUNTIME_API" | cut -d: -f2 | cut -d/ -f1)
            prefix=/$(echo "$AWS_LAMBDA_RUNTIME_API" | cut -d/ -f2)/2018-06-01/runtime/invocation
            host=$(echo "$AWS_LAMBDA_RUNTIME_API" | cut -d/ -f1)
            printf 'GET %s/next HTTP/1.1\r\nHost: %s\r\n\r\n' "$prefix" "$host" >&3
            while IFS= read -r line <&3; do
              case "$line" in Lambda-Runtime-Aws-Request-Id:*) id=$(echo "$line" | cut -d' ' -f2 | tr -d '\r');; $'\r') break;; esac
            done
            read -r -N 2 body <&3
            printf 'POST %s/%s/response HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\n42' "$prefix" "$id" "$host" >&3
            printf 'GET %s/next HTTP/1.1\r\nHost: %s\r\n\r\n' "$prefix" "$host" >&3
            sleep 600 & child=$!
            wait
            """
        );
        await using (var world = await Start(script.Path, "Any"))
        {
            (await world.Invoke("fn")).Payload.ShouldBe("42");
        }

        File.Exists(marker).ShouldBeTrue();
        File.Delete(marker);
    }

    [Fact]
    public async Task An_executable_that_is_not_there_is_named() =>
        (await Should.ThrowAsync<FileNotFoundException>(ExecutableHost.Start("/nowhere/bootstrap", Aws))).Message.ShouldContain(
            "/nowhere/bootstrap"
        );

    private static string Sample(string file) =>
        Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../Deployer.SampleFunctions", new DirectoryInfo(AppContext.BaseDirectory).Name, file)
        );

    private static async Task<LambdaWorld> Start(
        string executable,
        string handler,
        int timeout = 60,
        double patience = 3,
        params (string, string)[] variables
    )
    {
        var world = await LambdaWorld.Start();
        world.Invoker.Host = await ExecutableHost.Start(executable, Aws, patience);
        await world.Create("fn", LambdaWorld.Settings([("ANNOTATIONS_HANDLER", handler), .. variables]) with { Timeout = timeout });
        return world;
    }

    private sealed class Script : IDisposable
    {
        public Script(string commands)
        {
            File.WriteAllText(Path, $"#!/bin/sh\n{commands}\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

        public void Dispose() => File.Delete(Path);
    }
}
