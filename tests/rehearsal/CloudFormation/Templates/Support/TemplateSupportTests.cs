using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Support;

public sealed class TemplateSupportTests
{
    /// <summary>
    /// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html,
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    /// </summary>
    [Fact]
    public void Public_parameters_without_a_known_value_and_versions_of_templates_are_found()
    {
        const string Template = """
            Parameters:
              Zone: { Type: "AWS::SSM::Parameter::Value<String>", Default: /aws/service/global-infrastructure/version }
              Image:
                Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
                Default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
              Text: { Type: String, Default: /aws/service/global-infrastructure/version }
            Resources:
              T: { Type: AWS::SNS::Topic, Properties: { DisplayName: "{{resolve:ssm:/aws/service/fis/x}}" } }
              N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "https://s3.amazonaws.com/b/n.yaml?versionId=3" } }
            """;

        TemplateSupport
            .Check("t.yaml", Template)
            .Select(one => (one.Line, one.Problem))
            .ShouldBe([
                (2, "the rehearsal does not support AWS's public parameter /aws/service/global-infrastructure/version of Systems Manager"),
                (8, "the rehearsal does not support AWS's public parameter /aws/service/fis/x of Systems Manager"),
                (
                    9,
                    "the rehearsal does not support the version in the template's address "
                        + "https://s3.amazonaws.com/b/n.yaml?versionId=3, since its buckets keep one version of an object"
                ),
            ]);
    }

    [Fact]
    public void All_that_cannot_be_simulated_is_found_at_once_with_its_place()
    {
        const string Template = """
            Transform: [ AWS::Serverless-2016-10-31, AWS::CodeDeployBlueGreen, Explode ]
            Hooks: { B: { Type: AWS::CodeDeploy::BlueGreen } }
            Rules: { R: { Assertions: [] } }
            Parameters:
              Latin: { Type: String, AllowedPattern: '\p{IsLatin}+' }
            Resources:
              F:
                Type: AWS::Serverless::Function
                Connectors: { C: { Properties: { Destination: { Id: T }, Permissions: [ Write ] } } }
                Properties: { CodeUri: src/, Handler: a, Runtime: nodejs22.x, Layers: [] }
              T: { Type: AWS::Serverless::SimpleTable }
              M: { Type: Acme::Network::Vpc::MODULE }
              P: { Type: Datadog::Monitors::Monitor }
              U: { Type: AWS::Moon::Base }
              S:
                Type: AWS::SNS::Topic
                Properties:
                  TopicName: '{{resolve:secretsmanager:name}}'
                  DisplayName: !Transform { Name: Upper }
              D:
                Type: AWS::SNS::Topic
                Properties:
                  TopicName: !Sub '{{resolve:secretsmanager:${S.TopicName}:SecretString:key}}'
                  DisplayName: !Join ['', ['{{resolve:ssm-secure:', !Ref S, '}}']]
            """;

        var found = TemplateSupport.Check("stacks/t.yaml", Template);

        found
            .Select(one => (one.Line, one.Problem))
            .ShouldBe([
                (1, "the rehearsal does not support the transform AWS::CodeDeployBlueGreen"),
                (1, "the rehearsal does not support the transform Explode"),
                (2, "the rehearsal does not support the section Hooks, with which CodeDeploy shifts traffic between ECS task sets"),
                (3, "the rehearsal does not support the section Rules"),
                (
                    7,
                    "the rehearsal does not support all of the Serverless Application Model: "
                        + "Resource with id [F] is invalid. Property 'Layers' is not supported by the rehearsal"
                ),
                (9, "the rehearsal does not support Connectors of the Serverless Application Model"),
                (
                    11,
                    "the rehearsal does not support all of the Serverless Application Model: "
                        + "Resource with id [T] is invalid. Resource type AWS::Serverless::SimpleTable is not supported by the rehearsal"
                ),
                (12, "the rehearsal does not support the resource type Acme::Network::Vpc::MODULE"),
                (13, "the rehearsal does not support the resource type Datadog::Monitors::Monitor"),
                (14, "the rehearsal does not support the resource type AWS::Moon::Base, which no schema of CloudFormation describes"),
                (18, "the rehearsal does not support the dynamic reference {{resolve:secretsmanager:name}}"),
                (19, "the rehearsal does not support Fn::Transform, since it does not run macros"),
                (23, "the rehearsal does not support the dynamic reference {{resolve:secretsmanager:${S.TopicName}:SecretString:key}}"),
                (24, "the rehearsal does not support the dynamic reference {{resolve:ssm-secure:}}"),
            ]);
        found[2].ToString().ShouldBe($"stacks/t.yaml:2:1: {found[2].Problem}; expected {found[2].Expected}");
    }

