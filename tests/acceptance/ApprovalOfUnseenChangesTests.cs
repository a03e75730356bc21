using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A plan without what the target's rule names needs no approval, and cannot show everything: what the deployment finds out later is held
/// against it.
/// </summary>
public sealed class ApprovalOfUnseenChangesTests : IDisposable
{
    private const string Rule = "{ for: [ replacements, removals ] }";

    private const string Logging = """
          logs:
            stack: inventory-${target}-logs
            template: stacks/logs.yaml
        """;

    private const string ByHand = "s3cr3t-by-hand";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_removal_that_a_value_known_after_apply_brings_is_not_deployed_without_an_approval()
    {
        var service = await Service(
            """
              switch:
                stack: inventory-${target}-switch
                template: stacks/switch.yaml
              logs:
                stack: inventory-${target}-logs
                template: stacks/logs.yaml
                parameters: { Keep: "${steps.switch.outputs.Keep}" }
                after: [ switch ]
            """
        );
        await Switch("yes");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "logs.yaml"),
            """
            Parameters: { Keep: { Type: String } }
            Conditions: { Keeps: !Equals [ !Ref Keep, "yes" ] }
            Resources:
              Always: { Type: AWS::Logs::LogGroup }
              Orders: { Type: AWS::Logs::LogGroup, Condition: Keeps }

            """,
            TestContext.Current.CancellationToken
        );
        await Run("rehearse", service);
        var first = await Run("deploy", service);
        await Switch("no");

        var unseen = await Run("deploy", service);
        var seen = await Run("deploy", service);
        var approved = await Approve(seen);

        first.ExitCode.ShouldBe(0, first.Terminal);
        unseen.ExitCode.ShouldBe(1, unseen.Terminal);
        unseen.Report.Error.ShouldBe(nameof(PlanChangedException));
        unseen.Report.Cause!.ShouldContain("step logs would change what plan ");
        unseen.Report.Cause!.ShouldContain("Orders AWS::Logs::LogGroup is removed: what it holds is deleted with it");
        unseen.ShouldLeaveNothingBehind();
        seen.ExitCode.ShouldBe(4, seen.Terminal);
        seen.Report.Plan!.NeedsApproval!.ShouldHaveSingleItem().ShouldStartWith("logs: Orders AWS::Logs::LogGroup is removed");
        approved.ExitCode.ShouldBe(0, approved.Terminal);

        Task Switch(string keep) =>
            File.WriteAllTextAsync(
                Path.Combine(service, "stacks", "switch.yaml"),
                $$"""
                Resources: { Log: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: {{(keep == "yes" ? 1 : 3)}} } } }
                Outputs: { Keep: { Value: "{{keep}}" } }

                """
            );
    }

    [Fact]
    public async Task What_is_planned_in_the_middle_of_another_operation_is_not_deployed_without_an_approval()
    {
        var service = await Service(Logging);
        await Logs("A: { Type: AWS::Logs::LogGroup }, B: { Type: AWS::Logs::LogGroup }");
        await Run("rehearse", service);
        (await Run("deploy", service)).ExitCode.ShouldBe(0);
        await Logs("A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 3 } }, B: { Type: AWS::Logs::LogGroup }");
        var hanging = await Run("deploy", service, "--fault", "stack-never-ends");
        await Logs("A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 3 } }");

        var deployed = await Run("deploy", service);
        for (var redrives = 0; redrives < 20 && deployed.Report.Error != nameof(PlanChangedException); redrives++)
        {
            deployed.ExitCode.ShouldNotBe(0, deployed.Terminal);
            deployed = await CommandLine.InProcess("redrive", deployed.Report.Deployment!, "--rehearsed", State);
        }

        hanging.ExitCode.ShouldBe(1);
        deployed.Report.Error.ShouldBe(nameof(PlanChangedException));
        deployed.Report.Cause!.ShouldContain("B AWS::Logs::LogGroup is removed: what it holds is deleted with it");
        deployed.ShouldLeaveNothingBehind();

        Task Logs(string resources) =>
            File.WriteAllTextAsync(Path.Combine(service, "stacks", "logs.yaml"), $"Resources: {{ {resources} }}\n");
    }

    [Fact]
    public async Task What_somebody_changed_before_a_redrive_is_not_undone_without_an_approval()
    {
        var service = await Service(Logging, rule: "true");
        const string Before = "Resources: { A: { Type: AWS::Logs::LogGroup } }\n";
        const string Changed = "Resources: { A: { Type: AWS::Logs::LogGroup }, K: { Type: AWS::Logs::LogGroup } }\n";
        const string After = "Resources: { A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 3 } } }\n";
        await Template(Before);
        await Run("rehearse", service);
        await Approved(Before);
        var failed = await Approved(After, "--fault", "stack-rolls-back");
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await accounts.Target.CloudFormation.UpdateStackAsync(
                new UpdateStackRequest { StackName = "inventory-dev-logs", TemplateBody = Changed },
                TestContext.Current.CancellationToken
            );
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
        }

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--rehearsed", State);

        failed.Report.Error.ShouldBe(nameof(StackFailedException));
        redriven.ExitCode.ShouldBe(1, redriven.Terminal);
        redriven.Report.Error.ShouldBe(nameof(PlanChangedException));
        redriven.Report.Cause!.ShouldContain("K AWS::Logs::LogGroup is removed: what it holds is deleted with it");
        redriven.ShouldLeaveNothingBehind();

        Task Template(string template) => File.WriteAllTextAsync(Path.Combine(service, "stacks", "logs.yaml"), template);

        async Task<CommandResult> Approved(string template, params string[] options)
        {
            await Template(template);
            return await Approve(await Run("deploy", service), options);
        }
    }

    [Fact]
    public async Task A_hidden_value_that_others_have_changed_before_a_redrive_is_a_change_since_the_plan()
    {
        var service = await Service(Logging, rule: "true");
        await Template(1);
        await Run("rehearse", service);
        await Approved(1);
        var failed = await Approved(3, "--fault", "stack-rolls-back");
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await accounts.Target.CloudFormation.UpdateStackAsync(
                new UpdateStackRequest
                {
                    StackName = "inventory-dev-logs",
                    UsePreviousTemplate = true,
                    Parameters = [new Parameter { ParameterKey = "Key", ParameterValue = ByHand }],
                    ClientRequestToken = "Console-UpdateStack-7",
                },
                TestContext.Current.CancellationToken
            );
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
        }

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--rehearsed", State);

        failed.Report.Error.ShouldBe(nameof(StackFailedException));
        redriven.ExitCode.ShouldBe(1, redriven.Terminal);
        redriven.Report.Error.ShouldBe(nameof(PlanChangedException));
        redriven.Report.Cause!.ShouldContain("step logs: stack inventory-dev-logs was updated by others since plan ");
        redriven.Report.Cause!.ShouldContain(" by operation Console-UpdateStack-7, and nothing of it was changed; plan again");
        redriven.Report.Cause!.ShouldContain("when it was planned CREATE_COMPLETE, last changed ");
        redriven.Json.ShouldNotContain(ByHand);
        redriven.Terminal.ShouldNotContain(ByHand);
        redriven.ShouldLeaveNothingBehind();

        Task Template(int days) =>
            File.WriteAllTextAsync(
                Path.Combine(service, "stacks", "logs.yaml"),
                $$"""
                Parameters: { Key: { Type: String, NoEcho: true, Default: first-of-all } }
                Resources:
                  A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: {{days}}, Tags: [ { Key: key, Value: !Ref Key } ] } }
                """
            );

        async Task<CommandResult> Approved(int days, params string[] options)
        {
            await Template(days);
            return await Approve(await Run("deploy", service), options);
        }
    }

    [Fact]
    public async Task What_a_stack_reads_from_elsewhere_and_its_nested_stacks_are_looked_at_also_where_its_own_template_has_changed()
    {
        var service = await Service(
            """
              outer:
                stack: inventory-${target}-outer
                template: stacks/outer.yaml
            """,
            rule: "true"
        );
        await SmallService.AllowCloudFormation(service, "ssm:*", "logs:*");
        await Template(1);
        await Run("rehearse", service);
        await Level("first");
        var first = await Run("deploy", service);
        var deployed = await Approve(first);
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Report.Cause);
        await Template(3);
        var parameter = await Run("deploy", service);
        await Level("second");
        var parameterChanged = await Approve(parameter);
        var nested = await Run("deploy", service);
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            var inner = (
                await accounts.Target.CloudFormation.DescribeStackResourcesAsync(
                    new DescribeStackResourcesRequest { StackName = "inventory-dev-outer", LogicalResourceId = "Inner" },
                    TestContext.Current.CancellationToken
                )
            ).StackResources.Single();
            await accounts.BeginUpdateByHand(inner.PhysicalResourceId);
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
        }

        var nestedChanged = await Approve(nested);

        foreach (var refused in new[] { parameterChanged, nestedChanged })
        {
            refused.ExitCode.ShouldBe(1, refused.Terminal);
            refused.Report.Error.ShouldBe(nameof(PlanChangedException));
            refused.ShouldLeaveNothingBehind();
        }

        parameterChanged.Report.Cause!.ShouldContain(
            "step outer: parameter /inventory/dev/level of Systems Manager, which stack inventory-dev-outer uses: when it was planned "
                + "version 1 since "
        );
        nestedChanged.Report.Cause!.ShouldContain("step outer: nested stack Inner of stack inventory-dev-outer: when it was planned ");

        async Task Template(int days)
        {
            await File.WriteAllTextAsync(
                Path.Combine(service, "stacks", "inner.yaml"),
                "Resources: { I: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /inventory/dev/inner } } }\n"
            );
            await File.WriteAllTextAsync(
                Path.Combine(service, "stacks", "outer.yaml"),
                $$"""
                Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/level } }
                Resources:
                  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner.yaml } }
                  O: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub "/x/${Level}", RetentionInDays: {{days}} } }
                """
            );
        }

        async Task Level(string value)
        {
            await using var accounts = await SimulatedAccounts.OpenService(service, State);
            await accounts
                .Target.Target("us-east-1")
                .Parameters.PutParameterAsync(
                    new()
                    {
                        Name = "/inventory/dev/level",
                        Type = "String",
                        Value = value,
                        Overwrite = value != "first",
                    },
                    TestContext.Current.CancellationToken
                );
        }
    }

    private string State => Path.Combine(_folder.Path, "state");

    private Task<CommandResult> Run(string command, string service, params string[] options) =>
        CommandLine.InProcess([command, service, "--target", "dev", "--state", State, .. options]);

    /// <summary>Approves the plan of a deployment that waits, and deploys it.</summary>
    private Task<CommandResult> Approve(CommandResult waiting, params string[] options) =>
        CommandLine.InProcess(["approve", waiting.Report.Plan!.Plan, "--rehearsed", State, .. options]);

    private async Task<string> Service(string steps, string rule = Rule)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, steps);
        await SmallService.Change(
            service,
            "deployer.yaml",
            "region: us-east-1, values: { system: datomic-dev",
            $"region: us-east-1, approval: {rule}, values: {{ system: datomic-dev"
        );
        return service;
    }
}
