using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.StepFunctions;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Serving;

public sealed class ServeTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_well(string signal)
    {
        await using var serve = await ServeProcess.Start();

        await serve.Signal(signal);

        (await serve.Ended()).ShouldBe(0);
        await NothingListens(serve.Address);
    }

    [Fact]
    public async Task The_end_of_its_piped_input_ends_it_well()
    {
        await using var serve = await ServeProcess.Start();

        serve.Process.StandardInput.Close();

        (await serve.Ended()).ShouldBe(0);
        await NothingListens(serve.Address);
    }

    [Fact]
    public async Task It_ends_after_the_time_given()
    {
        await using var serve = await ServeProcess.Start("--for", "1s");

        (await serve.Ended()).ShouldBe(0);
    }

    [Fact]
    public async Task Standard_input_that_is_no_pipe_does_not_end_it()
    {
        // The shell gives it /dev/null, as to a job in the background.
        var start = new ProcessStartInfo("sh", ["-c", "\"$0\" serve --for 2s < /dev/null", DeployerProcess.Start().FileName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;

        var finished = await DeployerProcess.Finish(process);

        finished.ExitCode.ShouldBe(0);
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_shell_evaluates_its_lines()
    {
        await using var serve = await ServeProcess.Start("--for", "20s");
        var start = new ProcessStartInfo("sh", ["-c", $"{string.Join('\n', serve.Lines)}\nenv"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AWS_SESSION_TOKEN"] = "left over";
        using var shell = Process.Start(start)!;

        var environment = (await DeployerProcess.Finish(shell)).Output.Split('\n');

        environment.ShouldContain($"AWS_ENDPOINT_URL=http://127.0.0.1:{serve.Address.Port}");
        environment.ShouldContain("AWS_ACCESS_KEY_ID=111111111111");
        environment.ShouldContain(line => Regex.IsMatch(line, "^AWS_SECRET_ACCESS_KEY=[0-9a-f]{40}$"));
        environment.ShouldContain("AWS_REGION=us-east-1");
        environment.ShouldNotContain(line => line.StartsWith("AWS_SESSION_TOKEN=", StringComparison.Ordinal));
        serve.Lines.ShouldAllBe(line =>
            line.StartsWith("export ", StringComparison.Ordinal) || line.StartsWith("unset ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Each_start_has_another_secret()
    {
        await using var one = await ServeProcess.Start("--for", "20s");
        await using var other = await ServeProcess.Start("--for", "20s");

        one.Variables["AWS_SECRET_ACCESS_KEY"].ShouldNotBe(other.Variables["AWS_SECRET_ACCESS_KEY"]);
    }

    [Fact]
    public async Task A_client_may_call_this_machine_localhost()
    {
        await using var serve = await ServeProcess.Start("--for", "20s");
        var account = serve.Variables["AWS_ACCESS_KEY_ID"];
        using var client = new AmazonSecurityTokenServiceClient(
            new BasicAWSCredentials(account, serve.Variables["AWS_SECRET_ACCESS_KEY"]),
            new AmazonSecurityTokenServiceConfig
            {
                ServiceURL = $"http://localhost:{serve.Address.Port}",
                AuthenticationRegion = serve.Variables["AWS_REGION"],
            }
        );

        (await client.GetCallerIdentityAsync(new(), TestContext.Current.CancellationToken)).Account.ShouldBe(account);
    }

    [Theory]
    [InlineData(null, null, "MissingAuthenticationToken")]
    [InlineData("Host", "rebound.example", "The host is not 127.0.0.1")]
    [InlineData("Host", "localhost:1", "The host is not 127.0.0.1")]
    [InlineData("Origin", "http://page.example", "comes from a web page")]
    public async Task A_request_without_the_secret_or_from_a_web_page_is_refused(string? header, string? value, string reason)
    {
        await using var serve = await ServeProcess.Start("--for", "20s");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, serve.Address);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(reason);
    }

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("1s", 0)]
    [InlineData("-1s", 2)]
    [InlineData("soon", 2)]
    public async Task The_patience_with_clients_is_a_duration(string patience, int exitCode)
    {
        var run = await DeployerProcess.Run("serve", "--for", "1s", "--client-patience", patience);

        run.ExitCode.ShouldBe(exitCode);
        if (exitCode == 2)
        {
            run.Error.ShouldContain($"--client-patience '{patience}' is not a duration");
        }
    }

    [Theory]
    [InlineData(null, "SUCCEEDED")]
    [InlineData("0s", "TIMED_OUT")]
    public async Task A_client_that_works_on_a_task_is_waited_for_as_long_as_the_patience_says(string? patience, string status)
    {
        string[] options = patience is null ? [] : ["--client-patience", patience];
        await using var serve = await ServeProcess.Start(["--for", "60s", .. options]);
        using var stacks = new AmazonCloudFormationClient(Keys(serve), Configure(serve, new AmazonCloudFormationConfig()));
        using var states = new AmazonStepFunctionsClient(Keys(serve), Configure(serve, new AmazonStepFunctionsConfig()));
        var cancellation = TestContext.Current.CancellationToken;
        await stacks.CreateStackAsync(
            new()
            {
                StackName = "role",
                TemplateBody = RoleOfMachines,
                Capabilities = ["CAPABILITY_NAMED_IAM"],
            },
            cancellation
        );
        await Until(async () =>
            (await stacks.DescribeStacksAsync(new() { StackName = "role" }, cancellation)).Stacks[0].StackStatus
            == StackStatus.CREATE_COMPLETE
        );
        var activity = (await states.CreateActivityAsync(new() { Name = "work" }, cancellation)).ActivityArn;
        var machine = await states.CreateStateMachineAsync(
            new()
            {
                Name = "machine",
                RoleArn = $"arn:aws:iam::{serve.Variables["AWS_ACCESS_KEY_ID"]}:role/machine",
                Definition = $$"""
                {"StartAt":"W","TimeoutSeconds":60,"States":{"W":{"Type":"Task","Resource":"{{activity}}","End":true} } }
                """,
            },
            cancellation
        );
        var execution = await states.StartExecutionAsync(new() { StateMachineArn = machine.StateMachineArn, Input = "{}" }, cancellation);

        if (patience is null)
        {
            var task = await states.GetActivityTaskAsync(new() { ActivityArn = activity, WorkerName = "worker" }, cancellation);
            await Task.Delay(1000, cancellation);
            await states.SendTaskSuccessAsync(new() { TaskToken = task.TaskToken, Output = "{}" }, cancellation);
        }

        string? reached = null;
        await Until(async () =>
            (reached = (await states.DescribeExecutionAsync(new() { ExecutionArn = execution.ExecutionArn }, cancellation)).Status.Value)
            != "RUNNING"
        );
        reached.ShouldBe(status);
    }

    [Fact]
    public async Task Accounts_that_it_keeps_are_those_of_the_other_commands()
    {
        var state = Directory.CreateTempSubdirectory("deployer-");
        try
        {
            (
                await DeployerProcess.Run("serve", Repository.Example, "--target", "dev", "--state", state.FullName, "--for", "1s")
            ).ExitCode.ShouldBe(0);

            var redriven = await DeployerProcess.Run(
                "redrive",
                "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:unknown",
                "--state",
                state.FullName,
                "--in-process"
            );

            redriven.ExitCode.ShouldBe(2);
            redriven.Error.ShouldContain("there is no execution ");
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var run = await DeployerProcess.Run("serve", "--port", $"{port}");

        run.ExitCode.ShouldBe(ExitCodes.InvalidInput);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain($"port {port} ");
    }

    [Theory]
    [InlineData("no target 'staging'", "staging", null)]
    [InlineData("no such folder", "dev", "nowhere")]
    public async Task A_service_that_is_wrong_is_named(string named, string target, string? service)
    {
        var run = await DeployerProcess.Run("serve", service ?? Repository.Example, "--target", target);

        run.ExitCode.ShouldBe(ExitCodes.InvalidInput);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(named);
    }

    private static async Task NothingListens(Uri address)
    {
        using var client = new TcpClient();
        await Should.ThrowAsync<SocketException>(client.ConnectAsync(address.Host, address.Port));
    }

    private const string RoleOfMachines = """
        {"Resources":{"Role":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"machine","AssumeRolePolicyDocument":
        {"Version":"2012-10-17","Statement":
        {"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"} } } } } }
        """;

    private static BasicAWSCredentials Keys(ServeProcess serve) =>
        new(serve.Variables["AWS_ACCESS_KEY_ID"], serve.Variables["AWS_SECRET_ACCESS_KEY"]);

    private static TConfig Configure<TConfig>(ServeProcess serve, TConfig config)
        where TConfig : ClientConfig
    {
        config.ServiceURL = $"{serve.Address}";
        config.AuthenticationRegion = serve.Variables["AWS_REGION"];
        return config;
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
