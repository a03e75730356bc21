using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Stacks that CloudFormation refuses in one way, and that were planned without a word: a resource with a name of its own that has to be
/// replaced (convox/rack#2941), and a parameter of Systems Manager that the role may not read in the way in which CloudFormation reads it
/// (aws/aws-cdk#20959).
/// </summary>
public sealed class SharedCasesTests : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    /// <summary>What each case of the shared folder comes to; the exit code 2 says that it is refused before anything runs.</summary>
    [Theory]
    [InlineData("allowed-pattern-java", 0, "succeeded")]
    [InlineData("author-display-name", 2, "the pipeline has no variable #{SourceVariables.AuthorDisplayName}")]
    [InlineData("custom-resource", 0, "the custom resource Fn (Custom::Maker) was not rehearsed")]
    [InlineData("custom-resource-version", 0, "the custom resource Fn (AWS::CloudFormation::CustomResource) was not rehearsed")]
    [InlineData("foreach", 0, " of a pipeline lacks s3:GetBucketVersioning, s3:GetBucketAcl, ")]
    [InlineData("hooks", 2, "the rehearsal does not support the section Hooks")]
    [InlineData("ion-config-extra-keys", 0, "succeeded")]
    [InlineData("ion-dev-alias", 0, "succeeded")]
    [InlineData("lambda-alias", 0, "alias live (version 1) of inventory-consumer-dev-orders has other values of DATOMIC_ENDPOINT")]
    [InlineData("mapping-numeric-key", 2, "the key 111111111111 is a number to CloudFormation, and map keys must be strings")]
    [InlineData("nested-remote-iam", 0, "succeeded")]
    [InlineData("sam-connectors", 2, "the rehearsal does not support Connectors of the Serverless Application Model")]
    [InlineData("ssm-getparameters", 0, "succeeded")]
    [InlineData("template-limits", 2, "the Description has 1100 bytes; expected at most 1024")]
    [InlineData("unsupported-type", 0, "Q (AWS::SQS::Queue) was simulated by its schema alone")]
    [InlineData("via-gateway", 2, "\"via: gateway\" of the step \"endpoint\" is not supported yet; expected vpc-endpoint")]
    public async Task A_shared_case_comes_to_what_its_page_says_is_right(string name, int exit, string says)
    {
        var run = await Run("rehearse", await Shared(name));

        run.ExitCode.ShouldBe(exit, run.Terminal);
        string.Join(' ', run.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldContain(says);
        exit.ShouldBe(run.Count("CreateChangeSet") > 0 ? 0 : 2, "what is refused is refused before anything runs");
    }

    [Fact]
    public async Task The_shared_case_of_a_name_that_stands_in_the_way_is_planned_as_what_would_fail()
    {
        var service = await Shared("custom-named-replacement");
        await SmallService.Change(service, "stacks/t.yaml", "Path: /inventory-dev/", "Path: /");
        (await Run("rehearse", service)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await SmallService.Change(service, "stacks/t.yaml", "Path: /", "Path: /inventory-dev/");

        var planned = await Run("plan", service);

        planned.ExitCode.ShouldBe(1);
        Problem(planned).ShouldContain("has to be replaced and keeps its RoleName inventory-dev-fixed");
    }

    [Fact]
    public async Task The_shared_case_of_a_changed_value_is_deployed()
    {
        var service = await Shared("ssm-value-changed");
        (await Run("rehearse", service)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await SmallService.Change(service, "stacks/a.yaml", "first", "second");

        var second = await Run("rehearse", service);

        (second.Step("a").Action, second.Step("t").Action).ShouldBe((StepAction.Updated, StepAction.Updated), second.Report.Cause);
    }

    /// <summary>A case over the example, as its README says; those with stacks have accounts with roles of their own.</summary>
    private async Task<string> Shared(string name)
    {
        var (accounts, inputs) = (Repository.Shared("cases/_base"), Repository.Shared($"cases/{name}"));
        Assert.SkipWhen(accounts is null || inputs is null, "the shared cases are not there");
        var service = CommandLine.CopyInventory(_folder.Path);
        if (Directory.Exists(Path.Combine(inputs, "stacks")))
        {
            Folders.Copy(accounts, service);
        }

        Folders.Copy(inputs, service);
        return service;
    }

    [Fact]
    public async Task A_resource_of_its_own_name_that_has_to_be_replaced_or_is_named_anew_would_fail()
    {
        var service = await Service("iam:*", Role("Role", "/"));
        (await Run("rehearse", service)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        await Write(service, Role("Role", "/inventory-dev/"));
        var replaced = await Run("plan", service);
        var failed = await Run("rehearse", service);
        await Write(service, Role("Renamed", "/"));
        var renamed = await Run("plan", service);

        replaced.ExitCode.ShouldBe(1);
        Problem(replaced).ShouldContain("Role in stack inventory-dev-t has to be replaced and keeps its RoleName inventory-dev-fixed");
        (failed.ExitCode, failed.Report.Error).ShouldBe((1, "SpecInvalidException"));
        failed.Count("ExecuteChangeSet").ShouldBe(0);
        renamed.ExitCode.ShouldBe(1);
        Problem(renamed)
            .ShouldContain("Renamed would be made in stack inventory-dev-t with the RoleName inventory-dev-fixed, which Role has");
    }

    [Fact]
    public async Task A_parameter_is_read_with_the_action_that_CloudFormation_uses_and_its_refusal_names_the_step()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.AllowCloudFormation(service, "ssm:*", "logs:*");
        await SmallService.WriteAlone(
            service,
            """
              a: { stack: "inventory-${target}-a", template: stacks/a.yaml }
              t: { stack: "inventory-${target}-t", template: stacks/t.yaml, after: [ a ] }
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "a.yaml"),
            "Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Name: /inventory/dev/level, Type: String, Value: first } } }"
        );
        await Write(
            service,
            """
            Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/level } }
            Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub "/x/${Level}" } } }
            """
        );
        // ssm:GetParameter, which the role has instead, is another action.
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "deny.yaml"),
            """
            Resources:
              Deny: { Type: AWS::IAM::Policy, Properties: { PolicyName: deny, Roles: [ deployer-dev-target ], PolicyDocument: { Version:
                2012-10-17, Statement: [ { Effect: Deny, Action: ssm:GetParameters, Resource: "*" }, { Effect: Allow, Action:
                ssm:GetParameter, Resource: "*" } ] } } }
            """
        );
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "    stack: ${system}\n",
            "    stack: deny\n    template: deny.yaml\n  - account: target\n    stack: ${system}\n"
        );

        var failed = await Run("rehearse", service);
        var planned = await Run("plan", service);

        (failed.ExitCode, failed.Report.Error).ShouldBe((1, "AwsRefusedException"));
        failed.Report.Cause!.ShouldContain("is not authorized to perform: ssm:GetParameters on resource: ");
        (failed.Step("a").Action, failed.Step("t").Action).ShouldBe((StepAction.Created, StepAction.Failed));
        planned.ExitCode.ShouldBe(1);
        Problem(planned).ShouldContain("is not authorized to perform: ssm:GetParameters on resource: ");
    }

    [Theory]
    [InlineData("no-such-bucket", "The specified bucket does not exist")]
    [InlineData("datomic-cloud-1", "Access Denied")] // A key that is not there, to whom may not list the bucket.
    public async Task A_bucket_that_is_not_there_is_another_cause_than_a_key(string bucket, string cause)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            service,
            $"  t: {{ stack: \"inventory-${{target}}-t\", template: \"https://{bucket}.s3.amazonaws.com/nothing.yaml\" }}\n"
        );

        var planned = await Run("plan", service);

        planned.ExitCode.ShouldBe(1);
        Problem(planned).ShouldContain($"S3 error: {cause}");
    }

    private static string Role(string id, string path) =>
        $$"""
            Resources:
              {{id}}: { Type: AWS::IAM::Role, Properties: { RoleName: inventory-dev-fixed, Path: {{path}}, AssumeRolePolicyDocument: {
                Version: 2012-10-17,
                Statement: [ { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole } ] } } }
            """;

    private static string Problem(CommandResult planned) =>
        PlannedExample.Read(planned).Steps.Single(step => step.Step == "t").Problem.ShouldNotBeNull();

    private async Task<string> Service(string action, string template)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.AllowCloudFormation(service, action);
        await SmallService.WriteAlone(service, "  t: { stack: \"inventory-${target}-t\", template: stacks/t.yaml }\n");
        await Write(service, template);
        return service;
    }

    private static Task Write(string service, string template) =>
        File.WriteAllTextAsync(Path.Combine(service, "stacks", "t.yaml"), template);

    private Task<CommandResult> Run(string command, string service) =>
        CommandLine.InProcess(command, service, "--target", "dev", "--state", _state.Path);
}
