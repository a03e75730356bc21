using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateArtifactTests
{
    [Theory]
    [InlineData("Globals: { Function: { CodeUri: src } }\nResources: {}", "Globals CodeUri src Code Uri")]
    [InlineData(
        "Resources:\r\n  # Größe\r\n  F:\r\n    Type: AWS::Serverless::Function\r\n    Properties:\r\n      "
            + "CodeUri:   ./src/   # here\r\n      Handler: x\r\n",
        "F CodeUri ./src/ Code Uri"
    )]
    [InlineData(
        "Resources:\n  F: { Type: AWS::Lambda::Function, Properties: { Code: 'out/f.zip', Handler: x } }",
        "F Code out/f.zip Code Code"
    )]
    [InlineData(
        "{ \"Resources\": { \"S\": { \"Type\": \"AWS::CloudFormation::Stack\", \"Properties\": { \"TemplateURL\": \"inner.yaml\" } } } }",
        "S TemplateURL inner.yaml Template Url"
    )]
    [InlineData(
        "Resources: { M: { Type: AWS::StepFunctions::StateMachine, Properties: { DefinitionS3Location: m.json } } }",
        "M DefinitionS3Location m.json File Location"
    )]
    [InlineData(
        "Resources: { Fn::ForEach::S: [ N, [ a ], { 'S${N}': { Type: AWS::CloudFormation::Stack, "
            + "Properties: { TemplateURL: inner.yaml } } } ] }",
        "S${N} TemplateURL inner.yaml Template Url"
    )]
    public void A_path_is_found_with_its_place(string template, string expected)
    {
        var artifact = TemplateArtifact.In(template, "api.yaml").ShouldHaveSingleItem();

        $"{artifact.LogicalId} {artifact.Property} {artifact.Path} {artifact.Content} {artifact.Form}".ShouldBe(expected);
        template[artifact.Place].Trim('\'', '"').ShouldBe(artifact.Path);
    }

    [Theory]
    [InlineData("Resources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: s3://bucket/key } } }")]
    [InlineData("Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://example.com/inner.yaml } } }")]
    [InlineData("Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Sub \"${Base}/inner.yaml\" } } }")]
    [InlineData("Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: source } } } }")]
    [InlineData("Resources: { T: { Type: AWS::SNS::Topic, Properties: { CodeUri: src } } }")]
    public void Addresses_and_what_is_not_known_before_are_left_alone(string template) =>
        TemplateArtifact.In(template, "api.yaml").ShouldBeEmpty();
}