    /// <summary>Of one resource, too, not the first limit alone; CloudFormation's answer names the same.</summary>
    [Fact]
    public void Every_limit_of_one_serverless_resource_is_found()
    {
        const string Template = """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              F:
                Type: AWS::Serverless::Function
                Connectors: { C: { Properties: { Destination: { Id: T }, Permissions: [ Read ] } } }
                Properties:
                  Handler: i.h
                  Runtime: nodejs22.x
                  InlineCode: x
                  Layers: [ a ]
                  SnapStart: { ApplyOn: PublishedVersions }
                  Policies: [ { SQSPollerPolicy: { QueueName: q } } ]
                  Events:
                    A: { Type: S3, Properties: {} }
                    B: { Type: Schedule, Properties: { Schedule: rate(1 day), Odd: x, Other: y } }
              T: { Type: AWS::Serverless::SimpleTable }
            """;
        const string OfSam = "the rehearsal does not support all of the Serverless Application Model: Resource with id ";
        string[] limits =
        [
            OfSam + "[F] is invalid. Property 'Layers' is not supported by the rehearsal",
            OfSam + "[F] is invalid. Property 'SnapStart' is not supported by the rehearsal",
            OfSam + "[F] is invalid. Policy templates are not supported by the rehearsal; write the statements",
            OfSam + "[F] is invalid. Event with id [A] is invalid. Type 'S3' is not supported by the rehearsal",
            OfSam + "[F] is invalid. Event with id [B] is invalid. Property 'Odd' is not supported by the rehearsal",
            OfSam + "[F] is invalid. Event with id [B] is invalid. Property 'Other' is not supported by the rehearsal",
            OfSam + "[T] is invalid. Resource type AWS::Serverless::SimpleTable is not supported by the rehearsal",
            "the rehearsal does not support Connectors of the Serverless Application Model",
        ];

        TemplateSupport.Check("t.yaml", Template).Select(one => one.Problem).ShouldBe(limits, ignoreOrder: true);
        var refused = Should.Throw<TemplateException>(() => Rehearsal.CloudFormation.Templates.Template.Parse(Template));
        refused.Message.Split('\n').Select(line => line.Split("; expected")[0]).ShouldBe(limits, ignoreOrder: true);
    }

    [Fact]
    public void Properties_and_values_that_a_model_does_not_simulate_are_found_where_they_are_written() =>
        TemplateSupport
            .Check(
                "t.yaml",
                """
                Resources:
                  Bucket:
                    Type: AWS::S3::Bucket
                    Properties:
                      NotificationConfiguration: {}
                      WebsiteConfiguration: !If [ Web, {}, !Ref AWS::NoValue ]
                  Service:
                    Type: AWS::ECS::Service
                    Properties:
                      DeploymentConfiguration: { Strategy: BLUE_GREEN }
                  External:
                    Type: AWS::ECS::Service
                    Properties: { DeploymentController: { Type: EXTERNAL } }
                  Blue:
                    Type: AWS::ECS::Service
                    Properties: { DeploymentController: { Type: CODE_DEPLOY }, LaunchType: FARGATE }
                  Pipeline:
                    Type: AWS::CodePipeline::Pipeline
                    Properties:
                      Stages:
                        - Actions:
                            - ActionTypeId: { Category: Source, Provider: S3 }
                            - ActionTypeId:
                                Category: Build
                """
            )
            .Select(one => $"{one.Line}: {one.Problem}; expected {one.Expected}")
            .ShouldBe([
                "5: the rehearsal does not support the property NotificationConfiguration of the resource type AWS::S3::Bucket; "
                    + "expected a template without it, or rehearsals without this stack",
                "7: the rehearsal does not support the resource type AWS::ECS::Service without the property LaunchType; "
                    + "expected LaunchType or CapacityProviderStrategy",
                "7: the rehearsal does not support the resource type AWS::ECS::Service without the property TaskDefinition; "
                    + "expected TaskDefinition",
                "10: the rehearsal does not support the value BLUE_GREEN of the property DeploymentConfiguration.Strategy of the resource "
                    + "type AWS::ECS::Service; expected ROLLING, or rehearsals without this stack",
                "14: the rehearsal does not support the resource type AWS::ECS::Service without the property TaskDefinition; "
                    + "expected TaskDefinition",
                "24: the rehearsal does not support the value Build of the property Stages.Actions.ActionTypeId.Category of the resource "
                    + "type AWS::CodePipeline::Pipeline; expected Source or Approval or Invoke, or rehearsals without this stack",
            ]);

    /// <summary>Whom a policy is given to besides roles would otherwise be left out without a word.</summary>
    [Fact]
    public void A_list_of_what_functions_give_is_found_unless_it_may_be_empty() =>
        TemplateSupport
            .Check(
                "t.yaml",
                """
                Parameters: { U: { Type: String } }
                Conditions: { C: !Equals [ !Ref U, "" ] }
                Resources:
                  A:
                    Type: AWS::IAM::ManagedPolicy
                    Properties: { PolicyDocument: {}, Users: [ !Ref U ], Groups: [ !Sub "${U}-g" ] }
                  B: { Type: AWS::IAM::Policy, Properties: { PolicyName: b, PolicyDocument: {}, Users: [ u ], Roles: [ !Ref U ] } }
                  C: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: {}, Users: [ !Ref AWS::NoValue ], Groups: [] } }
                  D: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: {}, Users: [ !If [ C, a, !Ref AWS::NoValue ] ] } }
                """
            )
            .Select(one => $"{one.Line}: {one.Problem}")
            .ShouldBe(
                [
                    "6: the rehearsal does not support the property Groups of the resource type AWS::IAM::ManagedPolicy",
                    "6: the rehearsal does not support the property Users of the resource type AWS::IAM::ManagedPolicy",
                    "7: the rehearsal does not support the property Users of the resource type AWS::IAM::Policy",
                ],
                ignoreOrder: true
            );

