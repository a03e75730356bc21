using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.S3.Model;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Tests.AwsAccounts;
using Deployer.Cli.Tests.Rehearsals;
using ExecutionStatus = Amazon.StepFunctions.ExecutionStatus;

namespace Deployer.Cli.Tests.Bootstrap;

/// <summary>A small service and its accounts, served, whose deployer is of a version before.</summary>
public sealed class EarlierDeployer() : ServedAccounts(new SmallService().Folder)
{
    private string? _first;

    /// <summary>
    /// Changes the deployer to what a version before might have been: other settings of the functions, other permissions in the policies of
    /// its roles. Its functions' code is what the service's accounts began with.
    /// </summary>
    public async Task GoBack()
    {
        using var cloudFormation = CloudFormation();
        // That of the accounts, before anything was upgraded.
        _first ??= (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "deployer-dev" })).TemplateBody;
        var earlier = JsonNode.Parse(_first)!;
        earlier["Globals"]!["Function"]!["MemorySize"] = 256;
        var reading = earlier["Resources"]!["StepPolicy"]!["Properties"]!["PolicyDocument"]!["Statement"]![0]!;
        reading["Action"]!.GetValue<string>().ShouldBe("s3:GetObject");
        reading["Action"] = new JsonArray("s3:GetObject", "s3:GetObjectTagging");
        // A request holds no template of this size.
        using var s3 = Administrator.OpenS3();
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = $"deployer-dev-{Account}",
                Key = "earlier.json",
                ContentBody = earlier.ToJsonString(),
            }
        );
        var present = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = "deployer-dev" })).Stacks[0];
        await cloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = "deployer-dev",
                TemplateURL = $"https://s3.{Region}.amazonaws.com/deployer-dev-{Account}/earlier.json",
                Parameters =
                [
                    .. present.Parameters.Select(known => new Amazon.CloudFormation.Model.Parameter
                    {
                        ParameterKey = known.ParameterKey,
                        UsePreviousValue = true,
                    }),
                ],
                Capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            }
        );
        await Until(status => status.Value.EndsWith("_COMPLETE", StringComparison.Ordinal));
    }

    /// <summary>Waits for a status of the deployer's stack.</summary>
    public async Task Until(Func<StackStatus, bool> isReached)
    {
        using var cloudFormation = CloudFormation();
        var request = new DescribeStacksRequest { StackName = "deployer-dev" };
        while (!isReached((await cloudFormation.DescribeStacksAsync(request)).Stacks[0].StackStatus))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A process of the program with the credentials of the account's administrator.</summary>
    public ProcessStartInfo StartAsAdministrator(params string[] arguments) =>
        Start(arguments, Account, Administrator.Credentials!.GetCredentials().SecretKey, null);

    private AmazonCloudFormationClient CloudFormation() =>
        Administrator.Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig());
}

/// <summary>
/// <c>deployer bootstrap tools</c> of a newer version while deployments of the version before run or have failed: the functions' code,
/// their settings and what their roles may do are exchanged.
/// </summary>
public sealed partial class UpgradeTests(EarlierDeployer deployer) : IClassFixture<EarlierDeployer>
{
    private string Functions => Path.Combine(Path.GetDirectoryName(deployer.Folder)!, "functions.zip");

    private string[] Upgrade => ["bootstrap", "tools", "--stage", "dev", "--functions", Functions, "--json", "-"];

    [Fact]
    public async Task A_deployment_that_runs_during_the_upgrade_is_named_and_ends_well()
    {
        await deployer.GoBack();
        await WriteFunctions("during");
        await WriteTemplate("during");
        var held = await deployer.HoldTime();
        var detached = await deployer.Run("deploy", deployer.Folder, "--target", "dev", "--detach");
        var execution = Watched().Match(detached.Output).Groups["arn"].Value;
        execution.ShouldNotBeEmpty(detached.Error);

        using var upgrade = Process.Start(deployer.StartAsAdministrator(Upgrade))!;
        var asked = await Asked(upgrade);
        await upgrade.StandardInput.WriteLineAsync("yes");
        upgrade.StandardInput.Close();
        await deployer.Until(status => status == StackStatus.UPDATE_IN_PROGRESS);
        var statusMeanwhile = await StatusOf(execution);
        await held.DisposeAsync();
        var upgraded = await DeployerProcess.Finish(upgrade);
        var watched = await deployer.Run("watch", execution);
        var again = await deployer.Run("deploy", deployer.Folder, "--target", "dev");

        asked.Words().ShouldContain("! 1 execution of this deployer runs and may go on during the update");
        asked.ShouldContain($"  {execution}\n");
        statusMeanwhile.ShouldBe(ExecutionStatus.RUNNING);
        upgraded.ExitCode.ShouldBe(0, upgraded.Error);
        var report = JsonNode.Parse(upgraded.Output)!;
        report["verdict"]!.GetValue<string>().ShouldBe("updated");
        report["running"]!.AsArray().Select(running => running!.GetValue<string>()).ShouldBe([execution]);
        ShouldExchangeEverything(report);
        watched.ExitCode.ShouldBe(0, watched.Error + watched.Output);
        watched.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
        watched.Output.ShouldContain("the lock is free");
        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.ShouldStartWith("✓ inventory to dev: nothing to do in ");
    }

