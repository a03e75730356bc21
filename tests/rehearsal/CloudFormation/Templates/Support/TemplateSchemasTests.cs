using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Support;

public sealed class TemplateSchemasTests
{
    private static IReadOnlyList<string> Problems(string template) =>
        [.. TemplateSchemas.Check("t.yaml", template).Select(fault => $"{fault.Line}:{fault.Column}: {fault.Problem}")];

    private static string With(string type, string properties) =>
        $$"""
            Parameters:
              P: { Type: String }
            Conditions:
              C: !Equals [ !Ref P, a ]
            Resources:
              R:
                Type: {{type}}
                Properties: {{properties}}
            """;

    [Theory]
    [InlineData("!GetAtt Role.Foo", "8:12: Role of the type AWS::IAM::Role has no attribute \"Foo\"")]
    [InlineData("!GetAtt Role.RoleName", "8:12: Role of the type AWS::IAM::Role has no attribute \"RoleName\"")]
    [InlineData("!GetAtt [ Role, Foo ]", "8:12: Role of the type AWS::IAM::Role has no attribute \"Foo\"")]
    [InlineData("{ \"Fn::GetAtt\": [ Role, Foo ] }", "8:12: Role of the type AWS::IAM::Role has no attribute \"Foo\"")]
    [InlineData("!Sub \"a-${Role.Foo}\"", "8:12: Role of the type AWS::IAM::Role has no attribute \"Foo\"")]
    [InlineData("!Sub [ \"${Role.Foo}${X}\", { X: !GetAtt Queue.Bar } ]", "8:19: Role of the type AWS::IAM::Role has no attribute \"Foo\"")]
    [InlineData("!Join [ \"\", [ !GetAtt Queue.Url ] ]", "8:26: Queue of the type AWS::SQS::Queue has no attribute \"Url\"")]
    [InlineData("!GetAtt Zone.NameServers", "8:12: the output O is Zone.NameServers, which is a list")]
    public void An_attribute_that_a_type_does_not_have_is_found_where_it_is_written(string value, string problem) =>
        Problems(
            $$"""
            Resources:
              Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
              Queue: { Type: AWS::SQS::Queue }
              Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: a.example } }
              Custom: { Type: Custom::Thing, Properties: { ServiceToken: x } }
            Outputs:
              O:
                Value: {{value}}
            """
        )[0]
            .ShouldBe(problem);

    [Theory]
    [InlineData("!GetAtt Role.Arn")]
    [InlineData("!GetAtt Custom.Anything")]
    [InlineData("!GetAtt Function.Arn")]
    [InlineData("!GetAtt FunctionRole.Anything")]
    [InlineData("!GetAtt Nested.Outputs.Anything")]
    [InlineData("!GetAtt Queue.VisibilityTimeout")]
    [InlineData("!GetAtt Foreign.Anything")]
    [InlineData("!Sub \"${!Role.Foo} ${Role.Arn}\"")]
    [InlineData("!Sub [ \"${Role.Foo}\", { \"Role.Foo\": a } ]")]
    [InlineData("!GetAtt Table.StreamArn")]
    [InlineData("!GetAtt Database.Endpoint.Address")]
    [InlineData("!GetAtt [ Role, !Ref P ]")]
    public void An_attribute_that_a_type_has_or_that_no_schema_knows_is_none(string value) =>
        Problems(
                $$"""
                Transform: AWS::Serverless-2016-10-31
                Parameters: { P: { Type: String } }
                Resources:
                  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
                  Queue: { Type: AWS::SQS::Queue }
                  Custom: { Type: Custom::Thing, Properties: { ServiceToken: x } }
                  Function: { Type: AWS::Serverless::Function, Properties: { Anything: x } }
                  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml } }
                  Foreign: { Type: Acme::Some::Thing, Properties: { Any: x } }
                  Table: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: !If [ A, [], [] ] } }
                  Database: { Type: AWS::RDS::DBInstance }
                Outputs: { O: { Value: {{value}} } }
                """
            )
            .ShouldBeEmpty();

    [Theory]
    [InlineData("AWS::SQS::Queue", "{ Delay: 5 }", "8:19: R of the type AWS::SQS::Queue has no property \"Delay\"")]
    [InlineData("AWS::SQS::Queue", "{ DelaySeconds: soon }", "8:33: R.DelaySeconds is a text")]
    [InlineData("AWS::SQS::Queue", "{ Tags: [ { Key: a, Value: b }, { Key: c } ] }", "8:49: R.Tags[1] lacks the member Value")]
    [InlineData("AWS::SQS::Queue", "{ Tags: [ { Key: a, Value: b, V: c } ] }", "8:47: R.Tags[0] has no member \"V\"")]
    [InlineData("AWS::SQS::Queue", "{ QueueName: [ a ] }", "8:30: R.QueueName is a list")]
    [InlineData("AWS::IAM::Role", "{ Path: / }", "6:3: R of the type AWS::IAM::Role lacks the property AssumeRolePolicyDocument")]
    [InlineData("AWS::Logs::LogGroup", "{ RetentionInDays: 17 }", "8:36: R.RetentionInDays is \"17\"")]
    [InlineData("AWS::Logs::LogGroup", "{ RetentionInDays: \"17\" }", "8:36: R.RetentionInDays is \"17\"")]
    [InlineData("AWS::Lambda::Url", "{ AuthType: OPEN, TargetFunctionArn: f }", "8:29: R.AuthType is \"OPEN\"")]
    public void What_a_schema_does_not_allow_is_found_where_it_is_written(string type, string properties, string problem) =>
        Problems(With(type, properties)).ShouldBe([problem]);

