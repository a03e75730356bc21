using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateSecretsTests
{
    [Theory]
    [InlineData("NoEcho: true", "of-the-default", "given-to-it")]
    [InlineData("NoEcho: 'true'", "of-the-default", "given-to-it")]
    [InlineData("NoEcho: True", "of-the-default", "given-to-it")]
    [InlineData("NoEcho: false")]
    [InlineData("NoEcho: 'false'")]
    public void What_a_parameter_with_NoEcho_is_given_and_its_default_are_secret(string key, params string[] secrets) =>
        TemplateSecrets
            .Read($"Parameters: {{ Password: {{ Type: String, {key}, Default: of-the-default }} }}", _ => ["given-to-it"])
            .Values.ShouldBe(secrets, ignoreOrder: true);

    [Fact]
    public void A_secret_parameter_of_an_SSM_type_has_the_value_of_what_it_names()
    {
        var read = TemplateSecrets.Read(
            "Parameters: { Key: { Type: 'AWS::SSM::Parameter::Value<String>', NoEcho: true, Default: /a/key } }",
            _ => []
        );

        read.Values.ShouldBeEmpty();
        read.SsmParameters.ShouldBe(["/a/key"]);
    }

    [Fact]
    public void The_items_of_a_secret_list_are_secret_too() =>
        TemplateSecrets
            .Read("Parameters: { Keys: { Type: CommaDelimitedList, NoEcho: true, Default: 'first-key, second-key' } }", _ => [])
            .Values.ShouldBe(["first-key, second-key", "first-key", "second-key"]);

    [Theory]
    [InlineData("!FindInMap [ Passwords, prod, Master ]", "of-prod")]
    [InlineData("!FindInMap [ Passwords, !Ref Stage, Master ]", "of-dev")]
    [InlineData("!FindInMap [ Passwords, !GetAtt Other.Stage, Master ]", "of-prod", "of-dev")]
    [InlineData("{ \"Fn::FindInMap\": [ Passwords, prod, Several ] }", "first", "second")]
    [InlineData("!FindInMap [ Missing, prod, Master ]")]
    [InlineData("!Join [ \"-\", [ word, !FindInMap [ Passwords, prod, Master ] ] ]", "of-prod")]
    [InlineData("!GetAtt Other.Outputs.Password", "of-an-output")]
    [InlineData("{ \"Fn::GetAtt\": [ Other, Outputs.Password ] }", "of-an-output")]
    [InlineData("!Sub \"${Other.Outputs.Password}-x\"", "of-an-output-x")]
    public void What_comes_from_a_mapping_or_another_nested_stack_is_known(string value, params string[] known) =>
        TemplateSecrets
            .Read(
                $$"""
                Parameters: { Stage: { Type: String } }
                Mappings:
                  Passwords:
                    prod: { Master: of-prod, Several: [ first, second ] }
                    dev: { Master: of-dev }
                Resources:
                  Child: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: x, Parameters: { Password: {{value}} } } }
                """,
                name =>
                    name switch
                    {
                        "Stage" => ["dev"],
                        "Other.Outputs.Password" => ["of-an-output"],
                        _ => [],
                    }
            )
            .Nested.Single()
            .Parameters["Password"]
            .ShouldBe(known);

    [Fact]
    public void What_a_nested_stack_is_given_is_known_as_far_as_the_template_says_it()
    {
        var nested = TemplateSecrets
            .Read(
                """
                Parameters: { Word: { Type: String }, Kept: { Type: String, Default: by-default } }
                Resources:
                  Child:
                    Type: AWS::CloudFormation::Stack
                    Properties:
                      TemplateURL: https://x/child.yaml
                      Parameters:
                        Literal: as-it-stands
                        Referred: !Ref Word
                        Default: { Ref: Kept }
                        Substituted: !Sub "${Word}-at-${AWS::Region}"
                        Chosen: !If [Large, one-of-two, !Ref Word]
                        Unknown: !GetAtt Other.Arn
                """,
                name =>
                    name switch
                    {
                        "Word" => ["given"],
                        "AWS::Region" => ["us-east-1"],
                        _ => [],
                    }
            )
            .Nested.ShouldHaveSingleItem();

        nested.Address.ShouldBe("https://x/child.yaml");
        nested
            .Parameters.Select(parameter => $"{parameter.Key}={string.Join('|', parameter.Value)}")
            .ShouldBe(
                [
                    "Literal=as-it-stands",
                    "Referred=given",
                    "Default=by-default",
                    "Substituted=given-at-us-east-1",
                    "Chosen=one-of-two|given",
                    "Unknown=",
                ],
                ignoreOrder: true
            );
    }
}