    [Fact]
    public void What_is_simulated_gives_no_finding() =>
        TemplateSupport
            .Check(
                "t.yaml",
                """
                Transform: AWS::LanguageExtensions
                Parameters: { P: { Type: String, AllowedPattern: '[a-z]++\_' } }
                Resources:
                  Fn::ForEach::Loop: [ N, [ a ], { "Q${N}": { Type: AWS::SQS::Queue } } ]
                  C: { Type: AWS::CloudFormation::CustomResource, Version: "1.0", Properties: { ServiceToken: arn } }
                  D: { Type: Custom::Thing, Properties: { ServiceToken: "{{resolve:ssm:/token:2}}" } }
                  T: { Type: AWS::SNS::Topic }
                  L:
                    Type: AWS::CodePipeline::Pipeline
                    Properties:
                      Stages:
                        - OnFailure: { Result: ROLLBACK }
                          Actions: [ { ActionTypeId: { Category: Invoke, Provider: StepFunctions } } ]
                """
            )
            .ShouldBeEmpty();

    /// <summary>No schema says what AWS makes of a property that is not set.</summary>
    [Fact]
    public void A_property_that_GetAtt_names_and_that_is_not_set_is_found_where_its_default_is_not_known() =>
        TemplateSupport
            .Check(
                "t.yaml",
                """
                Resources:
                  Set: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 5 } }
                  Q: { Type: AWS::SQS::Queue }
                  V: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
                  T: { Type: AWS::DynamoDB::Table, Properties: { KeySchema: [ { AttributeName: a, KeyType: HASH } ] } }
                Outputs:
                  A: { Value: !GetAtt Set.DelaySeconds }
                  B: { Value: !Sub "${Q.DelaySeconds}" }
                  C: { Value: !GetAtt V.EnableDnsSupport }
                  D: { Value: !GetAtt T.StreamArn }
                """
            )
            .Select(one => $"{one.Line}: {one.Problem}; expected {one.Expected}")
            .ShouldBe([
                "8: the rehearsal does not support the attribute DelaySeconds of the resource type AWS::SQS::Queue where the template does "
                    + "not set it; expected DelaySeconds among the properties, or rehearsals without this stack",
                "10: the rehearsal does not support the attribute StreamArn of the resource type AWS::DynamoDB::Table where the template "
                    + "does not set StreamSpecification; expected StreamSpecification among the properties, or rehearsals without this "
                    + "stack",
            ]);

    [Fact]
    public void A_type_inside_a_loop_is_looked_at() =>
        TemplateSupport
            .Check(
                "t.yaml",
                "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::L: [ N, [ a ], { \"Q${N}\": { Type: Acme::Some::Thing } } ]"
            )
            .Single()
            .Line.ShouldBe(3);

    [Fact]
    public void A_broken_template_is_left_to_CloudFormation() => TemplateSupport.Check("t.yaml", "Resources: [").ShouldBeEmpty();

    [Fact]
    public void Local_nested_templates_are_followed_once_even_in_a_circle()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "stacks"));
            File.WriteAllText(
                Path.Combine(folder.FullName, "stacks", "outer.yaml"),
                "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./inner.yaml } } }"
            );
            File.WriteAllText(
                Path.Combine(folder.FullName, "stacks", "inner.yaml"),
                "Resources:\n  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: outer.yaml } }\n  M: { Type: A::B::C }"
            );

            TemplateSupport
                .CheckFiles(folder.FullName, ["stacks/outer.yaml", "./stacks/outer.yaml", "missing.yaml"])
                .Select(one => (one.File, one.Line))
                .ShouldBe([("stacks/inner.yaml", 3)]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Hooks: {}", "the rehearsal does not support the section Hooks")]
    [InlineData("Rules: {}", "the rehearsal does not support the section Rules")]
    [InlineData("Transform: Explode", "the rehearsal does not support the transform Explode")]
    [InlineData("Transform: { Name: AWS::Include }", "the rehearsal does not support the transform AWS::Include")]
    public async Task A_template_that_comes_later_is_refused_in_the_same_voice(string section, string problem)
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create("inventory", $"{section}\nResources: {{ T: {{ Type: AWS::SNS::Topic }} }}")
            )
        ).Message.ShouldStartWith(problem);
    }

    [Fact]
    public async Task A_type_of_somebody_else_is_refused_in_the_same_voice()
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() => world.Create("inventory", "Resources: { T: { Type: Datadog::Monitors::Monitor } }"))
        ).Message.ShouldBe(
            "the rehearsal does not support the resource type Datadog::Monitors::Monitor; "
                + "expected a public type of AWS or a custom resource"
        );
    }
}
