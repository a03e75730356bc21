using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateInclusionsTests
{
    [Theory]
    [InlineData("ssm:/a/b", "/a/b", null)]
    [InlineData("ssm:/a/b:3", "/a/b:3", null)]
    [InlineData("ssm:/a/b:label", "/a/b:label", null)]
    [InlineData("ssm-secure:/a/b", "/a/b", null)]
    [InlineData("ssm-secure:/a/b:12", "/a/b:12", null)]
    [InlineData("ssm:/a/${Name}", null, "{{resolve:ssm:/a/${Name}}} is not known before CloudFormation evaluates the template")]
    [InlineData("secretsmanager:db", null, "the value of {{resolve:secretsmanager:db}} cannot be read")]
    [InlineData(
        "secretsmanager:db:SecretString:password",
        null,
        "the value of {{resolve:secretsmanager:db:SecretString:password}} cannot be read"
    )]
    [InlineData("secretsmanager:db:SecretString:password::f7d0b1b5", null, null)]
    [InlineData("secretsmanager:arn:aws:secretsmanager:us-east-1:111111111111:secret:db-1:SecretString:password::f7d0b1b5", null, null)]
    public void A_dynamic_reference_is_constant_compared_or_said_to_be_incomparable(string reference, string? parameter, string? unknown)
    {
        var included = Read(
            "Resources: { A: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Sub \"{{resolve:" + reference + "}}\" } } }"
        );

        included.SsmParameters.ShouldBe(parameter is null ? [] : [parameter]);
        included.Unknown.ShouldBe(unknown is null ? [] : [unknown]);
    }

    [Theory]
    [InlineData("""!Join [ "", [ "{{resolve:ssm:", !Ref Name, "}}" ] ]""")]
    [InlineData("""{ "Fn::Join": [ "", [ "{{resolve:ssm:/a/", { "Ref": "Name" }, "}}" ] ] }""")]
    public void A_dynamic_reference_that_is_put_together_is_said_to_be_incomparable(string value)
    {
        var included = Read("Resources: { A: { Type: AWS::SNS::Topic, Properties: { DisplayName: " + value + " } } }");

        included.SsmParameters.ShouldBeEmpty();
        included.Unknown.ShouldHaveSingleItem().ShouldContain("a dynamic reference that a function");
    }

    [Theory]
    [InlineData("Default: /a/b", null, "/a/b")]
    [InlineData("Default: /a/b", "/c/d", "/c/d")]
    [InlineData("Default: '/a/b:3'", null, "/a/b:3")]
    [InlineData("NoEcho: false", null, null)]
    public void A_parameter_of_an_SSM_type_names_one(string keys, string? given, string? named) =>
        Read(
            $$"""Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", {{keys}} }, Other: { Type: String, Default: /x/y } }""",
            name => name == "Level" ? given : null
        )
            .SsmParameters.ShouldBe(named is null ? [] : [named]);

    [Fact]
    public void Nested_templates_applications_and_snippets_lie_at_addresses()
    {
        var included = Read(
            """
            Parameters: { Bucket: { Type: String, Default: templates } }
            Transform: { Name: AWS::Include, Parameters: { Location: s3://templates/top.yaml } }
            Resources:
              A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Sub "https://${Bucket}.s3.amazonaws.com/a.yaml" } }
              B: { Type: AWS::Serverless::Application, Properties: { Location: https://s3.amazonaws.com/templates/b.yaml } }
              C: { Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: arn:c, SemanticVersion: 1.0.0 } } }
              D:
                Type: AWS::SNS::Topic
                Properties: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://templates/d.yaml } } }
              E: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !GetAtt D.TopicName } }
            """
        );

        included
            .Included.Select(template => template.Address)
            .ShouldBe(
                [
                    "https://s3.amazonaws.com/templates/b.yaml",
                    "https://templates.s3.amazonaws.com/a.yaml",
                    "s3://templates/d.yaml",
                    "s3://templates/top.yaml",
                ],
                ignoreOrder: true
            );
        included.Unknown.ShouldBe([
            "t.yaml:10:69: the address of the template of E is not known before CloudFormation evaluates the template",
        ]);
    }

    private const string NamesByParameters = """
        Parameters:
          Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b }
          Url: { Type: String, Default: "https://x" }
        Resources: { A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Ref Url } } }
        """;

    [Fact]
    public void What_a_nested_template_names_by_a_default_is_known()
    {
        var included = TemplateInclusions.Read(NamesByParameters, "t.yaml", _ => null, new Dictionary<string, string?>());

        included.SsmParameters.ShouldBe(["/a/b"]);
        included.Included.Select(template => template.Address).ShouldBe(["https://x"]);
        included.Unknown.ShouldBeEmpty();
    }

    [Fact]
    public void What_another_template_gives_a_nested_one_takes_the_place_of_a_default()
    {
        var given = new Dictionary<string, string?> { ["Level"] = "/c/d", ["Url"] = "https://y" };

        var included = TemplateInclusions.Read(NamesByParameters, "t.yaml", _ => null, given);

        included.SsmParameters.ShouldBe(["/c/d"]);
        included.Included.Select(template => template.Address).ShouldBe(["https://y"]);
    }

    [Fact]
    public void What_a_nested_template_names_by_what_it_is_given_and_nobody_knows_yet_is_not_known()
    {
        var given = new Dictionary<string, string?> { ["Level"] = null, ["Url"] = null };

        var included = TemplateInclusions.Read(NamesByParameters, "t.yaml", _ => null, given);

        included.SsmParameters.ShouldBeEmpty();
        included.Included.ShouldBeEmpty();
        included.Unknown.ShouldBe(
            [
                "t.yaml:2:3: which parameter of Systems Manager Level names is not known here",
                "t.yaml:4:80: the address of the template of A is not known before CloudFormation evaluates the template",
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public void What_a_nested_stack_is_given_is_read_from_its_resource_also_in_a_loop()
    {
        var included = Read(
            """
            Transform: AWS::LanguageExtensions
            Parameters:
              Name: { Type: String, Default: /a/b }
              Held: { Type: "AWS::SSM::Parameter::Value<String>", Default: /c/d }
            Resources:
              Fn::ForEach::Inner:
                - N
                - [ one, two ]
                - Inner${N}:
                    Type: AWS::CloudFormation::Stack
                    Properties:
                      TemplateURL: https://x
                      Parameters: { Known: !Ref Name, Later: !GetAtt Topic.TopicName, Held: !Ref Held, Item: !Sub "${N}" }
            """
        );

        var nested = included.Included.ShouldHaveSingleItem();
        nested.Address.ShouldBe("https://x");
        nested.Given.ShouldBe(
            new Dictionary<string, string?>
            {
                ["Known"] = "/a/b",
                ["Later"] = null,
                ["Held"] = null,
                ["Item"] = null,
            },
            ignoreOrder: true
        );
        included.SsmParameters.ShouldBe(["/c/d"]);
    }

    [Fact]
    public void A_nested_template_that_is_given_something_else_is_another_one()
    {
        var included = Read(
            """
            Resources:
              A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x, Parameters: { P: a } } }
              B: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x, Parameters: { P: b } } }
              C: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x, Parameters: { P: a } } }
            """
        );

        included.Included.Select(template => template.LogicalId).ShouldBe(["A", "B", "C"]);
        included.Included.Select(template => template.Identity).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("Transform: Mine", "what the macro Mine makes of t.yaml is not known before CloudFormation runs it")]
    [InlineData(
        "Transform: [ AWS::LanguageExtensions, Mine ]",
        "what the macro Mine makes of t.yaml is not known before CloudFormation runs it"
    )]
    [InlineData("Transform: { Name: Mine }", "what the macro Mine makes of t.yaml is not known before CloudFormation runs it")]
    [InlineData(
        "Transform: AWS::ServiceCatalog",
        "what the macro AWS::ServiceCatalog makes of t.yaml is not known before CloudFormation runs it"
    )]
    [InlineData("Transform: [ AWS::Serverless-2016-10-31, AWS::LanguageExtensions ]", null)]
    [InlineData("Transform: AWS::CodeDeployBlueGreen", null)]
    public void What_a_macro_of_somebody_makes_of_a_template_cannot_be_compared(string transform, string? unknown) =>
        Read($"{transform}\nResources: {{ A: {{ Type: AWS::SNS::Topic }} }}").Unknown.ShouldBe(unknown is null ? [] : [unknown]);

    [Theory]
    [InlineData("""Fn::Transform: { Name: Upper, Parameters: { Text: a } }""")]
    [InlineData("""DisplayName: !Transform { Name: Upper, Parameters: { Text: a } }""")]
    [InlineData("""DisplayName: { Fn::Transform: { Name: Upper } }""")]
    [InlineData("""DisplayName: a, Fn::Transform: [ { Name: Upper } ]""")]
    public void What_a_macro_makes_of_a_part_cannot_be_compared(string properties) =>
        Read($"Resources: {{ A: {{ Type: AWS::SNS::Topic, Properties: {{ {properties} }} }} }}")
            .Unknown.ShouldBe(["what the macro Upper makes of t.yaml is not known before CloudFormation runs it"]);

    [Fact]
    public void A_snippet_is_compared_by_its_content_and_is_no_macro_of_somebody() =>
        Read(
            "Resources: { A: { Type: AWS::SNS::Topic, Properties: "
                + "{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://templates/d.yaml } } } } }"
        )
            .Unknown.ShouldBeEmpty();

    /// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/modules.html</summary>
    [Fact]
    public void A_module_of_the_registry_cannot_be_compared() =>
        Read("Resources: { A: { Type: My::S3::SampleBucket::MODULE } }")
            .Unknown.ShouldBe(["what the module My::S3::SampleBucket::MODULE holds is not known before CloudFormation reads it"]);

    private static TemplateInclusions Read(string text, Func<string, string?>? value = null) =>
        TemplateInclusions.Read(text, "t.yaml", value ?? (_ => null));
}
