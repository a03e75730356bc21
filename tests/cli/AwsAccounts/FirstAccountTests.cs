using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Runtime;
using Deployer.Cli.Tests.Serving;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// <c>docs/first-account.md</c>, run as it stands: its commands, in their order, by profiles, against accounts that hold Datomic and
/// nothing of the deployer.
/// </summary>
public sealed partial class FirstAccountTests : IAsyncLifetime
{
    private const string Pipeline = "inventory-pipeline";
    private static readonly string[] Stages = ["dev", "stage", "prod"];
    private static readonly string[] Guide = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "first-account.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-guide-").FullName;
    private ServeProcess? _serve;

    private string Service => Path.Combine(_folder, "examples", "inventory");

    public async ValueTask InitializeAsync()
    {
        Folders.Copy(Repository.Example, Service);

        await Change("accounts/accounts.yaml", WithoutDeployer);
        await Change("deployer.yaml", text => text.Replace("  prod:", $"{StageOfGuide()}\n  prod:", StringComparison.Ordinal));
        await using (var zip = await ZipFile.OpenAsync(Path.Combine(_folder, "functions.zip"), ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("bootstrap").OpenAsync();
            entry.Write("#!/bin/sh\n"u8);
        }

        _serve = await ServeProcess.Start(Service);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "config"),
            Profile("tools", "222222222222")
                + Profile("dev", "111111111111")
                + Profile("stage", "444444444444")
                + Profile("prod", "333333333333")
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_guide_works_as_it_is_written()
    {
        var outputs = new List<(string Command, string Output)>();
        var histories = new List<string[]>();
        var execution = string.Empty;
        foreach (Match line in Guide.Select(line => CommandLine().Match(line)).Where(match => match.Success))
        {
            var command = line.Groups["command"].Value.Replace("EXECUTION", execution, StringComparison.Ordinal);
            if (command.StartsWith("aws ", StringComparison.Ordinal))
            {
                command.ShouldBe($"aws codepipeline start-pipeline-execution --name {Pipeline} --profile tools");
                (await RunPipeline()).ShouldBe("Succeeded");
                outputs.Add((command, string.Empty));
                histories.Add([.. await Task.WhenAll(Stages.Select(LastDeployment))]);
                continue;
            }

            var run = await Run(command);
            var wanted = line.Groups["exit"] is { Success: true, Value: var code } ? int.Parse(code) : 0;
            run.ExitCode.ShouldBe(wanted, $"{command}\n{run.Output}\n{run.Error}");
            if (wanted != 0 && Execution().Match(run.Output) is { Success: true } failed)
            {
                execution = failed.Value;
            }

            outputs.Add((command, run.Output.Words()));
        }

        outputs.Count.ShouldBe(46);
        Outputs("init").Single().ShouldContain("orders/deployer.yaml is valid");
        Outputs("init").Single().ShouldEndWith("deployer bootstrap service orders --target dev --tools-account 222222222222 --profile dev");
        Outputs("bootstrap tools")[0].ShouldContain("stack deployer-dev in account 222222222222, us-east-1: CREATE_COMPLETE");
        Outputs("bootstrap target").Count.ShouldBe(4);
        Outputs("bootstrap target")[3].ShouldContain("no changes");
        Outputs("bootstrap build").Count.ShouldBe(3);
        Outputs("bootstrap build")[0]
            .ShouldContain("stack deployer-inventory-dev-build in account 222222222222, us-east-1: CREATE_COMPLETE");
        Outputs("bootstrap pipeline").Single().ShouldContain("CREATE_COMPLETE");
        var deployments = Outputs("deploy");
        deployments[0].ShouldStartWith("✓ inventory to dev: succeeded in ");
        deployments[0].ShouldContain("✓ ions released");
        deployments[1].ShouldStartWith("✓ inventory to dev: nothing to do in ");
        deployments[2].ShouldStartWith("✗ inventory to dev: failed in ");
        deployments[2].ShouldContain("AwsRefusedException");
        var doctors = Outputs("doctor");
        doctors.Take(3).ShouldAllBe(output => output.Contains("nothing stands in the way of a deployment", StringComparison.Ordinal));
        doctors[3].ShouldContain("there is no stack deployer-inventory-dev");
        doctors[3].ShouldContain("deployer bootstrap service SERVICE --target dev --tools-account 222222222222");
        var releases = Outputs("releases");
        releases[0].ShouldContain("ions: ");
        releases[1].ShouldNotContain("nothing was released by this deployer");
        releases[1].ShouldMatch("inventory on dev .*inventory on stage .*ions: .*inventory on prod .*ions: ");
        Outputs("history")[0].ShouldContain("succeeded in ");
        // The second run had nothing to do in any stage: it took seconds, and the first one many minutes where it deployed.
        histories[1].ShouldAllBe(last => Seconds().IsMatch(last));
        histories[0][1..].ShouldAllBe(last => !Seconds().IsMatch(last));
        Outputs("history")[1].ShouldMatch(" succeeded in 0:[0-9]{2} .* succeeded in [0-9]{2}:");
        Outputs("redrive").Single().ShouldStartWith("✓ inventory to dev: nothing to do in ");
        Outputs("teardown pipeline").Single().ShouldContain("stays: Artifacts (AWS::S3::Bucket) ");
        Outputs("teardown tools")[2].ShouldContain("stays: Table (AWS::DynamoDB::Table) deployer-dev");
        Outputs("teardown tools")[2].ShouldContain("stays: Bucket (AWS::S3::Bucket) deployer-dev-222222222222");
        foreach (var account in new[] { "222222222222", "111111111111", "444444444444", "333333333333" })
        {
            (await Stacks(account)).ShouldNotContain(stack => stack.StartsWith("deployer-", StringComparison.Ordinal) || stack == Pipeline);
        }

        (await Stacks("111111111111")).ShouldContain("inventory-dev");

        IReadOnlyList<string> Outputs(string name) =>
            [.. outputs.Where(run => run.Command.StartsWith($"deployer {name} ", StringComparison.Ordinal)).Select(run => run.Output)];
    }

    /// <summary>The line for <c>deployer.yaml</c>.</summary>
    private static string StageOfGuide() => Guide.Single(line => line.StartsWith("  stage: {", StringComparison.Ordinal));

    /// <summary>The stacks of Datomic and of the service's other parts: those that no template of the deployer makes.</summary>
    private static string WithoutDeployer(string accounts)
    {
        var stacks = accounts.Split("  - account:");
        return string.Join("  - account:", stacks.Where(stack => !stack.Contains("template: deployer", StringComparison.Ordinal)));
    }

    private async Task Change(string file, Func<string, string> change)
    {
        var path = Path.Combine(Service, file);
        await File.WriteAllTextAsync(path, change(await File.ReadAllTextAsync(path)));
    }

    /// <summary>What the AWS CLI does, and the waiting that the guide leaves to its reader.</summary>
    private async Task<string> RunPipeline()
    {
        using var pipelines = Administrator("222222222222")
            .Open((credentials, config) => new AmazonCodePipelineClient(credentials, config), new AmazonCodePipelineConfig());
        var started = await pipelines.StartPipelineExecutionAsync(new StartPipelineExecutionRequest { Name = Pipeline });
        while (true)
        {
            var execution = (
                await pipelines.GetPipelineExecutionAsync(
                    new GetPipelineExecutionRequest { PipelineName = Pipeline, PipelineExecutionId = started.PipelineExecutionId }
                )
            ).PipelineExecution;
            if (execution.Status != PipelineExecutionStatus.InProgress)
            {
                return execution.Status.Value;
            }

            await Task.Delay(200);
        }
    }

    /// <summary>How the last deployment to a target ended, as its history has it.</summary>
    private async Task<string> LastDeployment(string target)
    {
        var run = await Run($"deployer history examples/inventory --target {target} --profile tools");
        run.ExitCode.ShouldBe(0, run.Error);
        return Ended().Match(run.Output.Words()).Value;
    }

    private async Task<IReadOnlyList<string>> Stacks(string account)
    {
        using var cloudFormation = Administrator(account)
            .Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig());
        return [.. (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest())).Stacks.Select(stack => stack.StackName)];
    }

    private AwsConnection Administrator(string account) =>
        new(
            new BasicAWSCredentials(account, _serve!.Variables["AWS_SECRET_ACCESS_KEY"]),
            "us-east-1",
            _serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );

    private async Task<Finished> Run(string command)
    {
        var start = DeployerProcess.Start(command.Split(' ')[1..]);
        start.WorkingDirectory = _folder;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_ENDPOINT_URL"] = _serve!.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(_folder, "config");
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_folder, "none");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync("yes");
        process.StandardInput.Close();
        return await DeployerProcess.Finish(process);
    }

    private string Profile(string name, string account) =>
        $"""
            [profile {name}]
            region = us-east-1
            aws_access_key_id = {account}
            aws_secret_access_key = {_serve!.Variables["AWS_SECRET_ACCESS_KEY"]}

            """;

    /// <summary>A command of the guide; where it is to fail, a comment of the shell says with which exit code.</summary>
    [GeneratedRegex("^    (?<command>(deployer|aws) [^#]*[^# ])( *# exit code (?<exit>[0-9]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex CommandLine();

    [GeneratedRegex("succeeded in [0-9:]+")]
    private static partial Regex Ended();

    [GeneratedRegex("^succeeded in 0:[0-9]{2}$")]
    private static partial Regex Seconds();

    [GeneratedRegex("arn:aws:states:[a-z0-9-]+:[0-9]{12}:execution:deployer-[A-Za-z0-9:_-]+")]
    private static partial Regex Execution();
}
