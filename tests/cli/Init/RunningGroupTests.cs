using System.Text.Json.Nodes;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Cli.Tests.AwsAccounts;

namespace Deployer.Cli.Tests.Init;

/// <summary>A first deployer.yaml for a compute group that runs, by processes against accounts that are served.</summary>
public sealed class RunningGroupTests(ServedInventory accounts) : IClassFixture<ServedInventory>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-init-").FullName;

    private string Service => Path.Combine(_folder, "inventory");

    [Fact]
    public async Task A_group_is_written_as_it_runs_so_that_a_plan_finds_no_changes_of_it()
    {
        Folders.Copy(Path.Combine(Repository.Example, "ions"), Path.Combine(Service, "ions"));

        var written = await Init("--service", "inventory", "--target", "dev", "--group", "inventory-dev");

        written.ExitCode.ShouldBe(0, written.Error);
        written
            .Output.Words()
            .ShouldEndWith($"bootstrap service {Service} --target dev --tools-account 222222222222 --profile dev --region us-east-1");
        var file = await Text("deployer.yaml");
        file.ShouldContain("    account: \"111111111111\"\n    region: us-east-1\n    values: { system: \"datomic-dev\" }\n");
        file.ShouldContain("    stack: \"inventory-${target}\"\n    kind: datomic-query-group\n    template: stacks/group.json\n");
        file.ShouldContain("      ApplicationName: \"inventory\"\n");
        file.ShouldContain("      SystemName: \"${system}\"\n");
        file.ShouldContain("  ions:\n    ions: \"ions\"\n    group: ${steps.group.outputs.CodeDeployDeploymentGroup}\n");
        (await Text("stacks/group.json")).ShouldBe(await RunningTemplate());
        var plan = Path.Combine(_folder, "plan.json");
        var planned = await accounts.Run("plan", Service, "--target", "dev", "--stage", "dev", "--json", plan);
        planned.ExitCode.ShouldBeOneOf([0, 1], planned.Error);
        var steps = JsonNode.Parse(await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken))!["steps"]!.AsArray();
        var group = steps.Single(step => step!["step"]!.GetValue<string>() == "group")!;
        group["action"]!.GetValue<string>().ShouldBe("none", planned.Output);
    }

    [Fact]
    public async Task Which_group_is_meant_is_for_a_person_to_say()
    {
        var several = await Init("--service", "inventory", "--target", "dev");
        var none = await Init("--service", "inventory", "--target", "dev", "--group", "orders");

        several.ExitCode.ShouldBe(2);
        several
            .Error.Words()
            .ShouldContain(
                "account 111111111111 has several compute groups in us-east-1; expected --group of datomic-dev-compute, inventory-dev"
            );
        none.ExitCode.ShouldBe(2);
        none.Error.Words()
            .ShouldContain("account 111111111111 has no such compute group in us-east-1; expected --group of datomic-dev-compute, ");
        Directory.Exists(Service).ShouldBeFalse();
    }

    [Fact]
    public async Task Hidden_values_are_left_out_and_a_value_that_no_file_can_give_leaves_nothing_behind()
    {
        await accounts.CreateStackInTarget("secretive", Template("plain"));
        await accounts.CreateStackInTarget("expressive", Template("a${b}"));
        try
        {
            var refused = await Init("--service", "inventory", "--target", "dev", "--group", "expressive");
            refused.ExitCode.ShouldBe(2);
            refused.Error.ShouldContain("${b}");
            Directory.Exists(Service).ShouldBeFalse();

            var written = await Init("--service", "inventory", "--target", "dev", "--group", "secretive");
            written.ExitCode.ShouldBe(0, written.Error);
            var file = await Text("deployer.yaml");
            file.ShouldContain("    stack: \"secretive\"\n");
            file.ShouldContain("    template: stacks/group.yaml\n");
            file.ShouldContain("      Level: \"plain\"\n");
            file.ShouldNotContain("Password");
            file.ShouldNotContain("hidden");
        }
        finally
        {
            await accounts.DeleteStackInTarget("secretive");
            await accounts.DeleteStackInTarget("expressive");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A group as far as init looks at it.</summary>
    private static string Template(string level) =>
        $$"""
            Parameters:
              SystemName: { Type: String, Default: datomic-dev }
              Ions: { Type: String, Default: "Yes" }
              Level: { Type: String, Default: "{{level}}" }
              Password: { Type: String, NoEcho: true, Default: hidden-word }
            Resources:
              Topic: { Type: AWS::SNS::Topic }
            """;

    private async Task<string> RunningTemplate()
    {
        var target = accounts.Administrator with
        {
            Credentials = new Amazon.Runtime.BasicAWSCredentials(ServedAccounts.TargetAccount, Secret),
        };
        using var cloudFormation = target.Open(
            (credentials, config) => new AmazonCloudFormationClient(credentials, config),
            new AmazonCloudFormationConfig()
        );
        return (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = "inventory-dev" })).TemplateBody;
    }

    private string Secret => accounts.Administrator.Credentials.GetCredentials().SecretKey;

    private Task<string> Text(string file) => File.ReadAllTextAsync(Path.Combine(Service, file), TestContext.Current.CancellationToken);

    /// <summary>Runs the command with a profile of the target's account.</summary>
    private async Task<Finished> Init(params string[] options)
    {
        var start = accounts.Start(
            ["init", Service, .. options, "--region", ServedAccounts.Region, "--profile", "dev"],
            ServedAccounts.TargetAccount,
            Secret,
            token: null
        );
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "config"),
            $"[profile dev]\nregion = us-east-1\naws_access_key_id = {ServedAccounts.TargetAccount}\naws_secret_access_key = {Secret}\n"
        );
        return await ServedAccounts.Run(start);
    }
}
