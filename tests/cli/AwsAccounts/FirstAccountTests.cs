using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Cli.Tests.Serving;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// <c>docs/first-account.md</c>, run as it stands: its commands, in their order, by profiles, against accounts that hold Datomic and
/// nothing of the deployer.
/// </summary>
public sealed partial class FirstAccountTests : IAsyncLifetime
{
    private const string Pipeline = "inventory-pipeline";
    private static readonly string[] Stages = ["dev", "stage", "prod"];

    private GuidedAccounts _accounts = null!;

    public async ValueTask InitializeAsync() => _accounts = await GuidedAccounts.Start();

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();

    [Fact]
    public async Task The_guide_works_as_it_is_written()
    {
        var outputs = new List<(string Command, string Output)>();
        var histories = new List<string[]>();
        var execution = string.Empty;
        foreach (var (written, wanted) in GuidedAccounts.Commands)
        {
            var command = written.Replace("EXECUTION", execution, StringComparison.Ordinal);
            if (command.StartsWith("aws ", StringComparison.Ordinal))
            {
                command.ShouldBe($"aws codepipeline start-pipeline-execution --name {Pipeline} --profile tools");
                (await RunPipeline(command)).ShouldBe("Succeeded");
                outputs.Add((command, string.Empty));
                histories.Add([.. await Task.WhenAll(Stages.Select(LastDeployment))]);
                continue;
            }

            var run = await _accounts.Run(command);
            run.ExitCode.ShouldBe(wanted, $"{command}\n{run.Output}\n{run.Error}");
            if (wanted != 0 && Execution().Match(run.Output) is { Success: true } failed)
            {
                execution = failed.Value;
            }

            outputs.Add((command, run.Output.Words()));
        }

        outputs.Count.ShouldBe(47);
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
        doctors[3].ShouldContain("deployer bootstrap service examples/inventory --target dev --tools-account 222222222222");
        var releases = Outputs("releases");
        releases[0].ShouldContain("ions: ");
        releases[1].ShouldNotContain("nothing was released by this deployer");
        releases[1].ShouldMatch("inventory on dev .*inventory on stage .*ions: .*inventory on prod .*ions: ");
        Outputs("history")[0].ShouldContain("succeeded in ");
        // The second run had nothing to do in any stage: it took seconds, and the first one many minutes where it deployed.
        histories[1].ShouldAllBe(last => Seconds().IsMatch(last));
        histories[0][1..].ShouldAllBe(last => !Seconds().IsMatch(last));
        Outputs("history")[1].ShouldMatch(" nothing to do in 0:[0-9]{2} .* succeeded in [0-9]{2}:");
        // What was left to do is done by the redrive: the change of the ions is released.
        Outputs("redrive").Single().ShouldStartWith("✓ inventory to dev: succeeded in ");
        Outputs("redrive").Single().ShouldContain("✓ ions released");
        Outputs("teardown pipeline").Single().ShouldContain("stays: Artifacts (AWS::S3::Bucket) ");
        Outputs("teardown tools")[2].ShouldContain("stays: Table (AWS::DynamoDB::Table) deployer-dev");
        Outputs("teardown tools")[2].ShouldContain("stays: Bucket (AWS::S3::Bucket) deployer-dev-222222222222");
        // What stays is in the way of the same deployer, and its commands are those that take it away.
        Outputs("teardown tools")[2]
            .ShouldContain("aws dynamodb delete-table --table-name deployer-dev --profile tools --region us-east-1");
        Outputs("teardown tools")[2].ShouldContain("aws s3 rb s3://deployer-dev-222222222222 --force --profile tools --region us-east-1");
        Outputs("teardown tools")[2]
            .ShouldContain("aws s3 rb s3://deployer-artifacts-222222222222-us-east-1 --force --profile tools --region us-east-1");
        var again = await _accounts.Run(
            "deployer bootstrap tools --stage dev --parameter AllowedTargets=111111111111 --yes --profile tools"
        );
        again.ExitCode.ShouldBe(2, again.Error);
        again
            .Error.Words()
            .ShouldContain(
                "the table deployer-dev and the bucket deployer-dev-222222222222 of an earlier deployer of stage dev are still in"
            );
        foreach (var account in new[] { "222222222222", "111111111111", "444444444444", "333333333333" })
        {
            (await Stacks(account)).ShouldNotContain(stack => stack.StartsWith("deployer-", StringComparison.Ordinal) || stack == Pipeline);
        }

        (await Stacks("111111111111")).ShouldContain("inventory-dev");

        IReadOnlyList<string> Outputs(string name) =>
            [.. outputs.Where(run => run.Command.StartsWith($"deployer {name} ", StringComparison.Ordinal)).Select(run => run.Output)];
    }

    /// <summary>What the AWS CLI does, and the waiting that the guide leaves to its reader.</summary>
    /// <summary>By the command as it stands, where the AWS CLI is installed, and by the same request where it is not.</summary>
    private async Task<string> RunPipeline(string command)
    {
        using var pipelines = _accounts
            .Administrator("222222222222")
            .Open((credentials, config) => new AmazonCodePipelineClient(credentials, config), new AmazonCodePipelineConfig());
        string id;
        if (AwsCli.IsInstalled)
        {
            var run = await _accounts.Run(command);
            run.ExitCode.ShouldBe(0, run.Error);
            using var answer = JsonDocument.Parse(run.Output);
            id = answer.RootElement.GetProperty("pipelineExecutionId").GetString()!;
        }
        else
        {
            var started = await pipelines.StartPipelineExecutionAsync(new StartPipelineExecutionRequest { Name = Pipeline });
            id = started.PipelineExecutionId;
        }

        while (true)
        {
            var execution = (
                await pipelines.GetPipelineExecutionAsync(
                    new GetPipelineExecutionRequest { PipelineName = Pipeline, PipelineExecutionId = id }
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
        var run = await _accounts.Run($"deployer history examples/inventory --target {target} --profile tools");
        run.ExitCode.ShouldBe(0, run.Error);
        return Ended().Match(run.Output.Words()).Value;
    }

    private async Task<IReadOnlyList<string>> Stacks(string account)
    {
        using var cloudFormation = _accounts
            .Administrator(account)
            .Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig());
        return [.. (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest())).Stacks.Select(stack => stack.StackName)];
    }

    [GeneratedRegex("(succeeded|nothing to do) in [0-9:]+")]
    private static partial Regex Ended();

    [GeneratedRegex("^nothing to do in 0:[0-9]{2}$")]
    private static partial Regex Seconds();

    [GeneratedRegex("arn:aws:states:[a-z0-9-]+:[0-9]{12}:execution:deployer-[A-Za-z0-9:_-]+")]
    private static partial Regex Execution();
}