    [Fact]
    public async Task What_failed_before_the_upgrade_is_redriven_after_it_to_its_end()
    {
        await deployer.GoBack();
        await WriteFunctions("after");
        await deployer.CreateStackInTarget("taken", Group("/inventory/dev/taken"));
        await File.WriteAllTextAsync(
            Path.Combine(deployer.Folder, "stacks", "group.yaml"),
            Group("/inventory/dev/taken"),
            TestContext.Current.CancellationToken
        );
        var failed = await deployer.Run("deploy", deployer.Folder, "--target", "dev");
        var execution = Redriven().Match(failed.Output).Groups["arn"].Value;

        using var upgrade = Process.Start(deployer.StartAsAdministrator([.. Upgrade, "--yes"]))!;
        upgrade.StandardInput.Close();
        var upgraded = await DeployerProcess.Finish(upgrade);
        await deployer.DeleteStackInTarget("taken");
        var redriven = await deployer.Run("redrive", execution);

        failed.ExitCode.ShouldBe(1, failed.Error);
        upgraded.ExitCode.ShouldBe(0, upgraded.Error);
        var report = JsonNode.Parse(upgraded.Output)!;
        report["running"].ShouldBeNull();
        ShouldExchangeEverything(report);
        redriven.ExitCode.ShouldBe(0, redriven.Error + redriven.Output);
        redriven.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
        redriven.Output.ShouldContain("the lock is free");
    }

    /// <summary>No execution runs while a plan waits; the newer deployer knows what the version before has recorded of it.</summary>
    [Fact]
    public async Task A_plan_that_waited_before_the_upgrade_is_approved_after_it_and_deployed_as_it_was_planned()
    {
        await deployer.GoBack();
        await WriteFunctions("waiting");
        await WriteTemplate("waiting");
        var file = Path.Combine(deployer.Folder, "deployer.yaml");
        var unapproved = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var approved = unapproved.Replace("values: {", "approval: true, values: {", StringComparison.Ordinal);
        approved.ShouldNotBe(unapproved);
        await File.WriteAllTextAsync(file, approved, TestContext.Current.CancellationToken);
        var waiting = await deployer.Run("deploy", deployer.Folder, "--target", "dev");
        var plan = Waiting().Match(waiting.Output).Groups["plan"].Value;
        await File.WriteAllTextAsync(file, unapproved, TestContext.Current.CancellationToken);

        using var upgrade = Process.Start(deployer.StartAsAdministrator([.. Upgrade, "--yes"]))!;
        upgrade.StandardInput.Close();
        var upgraded = await DeployerProcess.Finish(upgrade);
        var deployed = await deployer.RunAsApprover("approve", plan);
        var again = await deployer.Run("deploy", deployer.Folder, "--target", "dev");

        waiting.ExitCode.ShouldBe(4, waiting.Error);
        upgraded.ExitCode.ShouldBe(0, upgraded.Error);
        ShouldExchangeEverything(JsonNode.Parse(upgraded.Output)!);
        deployed.ExitCode.ShouldBe(0, deployed.Error + deployed.Output);
        deployed.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
        again.Output.ShouldStartWith("✓ inventory to dev: nothing to do in ");
    }

    /// <summary>The code and the settings of all functions, and the policy.</summary>
    private static void ShouldExchangeEverything(JsonNode report)
    {
        var changes = report["changes"]!
            .AsArray()
            .Select(change => (change!["resource"]!.GetValue<string>(), change["properties"]!.ToJsonString()))
            .ToList();
        changes.Count(change => change.Item2.Contains("Code", StringComparison.Ordinal)).ShouldBeGreaterThan(15);
        changes.Count(change => change.Item2.Contains("MemorySize", StringComparison.Ordinal)).ShouldBeGreaterThan(15);
        changes.ShouldContain(change => change.Item1 == "StepPolicy");
    }

    private static string Group(string name) =>
        $"Resources: {{ Log: {{ Type: AWS::Logs::LogGroup, Properties: {{ LogGroupName: {name} }} }} }}\n";

    private Task WriteTemplate(string name) =>
        File.WriteAllTextAsync(
            Path.Combine(deployer.Folder, "stacks", "group.yaml"),
            Group($"/inventory/dev/{name}"),
            TestContext.Current.CancellationToken
        );

    /// <summary>A zip of its own for each version.</summary>
    private async Task WriteFunctions(string version)
    {
        File.Delete(Functions);
        await using var zip = await ZipFile.OpenAsync(Functions, ZipArchiveMode.Create, TestContext.Current.CancellationToken);
        await using var entry = await zip.CreateEntry("bootstrap").OpenAsync(TestContext.Current.CancellationToken);
        entry.Write(System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n# {version}\n"));
    }

    /// <summary>What a process shows until it has named what runs.</summary>
    private static async Task<string> Asked(Process process)
    {
        var shown = string.Empty;
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            shown += line + "\n";
            if (line.StartsWith("  arn:aws:states:", StringComparison.Ordinal))
            {
                return shown;
            }
        }

        throw new InvalidOperationException($"it ended before it asked: {shown}");
    }

    private async Task<ExecutionStatus> StatusOf(string execution)
    {
        using var stepFunctions = deployer.StepFunctions();
        var described = await stepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
        return described.Status;
    }

    [GeneratedRegex("watch (?<arn>arn:aws:states:[^ \n]+)")]
    private static partial Regex Watched();

    [GeneratedRegex("approve (?<plan>arn:aws:states:[^ \n]+)")]
    private static partial Regex Waiting();

    [GeneratedRegex("redrive (?<arn>arn:aws:states:[^ \n]+)")]
    private static partial Regex Redriven();
}
