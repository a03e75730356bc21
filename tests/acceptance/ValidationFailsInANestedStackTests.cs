using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>The resource that the validation finds is one of a nested stack.</summary>
public sealed class ValidationFailsInANestedStackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_cause_names_the_nested_stack_and_a_redrive_goes_on()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        await SmallService.WriteAlone(service, """  outer: { stack: "inventory-${target}-outer", template: stacks/outer.yaml }""");
        await Write("outer", "{ Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml } } }");
        await Write("child", """{ Inner: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /inventory/dev/inner } } }""");

        var failed = await ContainerService.Rehearse(service, state, "validation-fails:Inner");
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);

        failed.Report.Cause.ShouldBe(
            "stack inventory-dev-outer: the change set could not be made in the nested stack Child: Inner (AWS::Logs::LogGroup) at "
                + "/Resources/Inner: Resource of type 'AWS::Logs::LogGroup' with identifier 'Inner' already exists. "
                + "(NAME_CONFLICT_VALIDATION)"
        );
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);

        Task Write(string name, string resources) =>
            File.WriteAllTextAsync(Path.Combine(service, "stacks", $"{name}.yaml"), $"Resources: {resources}\n");
    }
}
