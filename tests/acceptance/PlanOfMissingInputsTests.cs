using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Stacks that need a parameter of Systems Manager or an export, which an earlier step of the same service makes.
/// https://github.com/aws/aws-cdk/issues/8888, https://github.com/aws/aws-cdk/issues/20959
/// </summary>
public sealed class PlanOfMissingInputsTests : IDisposable
{
    private const string First = """  a: { stack: "inventory-${target}-a", template: stacks/a.yaml }""";

    private const string Later = """
          typed: { stack: "inventory-${target}-typed", template: stacks/typed.yaml, after: [ a ] }
          resolved: { stack: "inventory-${target}-resolved", template: stacks/resolved.yaml, after: [ a ] }
          imported: { stack: "inventory-${target}-imported", template: stacks/imported.yaml, after: [ a ] }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_an_earlier_step_may_make_is_known_after_apply()
    {
        var service = await Service($"{First}\n{Later}");

        var result = await CommandLine.InProcess("plan", service, "--target", "dev");

        result.ExitCode.ShouldBe(0);
        var plan = PlannedExample.Read(result);
        plan.Steps.Where(step => step.Step != "a")
            .Select(step => (step.Step, step.Action.Text(), string.Join(", ", step.DependsOn), step.KnownAfterApply.Single(), step.Problem))
            .ShouldBe(
                [
                    ("typed", "depends", "a", "the parameter /inventory/dev/level of Systems Manager", null),
                    ("resolved", "depends", "a", "the parameter /inventory/dev/level of Systems Manager", null),
                    ("imported", "depends", "a", "the export inventory-level", null),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task What_no_earlier_step_can_make_fails()
    {
        var service = await Service(Later.Replace(", after: [ a ]", string.Empty, StringComparison.Ordinal));

        var result = await CommandLine.InProcess("plan", service, "--target", "dev");

        result.ExitCode.ShouldBe(1);
        PlannedExample.Read(result).Steps.ShouldAllBe(step => step.Problem != null && step.KnownAfterApply.Count == 0);
    }

    private async Task<string> Service(string steps)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, steps);
        await Write(
            "a",
            """
            Resources:
              P: { Type: "AWS::SSM::Parameter", Properties: { Name: /inventory/dev/level, Type: String, Value: first } }
            Outputs:
              Level: { Value: first, Export: { Name: inventory-level } }
            """
        );
        await Write(
            "typed",
            """
            Parameters:
              Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/level }
            Resources:
              G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: !Sub "/typed/${Level}" } }
            """
        );
        await Write("resolved", OfLogGroup("\"/resolved/{{resolve:ssm:/inventory/dev/level}}\""));
        await Write("imported", OfLogGroup("!ImportValue inventory-level"));
        return service;

        Task Write(string name, string template) => File.WriteAllTextAsync(Path.Combine(service, "stacks", $"{name}.yaml"), template);
    }

    private static string OfLogGroup(string name) =>
        $$"""
            Resources:
              G: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: {{name}} } }
            """;
}
