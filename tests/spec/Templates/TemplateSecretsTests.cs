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

    /// <summary>
    /// A property that has a part of a secret, or its Base64 form, shows it as well as the secret itself
    /// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html).
    /// </summary>
    [Theory]
    [InlineData("!Select [ 0, !Split [ \"-\", !Ref Secret ] ]", "S3cr3t", "passXword")]
    [InlineData("!Sub [ \"%${A}\", { A: !Select [ 1, !Split [ \":\", !Ref Secret ] ] } ]")]
    [InlineData("{ \"Fn::Select\": [ 0, { \"Fn::Split\": [ Xw, { Ref: Secret } ] } ] }", "S3cr3t-pass", "ord")]
    [InlineData("!Split [ \"-\", !Select [ 0, !Split [ X, !Sub \"${Secret}!\" ] ] ]", "S3cr3t", "pass", "S3cr3t-pass", "word!")]
    [InlineData("!Split [ !Ref At, !Ref Secret ]", "S", "cr", "t-passXword")]
    [InlineData("Fn::Base64: !Ref Secret", "UzNjcjN0LXBhc3NYd29yZA==")]
    [InlineData("Fn::Base64: !Sub \"export P=${Secret}\"", "ZXhwb3J0IFA9UzNjcjN0LXBhc3NYd29yZA==")]
    [InlineData("!Split [ \"-\", !Ref Plain ]")]
    public void What_functions_make_of_a_secret_is_secret(string value, params string[] made) =>
        TemplateSecrets
            .Read(
                $$"""
                Transform: AWS::LanguageExtensions
                Parameters:
                  Secret: { Type: String, NoEcho: true }
                  Plain: { Type: String, Default: a-word }
                  At: { Type: String, Default: "3" }
                Resources:
                  Fn::ForEach::Logs:
                    - Name
                    - [ A ]
                    - "Log${Name}":
                        Type: AWS::Logs::LogGroup
                        Properties:
                          LogGroupName: {{{value}}}
                """.Replace("{" + value + "}", value.StartsWith("Fn", StringComparison.Ordinal) ? "{ " + value + " }" : value),
                name => name == "Secret" ? ["S3cr3t-passXword"] : []
            )
            .Values.ShouldBe(["S3cr3t-passXword", .. made], ignoreOrder: true);

    [Fact]
    public void What_a_nested_stack_makes_of_a_secret_that_it_is_given_is_secret_whatever_it_says_of_its_parameter()
    {
        var nested = TemplateSecrets
            .Read(
                """
                Parameters: { Secret: { Type: String, NoEcho: true } }
                Resources:
                  Child:
                    Type: AWS::CloudFormation::Stack
                    Properties: { TemplateURL: x, Parameters: { Login: !Sub "user-${Secret}", Size: large } }
                """,
                _ => []
            )
            .Nested.Single();

        nested.Secret.ShouldBe(["Login"]);
        TemplateSecrets
            .Read(
                "Parameters: { Login: { Type: String } }\nOutputs: { P: { Value: !Select [ 1, !Split [ '-', !Ref Login ] ] } }",
                _ => ["user-hunter2"],
                nested.Secret
            )
            .Values.ShouldBe(["user-hunter2", "user", "hunter2"], ignoreOrder: true);
    }

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
