using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Sam;

public sealed class SamTransformTests
{
    private const string Header = "Transform: AWS::Serverless-2016-10-31\n";

    [Fact]
    public void A_function_becomes_a_function_and_its_role()
    {
        var template = Transform(
            """
            Globals: { Function: { Runtime: provided.al2023, Timeout: 30, Environment: { Variables: { A: "1", B: "2" } } } }
            Resources:
              F:
                Type: AWS::Serverless::Function
                Metadata: { BuildMethod: makefile }
                Properties:
                  CodeUri: s3://code/f.zip
                  Handler: bootstrap
                  Timeout: 60
                  Environment: { Variables: { B: "3" } }
                  Policies: [ { Statement: [ { Effect: Allow, Action: s3:GetObject, Resource: "*" } ] }, AmazonSQSFullAccess ]
            Outputs: { Role: { Value: !GetAtt FRole.Arn } }
            """
        );

        var function = template.Resources["F"];
        function.Type.ShouldBe("AWS::Lambda::Function");
        function.Metadata.ShouldNotBeNull();
        Json(function.Properties["Code"]).ShouldBe("""{"S3Bucket":"code","S3Key":"f.zip"}""");
        Json(function.Properties["Environment"]).ShouldBe("""{"Variables":{"A":"1","B":"3"}}""");
        Json(function.Properties["Timeout"]).ShouldBe("60");
        Json(function.Properties["Runtime"]).ShouldBe("\"provided.al2023\"");
        Json(function.Properties["Role"]).ShouldBe("""{"Fn::GetAtt":["FRole","Arn"]}""");
        var role = template.Resources["FRole"].Properties;
        Json(role["Policies"])
            .ShouldBe(
                """[{"PolicyName":"FRolePolicy0","PolicyDocument":"""
                    + """{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}],"Version":"2012-10-17"}}]"""
            );
        role["ManagedPolicyArns"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public void An_event_becomes_a_rule_and_a_permission()
    {
        var template = Transform(
            """
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: { Bucket: code, Key: f.zip }
                  Role: arn:aws:iam::111111111111:role/r
                  Events:
                    Stacks: { Type: EventBridgeRule, Properties: { EventBusName: bus, Pattern: { source: [aws.cloudformation] } } }
                    Sweep: { Type: Schedule, Properties: { Schedule: rate(5 minutes), Enabled: false } }
            """
        );

        template.Resources.Keys.ShouldBe(["F", "FStacks", "FStacksPermission", "FSweep", "FSweepPermission"]);
        Json(template.Resources["FStacks"].Properties)
            .ShouldBe(
                """{"EventPattern":{"source":["aws.cloudformation"]},"EventBusName":"bus","Targets":[{"Arn":{"Fn::GetAtt":"""
                    + """["F","Arn"]},"Id":"FStacksLambdaTarget"}]}"""
            );
        Json(template.Resources["FSweep"].Properties["State"]).ShouldBe("\"DISABLED\"");
        Json(template.Resources["FSweepPermission"].Properties["SourceArn"]).ShouldBe("""{"Fn::GetAtt":["FSweep","Arn"]}""");
    }

    [Fact]
    public void A_state_machine_keeps_its_substitutions()
    {
        var template = Transform(
            """
            Resources:
              M:
                Type: AWS::Serverless::StateMachine
                Properties:
                  DefinitionUri: s3://code/m.asl.json
                  DefinitionSubstitutions: { Function: arn }
                  Role: arn:aws:iam::111111111111:role/r
                  Name: deploy
            """
        );

        Json(template.Resources["M"].Properties)
            .ShouldBe(
                """{"DefinitionS3Location":"""
                    + """{"Bucket":"code","Key":"m.asl.json"},"RoleArn":"arn:aws:iam::111111111111:"""
                    + """role/r","StateMachineType":"STANDARD","Tags":"""
                    + """[{"Key":"stateMachine:createdBy","Value":"SAM"}],"DefinitionSubstitutions":"""
                    + """{"Function":"arn"},"StateMachineName":"deploy"}"""
            );
    }

    [Theory]
    [InlineData(
        "{ Type: AWS::Serverless::Api }",
        "Resource with id [X] is invalid. Resource type AWS::Serverless::Api is not supported by the rehearsal."
    )]
    [InlineData(
        "{ Type: AWS::Serverless::Function, Properties: { Layers: [] } }",
        "Resource with id [X] is invalid. Property 'Layers' is not supported by the rehearsal."
    )]
    [InlineData(
        "{ Type: AWS::Serverless::Function, Properties: { CodeUri: s3://a/b, Events: { E: { Type: S3 } } } }",
        "Resource with id [X] is invalid. Event with id [E] is invalid. Type 'S3' is not supported by the rehearsal."
    )]
    public void Says_in_the_rehearsals_own_voice_what_is_beyond_the_subset(string resource, string message) =>
        Should
            .Throw<TemplateException>(() => Transform($"Resources: {{ X: {resource} }}"))
            .Message.ShouldBe(
                $"the rehearsal does not support all of the Serverless Application Model: {message.TrimEnd('.')}; "
                    + "expected what the Serverless Application Model makes of it"
            );

    [Fact]
    public void Refuses_in_SAMs_words_what_SAM_refuses() =>
        Should
            .Throw<TemplateException>(() =>
                Transform("Resources: { X: { Type: AWS::Serverless::Function, Properties: { CodeUri: ./src } } }")
            )
            .Message.ShouldBe(
                "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. "
                    + "Number of errors found: 1. Resource with id [X] is invalid. 'CodeUri' is not a valid S3 Uri of the form "
                    + "'s3://bucket/key' with optional versionId query parameter."
            );

    [Fact]
    public void Refuses_another_transform() =>
        Should
            .Throw<TemplateException>(() =>
                Transforms.Apply(Template.Parse("Transform: AWS::Include\nResources: { X: { Type: AWS::SNS::Topic } }"))
            )
            .Message.ShouldBe(
                "the rehearsal does not support the transform AWS::Include; "
                    + "expected AWS::Serverless-2016-10-31, AWS::LanguageExtensions, or what the transform makes"
            );

    [Fact]
    public void Local_paths_are_replaced_by_what_was_uploaded()
    {
        var root = TemplateText.Read(
            """
            Globals: { Function: { CodeUri: out/ } }
            Resources:
              M: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: m.asl.json } }
              N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml } }
              K: { Type: AWS::Serverless::Function, Properties: { CodeUri: s3://kept/as-is.zip } }
            """
        );

        var replaced = LocalArtifacts.Replace(root, artifact => new S3Location("bucket", $"key-of-{artifact.Path}"));

        Json(replaced["Globals"]!["Function"]!["CodeUri"]).ShouldBe("""{"Bucket":"bucket","Key":"key-of-out/"}""");
        Json(replaced["Resources"]!["M"]!["Properties"]!["DefinitionUri"]).ShouldBe("""{"Bucket":"bucket","Key":"key-of-m.asl.json"}""");
        Json(replaced["Resources"]!["N"]!["Properties"]!["TemplateURL"]).ShouldBe("\"https://s3.amazonaws.com/bucket/key-of-nested.yaml\"");
        Json(replaced["Resources"]!["K"]!["Properties"]!["CodeUri"]).ShouldBe("\"s3://kept/as-is.zip\"");
    }

    private static Template Transform(string text) => Transforms.Apply(Template.Parse(Header + text));

    private static string Json(JsonNode? node) =>
        node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
