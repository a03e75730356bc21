using System.Diagnostics;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Sdk.Tests.Lambda.RuntimeSupport;

namespace Deployer.Functions.Tests.Runtime;

/// <summary>
/// The functions' own executable as a process, on the .NET runtime and natively: what Lambda does to it when something goes wrong.
/// </summary>
public sealed class FunctionsProcessTests : IAsyncLifetime
{
    private const string Secret = "5ecret0f7heJob";

    /// <summary>A job whose parameters cannot be read: its function makes one call, which reports that to CodePipeline.</summary>
    private const string Job = $$"""
        {
          "CodePipeline.job": {
            "id": "11111111-1111-1111-1111-111111111111",
            "accountId": "222222222222",
            "data": {
              "actionConfiguration": { "configuration": { "FunctionName": "deployer-dev-AnswerJob", "UserParameters": "größer" } },
              "inputArtifacts": [],
              "artifactCredentials": { "accessKeyId": "AKIA", "secretAccessKey": "{{Secret}}", "sessionToken": "{{Secret}}" }
            }
          }
        }
        """;

    private static readonly string Artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../.."));
    private readonly List<Process> _processes = [];
    private LoopbackRuntimeApi _api = null!;
    private HeldAws _aws = null!;

    public async ValueTask InitializeAsync() => (_api, _aws) = (await LoopbackRuntimeApi.StartAsync(), await HeldAws.Start());

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        await _api.DisposeAsync();
        await _aws.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_SIGTERM_a_running_invocation_is_finished_and_reported_before_the_process_ends(bool native)
    {
        var process = Start(Executable(native), Variables());
        var report = _api.InvokeAsync("1", Job);
        await _aws.Call();

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.WaitForExit(TimeSpan.FromMilliseconds(300)).ShouldBeFalse("its call of AWS is not answered yet");
        report.IsCompleted.ShouldBeFalse();
        _aws.Answer();

        (await report).Kind.ShouldBe("response");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        process.ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_setting_that_is_missing_fails_the_initialisation(bool native)
    {
        var variables = Variables();
        variables["DEPLOYER_TABLE"] = string.Empty;
        var process = Start(Executable(native), variables);

        var report = await _api.InitError.WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        report.ErrorType.ShouldBe(nameof(InvalidOperationException));
        report.Json.GetProperty("errorMessage").GetString().ShouldBe("the environment variable DEPLOYER_TABLE is missing");
        report.Json.GetProperty("stackTrace").GetArrayLength().ShouldBeGreaterThan(0);
        process.ExitCode.ShouldNotBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_invocation_that_takes_too_long_ends_the_process_and_another_one_serves_the_next(bool native)
    {
        await using var host = await ExecutableHost.Start(Executable(native), _aws.Address, patience: 1);
        await using (var sandbox = host.CreateSandbox(new SandboxSpec("one", FunctionArn, "AnswerJob", Variables())))
        {
            using var timeIsOver = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var invocation = sandbox.InvokeAsync(Invocation("1", TimeSpan.FromSeconds(1)), timeIsOver.Token);
            // The function waits for AWS when its time is over.
            await _aws.Call();
            await timeIsOver.CancelAsync();
            var outcome = await invocation;

            (outcome.FunctionError, outcome.Reusable).ShouldBe(("Unhandled", false));
            outcome.Payload.ShouldContain("Sandbox.Timedout");
            outcome.Payload.ShouldContain("Task timed out after 1.00 seconds");
            outcome.Log.ShouldAllBe(line => !line.Contains(Secret, StringComparison.Ordinal));
        }

        await using var other = host.CreateSandbox(new SandboxSpec("two", FunctionArn, "AnswerJob", Variables()));
        var next = other.InvokeAsync(Invocation("2", TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        var said = await _aws.Call();
        _aws.Answer();

        (await next).FunctionError.ShouldBeNull();
        said.ShouldContain("ConfigurationError");
        said.ShouldNotContain(Secret);
    }

    private const string FunctionArn = "arn:aws:lambda:us-east-1:222222222222:function:deployer-dev-AnswerJob";

    private static SandboxInvocation Invocation(string id, TimeSpan timeout) =>
        new(id, FunctionArn, Job, timeout, "Root=1-5759e988-bd862e3fe1be46a994272793", null);

    private static string Executable(bool native)
    {
        var built = Path.Combine(
            Artifacts,
            "bin/Deployer.Functions",
            new DirectoryInfo(AppContext.BaseDirectory).Name,
            "deployer-functions"
        );
        var published = Path.Combine(Artifacts, "native/deployer-functions");
        Assert.SkipWhen(
            native && !File.Exists(published),
            "the functions are not published natively (build/native.sh), so their native process is not tested"
        );
        return native ? published : built;
    }

    private Dictionary<string, string> Variables() =>
        new()
        {
            ["ANNOTATIONS_HANDLER"] = "AnswerJob",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ACCESS_KEY_ID"] = "222222222222",
            ["AWS_SECRET_ACCESS_KEY"] = "not checked",
            ["AWS_ENDPOINT_URL"] = _aws.Address.ToString(),
            ["DEPLOYER_STAGE"] = "dev",
            ["DEPLOYER_TABLE"] = "deployer-dev",
            ["DEPLOYER_BUCKET"] = "deployer-dev",
        };

    private Process Start(string executable, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(executable) { UseShellExecute = false };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = _api.Endpoint;
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }
}
