using System.Diagnostics;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Tests.Serving;
using Deployer.Functions.Accounts;
using Parameter = Amazon.CloudFormation.Model.Parameter;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// A service and its accounts, served, and the role of an operator from <c>examples/ci</c>: commands run as processes with its credentials,
/// over HTTP, and with nothing else.
/// </summary>
/// <param name="folder">The service's folder, alone in a folder that is deleted at the end.</param>
public abstract class ServedAccounts(string folder) : IAsyncLifetime
{
    public const string Account = "222222222222";
    public const string TargetAccount = "111111111111";
    public const string Region = "us-east-1";

    private ServeProcess? _started;
    private Credentials _operator = null!;

    private ServeProcess Serve => _started ?? throw new InvalidOperationException("it is not served yet");

    /// <summary>The service's folder.</summary>
    public string Folder { get; } = folder;

    public AwsConnection Administrator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _started = await ServeProcess.Start(Folder, "--target", "dev");
        Administrator = new AwsConnection(
            new BasicAWSCredentials(Serve.Variables["AWS_ACCESS_KEY_ID"], Serve.Variables["AWS_SECRET_ACCESS_KEY"]),
            Region,
            Serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );
        await CreateStack(
            "deployer-dev-operator",
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "examples", "ci", "operator.yaml")),
            ("Stage", "dev"),
            ("People", $"arn:aws:iam::{Account}:root")
        );
        _operator = await Assume("deployer-dev-operator");
        await CreateOperator("approver", "deployer-dev-approver");
    }

    /// <summary>Makes a role of an operator by a stack of the same name.</summary>
    /// <param name="name">The name of both.</param>
    /// <param name="further">Policies that the role has beside the operator's.</param>
    public Task CreateOperator(string name, params string[] further) =>
        CreateStack(
            name,
            $$"""
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: {{name}}
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::{{Account}}:root" }, Action: "sts:AssumeRole" }]
                  ManagedPolicyArns:
            {{string.Join(
                '\n',
                further.Prepend("deployer-dev-operator").Select(policy => $"      - arn:aws:iam::{Account}:policy/{policy}")
            )}}
            """
        );

    public async ValueTask DisposeAsync()
    {
        if (_started is not null)
        {
            await _started.DisposeAsync();
        }

        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Interrupts a command while the answer to an operation is held, which it gets then.</summary>
    /// <param name="start">The command.</param>
    /// <param name="operation">The operation, as <c>X-Amz-Target</c> names it.</param>
    internal static async Task<(int Code, string Output, string Error)> Interrupt(ProcessStartInfo start, string operation)
    {
        await using var way = new HeldRequest(start.Environment["AWS_ENDPOINT_URL"]!, operation);
        start.Environment["http_proxy"] = way.Address;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        (await Task.WhenAny(way.IsHeld, error)).ShouldBe(way.IsHeld, error.IsCompleted ? await error : null);
        using (var kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        // The program hears of a signal on a thread of its own; the answer comes after that.
        await Task.Delay(TimeSpan.FromSeconds(1));
        way.Release();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A process of the program with the operator's credentials.</summary>
    public ProcessStartInfo Start(params string[] arguments) =>
        Start(arguments, _operator.AccessKeyId, _operator.SecretAccessKey, _operator.SessionToken);

    /// <summary>The same with other credentials.</summary>
    public ProcessStartInfo Start(string[] arguments, string key, string secret, string? token)
    {
        var start = DeployerProcess.Start(arguments);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_ENDPOINT_URL"] = Serve.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["AWS_REGION"] = Region;
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_ACCESS_KEY_ID"] = key;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(Folder, "no-credentials");
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(Folder, "no-config");
        if (token is not null)
        {
            start.Environment["AWS_SESSION_TOKEN"] = token;
        }

        return start;
    }

    /// <summary>Runs a command with the operator's credentials to its end.</summary>
    internal Task<Finished> Run(params string[] arguments) => RunAs("deployer-dev-operator", arguments);

    /// <summary>Runs a command to its end with the credentials of somebody who may approve, too.</summary>
    internal Task<Finished> RunAsApprover(params string[] arguments) => RunAs("approver", arguments);

    // Simulated hours pass in a few commands, and an assumed role ends after one.
    private async Task<Finished> RunAs(string role, string[] arguments) => await Run(await StartAs(role, arguments));

    private async Task<ProcessStartInfo> StartAs(string role, string[] arguments)
    {
        var assumed = await Assume(role);
        return Start(arguments, assumed.AccessKeyId, assumed.SecretAccessKey, assumed.SessionToken);
    }

    /// <summary>A process of the program with the credentials of somebody who may approve, too.</summary>
    internal Task<ProcessStartInfo> StartAsApprover(params string[] arguments) => StartAs("approver", arguments);

    internal static async Task<Finished> Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        return await DeployerProcess.Finish(process);
    }

    /// <summary>The credentials of a role of the account.</summary>
    public async Task<Credentials> Assume(string role)
    {
        using var sts = Administrator.Open(
            (credentials, config) => new AmazonSecurityTokenServiceClient(credentials, config),
            new AmazonSecurityTokenServiceConfig()
        );
        var answer = await sts.AssumeRoleAsync(
            new AssumeRoleRequest { RoleArn = $"arn:aws:iam::{Account}:role/{role}", RoleSessionName = "jane" }
        );
        return answer.Credentials;
    }

    /// <summary>
    /// Has a client hold a task, so that simulated time passes no faster than the wall clock (docs/serving.md): what runs stays running.
    /// </summary>
    /// <returns>Lets time pass again when it is disposed.</returns>
    public async Task<IAsyncDisposable> HoldTime()
    {
        var name = $"hold-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(16)}";
        await CreateStack(
            name,
            $$"""
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: {{name}}
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{ Effect: Allow, Principal: { Service: states.amazonaws.com }, Action: "sts:AssumeRole" }]
            """
        );
        var client = StepFunctions();
        var activity = await client.CreateActivityAsync(new CreateActivityRequest { Name = name });
        var machine = await client.CreateStateMachineAsync(
            new CreateStateMachineRequest
            {
                Name = name,
                RoleArn = $"arn:aws:iam::{Account}:role/{name}",
                Definition = $$$"""
                {"StartAt":"Hold","States":{"Hold":{"Type":"Task","Resource":"{{{activity.ActivityArn}}}","End":true} } }
                """,
            }
        );
        var held = await client.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = machine.StateMachineArn });
        return new HeldTime(client, held.ExecutionArn);
    }

    private sealed class HeldTime(IAmazonStepFunctions client, string execution) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await client.StopExecutionAsync(new StopExecutionRequest { ExecutionArn = execution });
            client.Dispose();
        }
    }

    public IAmazonStepFunctions StepFunctions() =>
        Administrator.Open((credentials, config) => new AmazonStepFunctionsClient(credentials, config), new AmazonStepFunctionsConfig());

    /// <summary>Makes a stack in the tools account and waits for it.</summary>
    public Task CreateStack(string name, string template, params (string Key, string Value)[] parameters) =>
        CreateStack(Administrator, name, template, parameters);

    /// <summary>Makes a stack in the target's account and waits for it.</summary>
    public Task CreateStackInTarget(string name, string template) => CreateStack(InTarget, name, template, []);

    /// <summary>Deletes a stack of the target's account and waits for it.</summary>
    public Task DeleteStackInTarget(string name) => DeleteStack(InTarget, name);

    /// <summary>Deletes a stack of the tools account and waits for it.</summary>
    public Task DeleteStack(string name) => DeleteStack(Administrator, name);

    private static async Task DeleteStack(AwsConnection administrator, string name)
    {
        using var cloudFormation = administrator.Open(
            (credentials, config) => new AmazonCloudFormationClient(credentials, config),
            new AmazonCloudFormationConfig()
        );
        var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0].StackId;
        await cloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = name });
        while (
            (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stack })).Stacks[0].StackStatus
            != StackStatus.DELETE_COMPLETE
        )
        {
            await Task.Delay(100);
        }
    }

    private AwsConnection InTarget =>
        Administrator with
        {
            Credentials = new BasicAWSCredentials(TargetAccount, Serve.Variables["AWS_SECRET_ACCESS_KEY"]),
        };

    private static async Task CreateStack(
        AwsConnection administrator,
        string name,
        string template,
        IReadOnlyList<(string Key, string Value)> parameters
    )
    {
        using var cloudFormation = administrator.Open(
            (credentials, config) => new AmazonCloudFormationClient(credentials, config),
            new AmazonCloudFormationConfig()
        );
        await cloudFormation.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = name,
                TemplateBody = template,
                Capabilities = ["CAPABILITY_NAMED_IAM"],
                Parameters = [.. parameters.Select(given => new Parameter { ParameterKey = given.Key, ParameterValue = given.Value })],
            }
        );
        while (true)
        {
            var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0];
            if (stack.StackStatus == StackStatus.CREATE_COMPLETE)
            {
                return;
            }

            stack.StackStatus.ShouldBe(StackStatus.CREATE_IN_PROGRESS, stack.StackStatusReason);
            await Task.Delay(100);
        }
    }
}
