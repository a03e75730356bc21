using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A stack with a parameter of an SSM type, whose value another stack of the service writes: the template's text stays the same.
/// https://github.com/aws/aws-cdk/issues/8888
/// </summary>
public sealed class ValuesOfInputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stack_is_updated_when_the_value_behind_its_parameter_changed()
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
            Path.Combine(service, "stacks", "t.yaml"),
            """
            Parameters:
              Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/shared/level }
            Resources:
              G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: !Sub "/x/${Level}" } }
            Outputs:
              Group: { Value: !Ref G }
            """
        );
        await Write(service, "first");
        (await Run("rehearse", service)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await Write(service, "second");

        var planned = PlannedExample.Read(await Run("plan", service)).Steps.Single(step => step.Step == "t");
        var second = await Run("rehearse", service);
        var third = await Run("rehearse", service);

        (planned.Action, string.Join(", ", planned.DependsOn)).ShouldBe((PlannedAction.Depends, "a"));
        second.ExitCode.ShouldBe(0);
        second.Step("t").Action.ShouldBe(StepAction.Updated);
        (third.ExitCode, third.Report.Verdict).ShouldBe((0, Verdict.NothingToDo));
        third.ShouldChangeNothing();
        await using var accounts = await SimulatedAccounts.OpenService(service, Path.Combine(_folder.Path, "state"));
        (
            await accounts.Target.CloudFormation.DescribeStacksAsync(
                new Amazon.CloudFormation.Model.DescribeStacksRequest { StackName = "inventory-dev-t" }
            )
        )
            .Stacks[0]
            .Outputs.Single()
            .OutputValue.ShouldBe("/x/second");
    }

    [Fact]
    public async Task A_published_output_is_there_for_the_steps_after_it_in_the_same_deployment()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.AllowCloudFormation(service, "logs:*");
        await SmallService.WriteAlone(
            service,
            """
              a: { stack: "inventory-${target}-a", template: stacks/a.yaml, publish: "/inventory/${target}/a" }
              t: { stack: "inventory-${target}-t", template: stacks/t.yaml, after: [ a ] }
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "t.yaml"),
            """
            Parameters:
              Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/a/Level }
            Resources:
              G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: !Sub "/x/${Level}" } }
            Outputs:
              Group: { Value: !Ref G }
            """
        );
        await Publish(service, "first");
        var first = await Run("rehearse", service);
        await Publish(service, "second");
        var second = await Run("rehearse", service);
        var third = await Run("rehearse", service);

        first.Report.Verdict.ShouldBe(Verdict.Succeeded, first.Report.Cause);
        second.Report.Verdict.ShouldBe(Verdict.Succeeded, second.Report.Cause);
        (second.Step("a").Action, second.Step("t").Action).ShouldBe((StepAction.Updated, StepAction.Updated));
        (third.ExitCode, third.Report.Verdict).ShouldBe((0, Verdict.NothingToDo));
        third.ShouldChangeNothing();
        await using var accounts = await SimulatedAccounts.OpenService(service, Path.Combine(_folder.Path, "state"));
        var stacks = await accounts.Target.CloudFormation.DescribeStacksAsync(new() { StackName = "inventory-dev-t" });
        stacks.Stacks[0].Outputs.Single().OutputValue.ShouldBe("/x/second");
    }

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html: UsePreviousValue</summary>
    [Fact]
    public async Task A_default_that_a_kept_value_hides_is_a_notice_of_plan_and_deployment()
    {
        const string Notice =
            "parameter Level keeps its value 'one'; the template's default for it has changed from 'one' to 'two', and counts only for new "
            + "stacks: name the parameter in the step to change it";
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.AllowCloudFormation(service, "logs:*");
        await SmallService.WriteAlone(service, "  a: { stack: \"inventory-${target}-a\", template: stacks/a.yaml }\n");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "a.yaml"),
            """
            Parameters: { Level: { Type: String, Default: one } }
            Resources: { G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: !Sub "/x/${Level}" } } }
            """
        );
        (await Run("rehearse", service)).Report.Notices.ShouldBeEmpty();
        await SmallService.Change(service, "stacks/a.yaml", "Default: one", "Default: two");

        var planned = await Run("plan", service);
        var deployed = await Run("rehearse", service);

        PlannedExample.Read(planned).Steps.Single().Notices.ShouldContain(Notice);
        deployed.Report.Notices.ShouldHaveSingleItem().ShouldBe($"a: {Notice}");
    }

    private static Task Publish(string service, string level) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "a.yaml"),
            $$"""
            Resources:
              G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: /inventory/dev/a } }
            Outputs:
              Level: { Value: {{level}} }
            """
        );

    private static Task Write(string service, string level) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "a.yaml"),
            $$"""
            Resources:
              P: { Type: "AWS::SSM::Parameter", Properties: { Name: /inventory/dev/shared/level, Type: String, Value: {{level}} } }
            """
        );

    private Task<CommandResult> Run(string command, string service) =>
        CommandLine.InProcess(command, service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
}
