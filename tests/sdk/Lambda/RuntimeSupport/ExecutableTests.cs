using System.Diagnostics;

namespace Deployer.Sdk.Tests.Lambda.RuntimeSupport;

/// <summary>The generated <c>Main</c> in a process of its own, as Lambda starts it.</summary>
public sealed class ExecutableTests : IAsyncLifetime
{
    private static readonly string Executable = Path.GetFullPath(
        Path.Combine(
            AppContext.BaseDirectory,
            "../../Deployer.SampleFunctions",
            new DirectoryInfo(AppContext.BaseDirectory).Name,
            "Deployer.SampleFunctions"
        )
    );

    private LoopbackRuntimeApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await LoopbackRuntimeApi.StartAsync();

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task It_serves_the_handler_of_its_environment_and_ends_cleanly_on_SIGTERM()
    {
        using var process = Start("Echo");

        (await _api.InvokeAsync("1", """{"Text":"größer 日本語 \ud83d\ude80"}"""))
            .Json.GetProperty("Text")
            .GetString()
            .ShouldBe("größer 日本語 \ud83d\ude80");

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        process.ExitCode.ShouldBe(0);
        (await process.StandardOutput.ReadToEndAsync()).ShouldContain("\t1\tinfo\techoed");
    }

    [Fact]
    public async Task A_failure_is_reported_with_type_message_and_stack_and_the_process_serves_on()
    {
        using var process = Start("Fail");

        foreach (var id in new[] { "1", "2" })
        {
            var report = await _api.InvokeAsync(id, """{"Text":"größer"}""");
            (report.Kind, report.ErrorType).ShouldBe(("error", "SampleFailedException"));
            report.Json.GetProperty("errorMessage").GetString().ShouldBe("größer");
            report.Json.GetProperty("stackTrace").GetArrayLength().ShouldBeGreaterThan(0);
        }

        process.Kill();
    }

    [Fact]
    public async Task An_unknown_handler_ends_the_process_and_names_the_known_ones()
    {
        using var process = Start("Nonsense");

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        process.ExitCode.ShouldNotBe(0);
        (await process.StandardError.ReadToEndAsync()).ShouldContain("ANNOTATIONS_HANDLER 'Nonsense' names no handler; there are: ");
    }

    [Fact]
    public async Task A_failed_initialisation_is_reported_with_type_message_and_stack_and_ends_the_process()
    {
        using var process = Start("Echo", doesNotStart: "größer");

        var report = await _api.InitError.WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        (report.ContentType, report.ErrorType).ShouldBe(("application/vnd.aws.lambda.error+json", "SampleFailedException"));
        report.Json.GetProperty("errorMessage").GetString().ShouldBe("größer");
        report.Json.GetProperty("stackTrace").GetArrayLength().ShouldBeGreaterThan(0);
        process.ExitCode.ShouldNotBe(0);
    }

    /// <summary>
    /// As in Lambda, where whoever starts the process has opened the descriptor; a file is what it is for whoever tries it out.
    /// https://github.com/aws/aws-lambda-dotnet/blob/8314921/Libraries/src/Amazon.Lambda.RuntimeSupport/Helpers/FileDescriptorLogStream.cs
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_telemetry_descriptor_its_log_is_frames_there_and_the_standard_output_is_empty(bool isPipe)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var log = Path.Combine(folder.FullName, "log");
            if (isPipe)
            {
                (await Programs.Run("mkfifo", [log])).ExitCode.ShouldBe(0);
            }

            // A pipe is opened when both ends are.
            var piped = isPipe ? Task.Run(() => Read(log)) : null;
            using var process = Start("Fail", telemetry: log);

            foreach (var id in new[] { "1", "2" })
            {
                (await _api.InvokeAsync(id, """{"Text":"first\nsecond"}""")).Kind.ShouldBe("error");
            }

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            process.ExitCode.ShouldBe(0, await process.StandardError.ReadToEndAsync());
            (await process.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
            var frames = TelemetryFramesTests.Frames(isPipe ? await piped!.WaitAsync(TimeSpan.FromSeconds(30)) : Read(log));
            foreach (var id in new[] { "1", "2" })
            {
                var failure = frames.Where(frame => frame.Contains($"\t{id}\t", StringComparison.Ordinal)).ShouldHaveSingleItem();
                failure.ShouldContain("first\nsecond");
                failure.ShouldContain("   at Deployer.SampleFunctions.Functions.Fail");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Starts the sample; with a file's name with a descriptor of it that it inherits.</summary>
    private Process Start(string handler, string? doesNotStart = null, string? telemetry = null)
    {
        // The shell becomes the program, which has its id and its descriptors then.
        var start = new ProcessStartInfo(
            telemetry is null ? Executable : "bash",
            telemetry is null ? [] : ["-c", "exec 3> \"$1\" && exec \"$0\"", Executable, telemetry]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ANNOTATIONS_HANDLER"] = handler;
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = _api.Endpoint;
        start.Environment["SAMPLE_DOES_NOT_START"] = doesNotStart;
        start.Environment["_LAMBDA_TELEMETRY_LOG_FD"] = telemetry is null ? null : "3";
        return Process.Start(start)!;
    }
}
