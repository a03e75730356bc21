using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateExportsTests
{
    private static readonly Dictionary<string, string> Known = new() { ["AWS::StackName"] = "stack", ["Name"] = "n" };

    [Theory]
    [InlineData("shared", "shared")]
    [InlineData("!Ref Name", "n")]
    [InlineData("!Ref Other", "default")]
    [InlineData("!Ref NoDefault", null)]
    [InlineData("!Ref Topic", null)]
    [InlineData("!Sub \"${AWS::StackName}-${Name}-${!kept}\"", "stack-n-${kept}")]
    [InlineData("!Sub \"${AWS::StackName}-${Topic}\"", null)]
    [InlineData("!Sub [ \"${X}-${Name}\", { X: !Ref AWS::StackName } ]", "stack-n")]
    [InlineData("!Join [ \"-\", [ a, !Ref Name ] ]", "a-n")]
    [InlineData("{ \"Fn::Join\": [ \"\", [ { Ref: \"AWS::StackName\" }, \"-FileSystemId\" ] ] }", "stack-FileSystemId")]
    [InlineData("{ \"Fn::Sub\": \"${Name}-VpcEndpointServiceName\" }", "n-VpcEndpointServiceName")]
    [InlineData("!Join [ \"-\", [ a, !Ref Topic ] ]", null)]
    [InlineData("!ImportValue x", null)]
    [InlineData("!FindInMap [ A, B, C ]", null)]
    public void A_name_is_evaluated_as_far_as_it_is_known_before(string written, string? name) =>
        Read($"  O: {{ Value: x, Export: {{ Name: {written} }} }}").ShouldHaveSingleItem().Export.ShouldBe(name);

    [Theory]
    [InlineData("!Ref Topic", "Topic")]
    [InlineData("!Sub \"${Topic}/${Queue.Arn}\"", "Topic")]
    [InlineData("!GetAtt Topic.Arn", "")]
    [InlineData("{ \"Fn::Join\": [ \"/\", [ { Ref: Topic }, { Ref: Name } ] ] }", "Name Topic")]
    [InlineData("!Sub [ \"${X}${Topic}\", { X: !Ref Queue } ]", "Queue Topic")]
    public void A_value_shows_what_it_refers_to(string written, string refs) =>
        string.Join(' ', Read($"  O: {{ Value: {written}, Export: {{ Name: e }} }}").ShouldHaveSingleItem().Refs.Order()).ShouldBe(refs);

    [Fact]
    public void Outputs_without_an_export_are_none_and_conditions_are_reported()
    {
        var exports = Read("  A: { Value: x }\n  B: { Value: x, Condition: C, Export: { Name: e } }");

        exports.ShouldHaveSingleItem().IsConditional.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Transform: Own::Macro\nResources: {}")]
    [InlineData("Resources: {}\nOutputs: { \"Fn::Transform\": { Name: Own::Macro } }")]
    [InlineData("[")]
    public void Of_a_template_that_a_macro_changes_nothing_is_known(string template) =>
        TemplateExports.Read(template, "t.yaml", _ => null).ShouldBeNull();

    private static IReadOnlyList<TemplateExport> Read(string outputs) =>
        TemplateExports
            .Read(
                $$"""
                Parameters: { Name: { Type: String }, Other: { Type: String, Default: default }, NoDefault: { Type: String } }
                Resources: { Topic: { Type: AWS::SNS::Topic }, Queue: { Type: AWS::SQS::Queue } }
                Outputs:
                {{outputs}}
                """,
                "t.yaml",
                Known.GetValueOrDefault
            )
            .ShouldNotBeNull();
}