    [Theory]
    [InlineData("AWS::SQS::Queue", "{ DelaySeconds: \"5\", FifoQueue: \"true\", QueueName: 5 }")]
    [InlineData("AWS::SQS::Queue", "{ DelaySeconds: !Ref P, Tags: !If [ C, [], !Ref AWS::NoValue ], RedrivePolicy: { any: thing } }")]
    [InlineData("AWS::Logs::LogGroup", "{ RetentionInDays: 30 }")]
    [InlineData("AWS::Logs::LogGroup", "{ RetentionInDays: \"{{resolve:ssm:/days}}\" }")]
    [InlineData("AWS::Lambda::Url", "{ AuthType: none, TargetFunctionArn: f }")]
    [InlineData("AWS::IAM::Role", "{ \"Fn::Transform\": { Name: AWS::Include, Parameters: { Location: x } } }")]
    [InlineData("AWS::Route53::RecordSet", "{ Name: a, Type: A, GeoProximityLocation: { Bias: 1 } }")]
    [InlineData("Acme::Some::Thing", "{ Any: thing }")]
    [InlineData("AWS::Moon::Base", "{ Any: thing }")]
    [InlineData("Custom::Thing", "{ ServiceToken: x, Any: thing }")]
    public void What_a_schema_allows_or_a_function_gives_is_none(string type, string properties) =>
        Problems(With(type, properties)).ShouldBeEmpty();

    [Theory]
    [InlineData("AWS::SNS::Topic", "{ TopicName: !Ref L }", "8:30: R.TopicName is a list")]
    [InlineData("AWS::SNS::Topic", "{ TopicName: { Ref: S } }", "8:30: R.TopicName is a list")]
    [InlineData("AWS::SQS::Queue", "{ QueueName: !Split [ \",\", \"a,b\" ] }", "8:30: R.QueueName is a list")]
    [InlineData("AWS::SQS::Queue", "{ QueueName: !GetAZs \"\" }", "8:30: R.QueueName is a list")]
    [InlineData("AWS::SQS::Queue", "{ Tags: [ { Key: a, Value: !Ref N } ] }", "8:44: R.Tags[0].Value is a list")]
    [InlineData("AWS::SQS::Queue", "{ QueueName: !Ref P }", null)]
    [InlineData("AWS::SQS::Queue", "{ QueueName: !Select [ 0, !Ref L ] }", null)]
    [InlineData("AWS::SNS::Topic", "{ Subscription: !Ref L }", null)]
    [InlineData(
        "AWS::Lambda::Url",
        "{ AuthType: NONE, TargetFunctionArn: f, Cors: { AllowHeaders: !Ref L, AllowMethods: [ !Ref L ] } }",
        null
    )]
    public void A_list_where_the_schema_wants_a_text_is_found(string type, string properties, string? problem) =>
        Problems(
                With(type, properties)
                    .Replace(
                        "P: { Type: String }",
                        "{ P: { Type: String }, L: { Type: CommaDelimitedList }, N: { Type: List<Number> }, "
                            + "S: { Type: AWS::SSM::Parameter::Value<List<String>> } }",
                        StringComparison.Ordinal
                    )
            )
            .ShouldBe(problem is null ? [] : [problem]);

    [Theory]
    [InlineData("Transform: Explode\n")]
    [InlineData("Transform: [ AWS::LanguageExtensions, AWS::CodeDeployBlueGreen ]\n")]
    public void A_template_that_a_macro_may_change_is_not_judged(string transform) =>
        Problems(transform + With("AWS::SQS::Queue", "{ Delay: 5 }")).ShouldBeEmpty();

    [Fact]
    public void What_a_loop_repeats_is_not_judged_and_what_stands_beside_it_is() =>
        Problems(
                """
                Transform: AWS::LanguageExtensions
                Resources:
                  Fn::ForEach::Loop: [ N, [ a ], { "Q${N}": { Type: AWS::SQS::Queue, Properties: { Delay: !GetAtt "Q${N}.Foo" } } } ]
                  Qa2: { Type: AWS::SQS::Queue, Properties: { Delay: 5 } }
                """
            )
            .ShouldBe(["4:47: Qa2 of the type AWS::SQS::Queue has no property \"Delay\""]);

    [Fact]
    public void A_template_in_JSON_has_places_too() =>
        Problems("{\n  \"Resources\": { \"Q\": { \"Type\": \"AWS::SQS::Queue\", \"Properties\": { \"Delay\": 5 } } }\n}")
            .ShouldBe(["2:68: Q of the type AWS::SQS::Queue has no property \"Delay\""]);

    [Fact]
    public void A_broken_template_is_left_to_other_checks() => Problems("Resources: [").ShouldBeEmpty();
}
