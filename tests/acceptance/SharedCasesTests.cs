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

    /// <summary>The accounts of the shared cases are of somebody who has a pipeline and roles of their own.</summary>
    [Fact]
    public async Task A_service_with_a_pipeline_of_its_own_is_deployed_and_hears_what_its_role_lacks()
    {
        var (accounts, inputs) = (Repository.Shared("cases/_base"), Repository.Shared("cases/foreach"));
        Assert.SkipWhen(accounts is null || inputs is null, "the shared cases are not there");
        var service = CommandLine.CopyInventory(_folder.Path);
        Folders.Copy(accounts, service);
        Folders.Copy(inputs, service);

        var run = await Run("rehearse", service);

        (run.ExitCode, run.Report.Verdict).ShouldBe((0, Verdict.Succeeded), run.Report.Cause);
        run.Report.Notices.ShouldContain(notice =>
            notice.Contains(" of a pipeline lacks s3:GetBucketVersioning, s3:GetBucketAcl, ", StringComparison.Ordinal)
        );
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
