using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

public sealed class EvaluatorTests
{
    private const string Rest = """
        Parameters:
          Env: { Type: String, Default: dev }
          Zones: { Type: CommaDelimitedList, Default: "a, b" }
          Size: { Type: Number, Default: 3 }
          Referring: { Type: String, Default: "{{resolve:ssm:/of/a/parameter}}" }
        Mappings:
          Regions: { us-east-1: { Ami: ami-1, Level: "{{resolve:ssm:/of/a/mapping}}" } }
        Conditions:
          IsDev: !Equals [!Ref Env, dev]
          IsProd: !Not [!Condition IsDev]
          Both: !And [!Condition IsDev, !Equals [!Ref Size, 3]]
          Either: !Or [!Condition IsProd, !Equals [a, b]]
        Resources:
          Other: { Type: AWS::SNS::Topic }
          Subject:
            Type: AWS::SNS::Topic
            Properties:
              Value:
        """;

    [Theory]
    [InlineData("!Ref Env", "\"dev\"")]
    [InlineData("!Ref Zones", """["a","b"]""")]
    [InlineData("!Ref Size", "\"3\"")]
    [InlineData("!Ref Other", "\"ref of Other\"")]
    [InlineData("!GetAtt Other.Topic.Arn", "\"Topic.Arn of Other\"")]
    [InlineData("{ Fn::GetAtt: [Other, Name] }", "\"Name of Other\"")]
    [InlineData("!Ref AWS::AccountId", "\"111111111111\"")]
    [InlineData("!Ref AWS::Partition", "\"aws\"")]
    [InlineData("!Ref AWS::StackName", "\"inventory\"")]
    [InlineData("!Ref AWS::URLSuffix", "\"amazonaws.com\"")]
    [InlineData("!Sub \"${Env}-${AWS::Region}-${Other.Name}-${!literal}\"", "\"dev-us-east-1-Name of Other-${literal}\"")]
    [InlineData("!Sub [\"${x}/${Env}\", { x: !Ref Size }]", "\"3/dev\"")]
    // https://github.com/aws-cloudformation/cfn-lint/issues/236
    [InlineData("!Sub \"${ Env }-${ AWS::Region }-${ Other.Name }\"", "\"dev-us-east-1-Name of Other\"")]
    [InlineData("!If [IsDev, small, large]", "\"small\"")]
    [InlineData("!If [IsProd, small, !If [Both, x, y]]", "\"x\"")]
    [InlineData("!If [Either, 1, 2]", "2")]
    [InlineData("!Join [\"-\", [a, !Ref Size, !Ref Env]]", "\"a-3-dev\"")]
    [InlineData("!Join [\",\", !Ref Zones]", "\"a,b\"")]
    [InlineData("!Split [\":\", \"a:b:c\"]", """["a","b","c"]""")]
    [InlineData("!Select [1, !Split [\":\", \"a:b:c\"]]", "\"b\"")]
    [InlineData("!Select [\"0\", [x, y]]", "\"x\"")]
    [InlineData("!FindInMap [Regions, !Ref AWS::Region, Ami]", "\"ami-1\"")]
    [InlineData("!Base64 hello", "\"aGVsbG8=\"")]
    [InlineData("!GetAZs \"\"", """["us-east-1a","us-east-1b","us-east-1c"]""")]
    [InlineData("!GetAZs eu-west-1", """["eu-west-1a","eu-west-1b","eu-west-1c"]""")]
    [InlineData("!Select [2, !Cidr [10.213.0.0/16, 4, 8]]", "\"10.213.2.0/24\"")]
    [InlineData("!ImportValue shared-vpc", "\"vpc-1\"")]
    [InlineData("{ a: !Ref AWS::NoValue, b: 1 }", """{"b":1}""")]
    [InlineData("[!If [IsProd, x, !Ref AWS::NoValue], y]", """["y"]""")]
    [InlineData("\"{{resolve:ssm:/name:1}}/x\"", "\"resolved ssm:/name:1/x\"")]
    [InlineData("!Sub \"{{resolve:ssm:/name/${Env}}}/x\"", "\"resolved ssm:/name/dev/x\"")]
    [InlineData("!Join [\"\", [\"{{resolve:ssm:\", /name, \"}}\"]]", "\"resolved ssm:/name\"")]
    [InlineData("!Ref Referring", "\"resolved ssm:/of/a/parameter\"")]
    [InlineData("!Sub \"a-${Referring}\"", "\"a-resolved ssm:/of/a/parameter\"")]
    [InlineData("!FindInMap [Regions, us-east-1, Level]", "\"resolved ssm:/of/a/mapping\"")]
    [InlineData("2012-10-17", "\"2012-10-17\"")]
    [InlineData("Yes", "true")]
    [InlineData("012345678901", "\"012345678901\"")]
    public void Evaluates(string expression, string expected) => Evaluate(expression)!.ToJsonString().ShouldBe(expected);

    [Theory]
    [InlineData("!Join [\",\", \"{0}\"]")]
    [InlineData("!Select [5, !Split [\":\", \"{0}\"]]")]
    [InlineData("!Select [0, !Split [\":\", \"{0}\"]]")]
    [InlineData("!Select [\"{0}\", [a, b]]")]
    [InlineData("!Select [0, !Cidr [10.0.0.0/16, \"{0}\", 8]]")]
    [InlineData("!Select [0, !GetAZs \"{0}\"]")]
    public void What_is_made_of_a_value_that_is_known_after_apply_is_known_then(string expression) =>
        Evaluate(expression.Replace("{0}", KnownAfterApply.Text, StringComparison.Ordinal))!
            .GetValue<string>()
            .ShouldBe(KnownAfterApply.Text);

    [Fact]
    public void No_message_has_the_placeholder_of_what_is_known_after_apply() =>
        Should
            .Throw<TemplateException>(() => Evaluate($"!ImportValue \"{KnownAfterApply.Text}-x\""))
            .Message.ShouldBe("No export named (known after apply)-x found.");

    [Theory]
    [InlineData("!Select [5, [a]]", "Template error: Fn::Select cannot select nonexistent value at index 5")]
    [InlineData("!FindInMap [Regions, eu-west-1, Ami]", "Template error: Unable to get mapping for Regions::eu-west-1::Ami")]
    [InlineData("!ImportValue nowhere", "No export named nowhere found.")]
    [InlineData("!Sub \"${Zones}\"", "Template error: variable Zones in Fn::Sub expression does not resolve to a string")]
    [InlineData("!Cidr [10.0.0.0/24, 4, 8]", "Template error: Fn::Cidr: 10.0.0.0/24 does not hold 4 blocks of 8 subnet bits")]
    [InlineData(
        "!Transform { Name: AWS::Include }",
        "the rehearsal does not support Fn::Transform, since it does not run macros; expected what the macro makes"
    )]
    [InlineData(
        "{ Fn::ForEach: [] }",
        "Template error: Encountered unsupported function: Fn::ForEach Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, "
            + "Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, "
            + "Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]"
    )]
    public void Refuses_as_CloudFormation_words_it(string expression, string message) =>
        Should.Throw<TemplateException>(() => Evaluate(expression)).Message.ShouldBe(message);

    private static JsonNode? Evaluate(string expression)
    {
        var template = Template.Parse(Rest + " " + expression);
        var evaluator = new Evaluator(template, TestScope.With(ParameterValues.Resolve(template, [], null, _ => null)));
        return evaluator.Properties(template.Resources["Subject"].Properties)["Value"];
    }
}
