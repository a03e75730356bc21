using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

public sealed class ExportsInUseTests
{
    private const string Exporting = """
        Parameters: { Name: { Type: String, Default: one } }
        Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } } }
        Outputs:
          Topic: { Value: !Ref Topic, Export: { Name: !Sub "${AWS::StackName}-topic" } }
          Name: { Value: !Ref Name, Export: { Name: name-of-topic } }
        """;

    [Theory]
    [InlineData("inventory-dev-api-topic", ", Export: { Name: !Sub \"${AWS::StackName}-topic\" }", "", "the template exports it no longer")]
    [InlineData("inventory-dev-api-topic", "${AWS::StackName}-topic", "${AWS::StackName}-other", "the template exports it no longer")]
    [InlineData("name-of-topic", "Value: !Ref Name", "Value: two", ": the template exports another value")]
    [InlineData("inventory-dev-api-topic", "TopicName: !Ref Name", "TopicName: other", ": Topic, of which the value is, would be replaced")]
    public async Task An_export_that_is_imported_is_neither_removed_nor_changed(string export, string from, string to, string loss)
    {
        await using var simulated = await Simulated(export, from, to);

        var refused = await Should.ThrowAsync<ExportInUseException>(simulated.Deploy);

        var lines = refused.Message.Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith($"stack inventory-dev-api exports {export}, which importer imports, and ");
        lines[0].ShouldEndWith(loss);
        lines[1].ShouldStartWith("CloudFormation refuses to remove or change an export in use: ");
        (await simulated.Settled()).LastUpdatedTime.ShouldBeNull();
    }

    [Theory]
    [InlineData("DisplayName: shown, ", "Properties: { ")]
    [InlineData("Export: { Name: another }", ", Export: { Name: !Sub \"${AWS::StackName}-topic\" }")]
    public async Task What_nobody_imports_may_change(string added, string where)
    {
        await using var simulated = await Simulated("name-of-topic", where, where.StartsWith(',') ? $", {added}" : where + added);

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
    }

    /// <summary>The stack exists, and another one imports one of its exports; then its template is changed.</summary>
    private static async Task<SimulatedStacks> Simulated(string export, string from, string to)
    {
        var simulated = await SimulatedStacks.Open();
        await simulated.Create(Exporting);
        await simulated.Client.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = "importer",
                TemplateBody = $"Resources: {{ Topic: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: !ImportValue {export} }} }} }}",
            }
        );
        await simulated.Settled("importer");
        var changed = Exporting.Replace(from, to, StringComparison.Ordinal);
        changed.ShouldNotBe(Exporting);
        simulated.Bench.Folder.With("api.yaml", changed);
        simulated.Bench.Begin("two", "template: api.yaml, parameters: { }");
        return simulated;
    }
}
