namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateReferencesTests
{
    private const string Sam = "Transform: AWS::Serverless-2016-10-31\n";

    private const string ReadBefore = "expected one of texts, parameters and mappings: CloudFormation reads it before anything is made";

    [Theory]
    [InlineData("!ImportValue { Ref: A }", "the name in ImportValue depends on the resource \"A\"")]
    [InlineData("{ \"Fn::ImportValue\": !Sub \"${A}-x\" }", "the name in ImportValue depends on the resource \"A\"")]
    [InlineData("!ImportValue { \"Fn::GetAtt\": [ A, QueueName ] }", "the name in ImportValue depends on the resource \"A\"")]
    [InlineData("!ImportValue { \"Fn::Join\": [ \"-\", [ x, !GetAtt A.Arn ] ] }", "the name in ImportValue depends on the resource \"A\"")]
    [InlineData("!ImportValue { \"Fn::ImportValue\": x }", "the name in ImportValue depends on an imported value")]
    [InlineData("!FindInMap [ M, !Ref A, b ]", "a name in FindInMap depends on the resource \"A\"")]
    [InlineData("!ImportValue { \"Fn::Sub\": \"${P}-${AWS::Region}\" }", null)]
    [InlineData("{ \"Fn::ImportValue\": !Sub [ \"${A}\", { A: !Ref P } ] }", null)]
    [InlineData("!FindInMap [ M, !Ref P, b ]", null)]
    public void A_name_that_is_read_before_anything_is_made_depends_on_no_resource(string value, string? problem)
    {
        var faults = OneTemplate.Faults(
            "Parameters: { P: { Type: String, Default: a } }\nMappings: { M: { a: { b: x } } }\nResources:\n"
                + $"  A: {{ Type: AWS::SQS::Queue }}\n  B: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {value} }} }}"
        );

        if (problem is null)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults.ShouldHaveSingleItem().ShouldEndWith($": {problem}; {ReadBefore}");
        }
    }

    [Theory]
    [InlineData("!Sub \"${A}-x\"")]
    [InlineData("!GetAtt A.QueueName")]
    [InlineData("{ \"Fn::Join\": [ \"-\", [ x, { Ref: A } ] ] }")]
    public void The_name_of_an_export_depends_on_no_resource(string name) =>
        OneTemplate
            .Faults($"Resources: {{ A: {{ Type: AWS::SQS::Queue }} }}\nOutputs:\n  O: {{ Value: x, Export: {{ Name: {name} }} }}")
            .ShouldBe([$"stacks/t.yaml:3:34: the name of the export of O depends on the resource \"A\"; {ReadBefore}"]);

    [Theory]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Nmae } }\nParameters: { Name: { "
            + "Type: String, Default: x } }",
        "stacks/t.yaml:2:56: Ref names \"Nmae\", which is no parameter and no resource; expected a name that the "
            + "template declares (did you mean \"Name\"?)"
    )]
    [InlineData(
        "{ \"Resources\": {\n\t\"A\": { \"Type\": \"AWS::SQS::Queue\", \"Properties\": { \"QueueName\": { \"Ref\": \"Gone\" } } } } }",
        "stacks/t.yaml:2:74: Ref names \"Gone\", which is no parameter and no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref AWS::StackNam } }",
        "stacks/t.yaml:2:56: Ref names \"AWS::StackNam\", which is no parameter and no resource; expected a name "
            + "that the template declares (did you mean \"AWS::StackName\"?)"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, Default: x } }\nResources:\n  A: { Type: AWS::SQS::Queue, Properties: { "
            + "QueueName: !GetAtt P.Arn } }",
        "stacks/t.yaml:3:56: GetAtt names \"P\", which is no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: { \"Fn::GetAtt\": [ B, Arn ] } } }",
        "stacks/t.yaml:2:74: GetAtt names \"B\", which is no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, DependsOn: [ B, Bucket ] }\n  B: { Type: AWS::SQS::Queue }",
        "stacks/t.yaml:2:47: DependsOn of A names \"Bucket\", which is no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub \"x-${AWS::Region}-${Stage}-${!Kept}\" } }",
        "stacks/t.yaml:2:56: Sub names \"Stage\", which is no parameter and no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub [ \"${Own}-${Queue.Arn}\", { Own: !Ref B } ] } }",
        "stacks/t.yaml:2:63: Sub names \"Queue\", which is no resource; expected a name that the template declares",
        "stacks/t.yaml:2:93: Ref names \"B\", which is no parameter and no resource; expected a name that the template declares"
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub \"${HOME:-x}\" } }",
        "stacks/t.yaml:2:56: Sub holds \"${HOME:-x}\"; expected letters, digits, underscores, periods and colons "
            + "between the braces; ${!HOME:-x} stands for the text itself"
    )]
    [InlineData(
        "Conditions: { IsProd: !Equals [ a, a ], Both: !And [ !Condition IsPrd, Condition: IsProd ] }\nResources:\n "
            + " A: { Type: AWS::SQS::Queue, Condition: Prod, Properties: { QueueName: !If [ IsPro, x, y ] } "
            + "}\nOutputs: { O: { Condition: Other, Value: x } }",
        "stacks/t.yaml:1:54: the condition \"IsPrd\" is not in Conditions; expected a condition of the template (did you mean \"IsProd\"?)",
        "stacks/t.yaml:3:42: the condition \"Prod\" is not in Conditions; expected a condition of the template",
        "stacks/t.yaml:3:79: the condition \"IsPro\" is not in Conditions; expected a condition of the template (did you mean \"IsProd\"?)",
        "stacks/t.yaml:4:28: the condition \"Other\" is not in Conditions; expected a condition of the template"
    )]
    [InlineData(
        "Conditions: { C: !Equals [ !Ref A, x ] }\nResources: { A: { Type: AWS::SQS::Queue } }",
        "stacks/t.yaml:1:28: Ref in Conditions names the resource \"A\"; expected a parameter: nothing is made when these are evaluated"
    )]
    [InlineData(
        "Mappings: { Sizes: { dev: { Small: x } } }\nResources:\n  A: { Type: AWS::SQS::Queue, Properties: { "
            + "QueueName: !FindInMap [ Size, dev, Small ] } }\n  B: { Type: AWS::SQS::Queue, Properties: { QueueName: "
            + "!FindInMap [ Sizes, prod, Small ] } }\n  C: { Type: AWS::SQS::Queue, Properties: { QueueName: "
            + "!FindInMap [ Sizes, dev, Smal ] } }",
        "stacks/t.yaml:3:69: FindInMap names \"Size\", which is not in Mappings; expected a mapping of the template "
            + "(did you mean \"Sizes\"?)",
        "stacks/t.yaml:4:76: the mapping \"Sizes\" has no \"prod\"; expected a key of the mapping",
        "stacks/t.yaml:5:81: \"dev\" of the mapping \"Sizes\" has no \"Smal\"; expected a key of the mapping (did you mean \"Small\"?)"
    )]
    [InlineData(
        Sam
            + "Resources:\n  Function: { Type: AWS::Serverless::Function, Properties: { Role: !GetAtt Other.Arn, "
            + "FunctionName: !Ref Funktion } }",
        "stacks/t.yaml:3:68: GetAtt names \"Other\", which is no resource; expected a name that the template declares",
        "stacks/t.yaml:3:101: Ref names \"Funktion\", which is no parameter and no resource; expected a name that "
            + "the template declares (did you mean \"Function\"?)"
    )]
    public void A_name_that_the_template_does_not_declare_is_a_fault(string template, params string[] faults) =>
        OneTemplate.Faults(template).ShouldBe(faults);

    /// <summary>Whatever function stands around it, in the short form or in the long one.</summary>
    [Theory]
    [InlineData("{ \"Fn::ImportValue\": !Sub \"${Gone}-x\" }")]
    [InlineData("{ \"Fn::ImportValue\": { \"Fn::Sub\": \"${Gone}-x\" } }")]
    [InlineData("!ImportValue { \"Fn::Sub\": \"${Gone}-x\" }")]
    [InlineData("!ImportValue { \"Fn::Sub\": [ \"${Gone}-x\", {} ] }")]
    [InlineData("{ \"Fn::Base64\": !Sub \"${Gone}-x\" }")]
    [InlineData("!Base64 { \"Fn::Sub\": \"${Gone}-x\" }")]
    [InlineData("{ \"Fn::Base64\": { \"Fn::Join\": [ \"\", [ !Sub \"${Gone}\" ] ] } }")]
    [InlineData("!Select [ 0, !Split [ \",\", !Sub \"${Gone}\" ] ]")]
    [InlineData("!Select [ 0, { \"Fn::GetAZs\": !Sub \"${Gone}\" } ]")]
    public void A_name_is_found_in_what_another_function_is_given(string value) =>
        OneTemplate
            .Faults($"Resources: {{ A: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {value} }} }} }}")
            .ShouldHaveSingleItem()
            .ShouldEndWith(": Sub names \"Gone\", which is no parameter and no resource; expected a name that the template declares");

    [Theory]
    [InlineData("{ \"Fn::Base64\": !Sub \"${A.Arn}\" }", "the resource A waits for itself")]
    [InlineData("!Base64 { \"Fn::GetAtt\": [ A, Arn ] }", "the resource A waits for itself")]
    [InlineData("{ \"Fn::Base64\": !Ref N }", "A names the resource N, whose condition is never true")]
    public void What_another_function_is_given_counts_for_the_order_and_for_what_is_never_there(string value, string problem) =>
        OneTemplate
            .Faults(
                "Conditions: { Never: !Equals [ a, b ] }\nResources:\n  N: { Type: AWS::SQS::Queue, Condition: Never }\n"
                    + $"  A: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {value} }} }}"
            )
            .ShouldHaveSingleItem()
            .ShouldContain(problem);

    [Theory]
    // Everything that is declared, and every pseudo parameter.
    [InlineData(
        """
            Parameters: { P: { Type: String, Default: x } }
            Conditions: { C: !Equals [ !Ref P, x ] }
            Mappings: { M: { us-east-1: { Name: x } } }
            Rules: { R: { Assertions: [ { Assert: { "Fn::Equals": [ !Ref P, x ] } } ] } }
            Metadata: { Anything: !Ref Whatever }
            Resources:
              A: { Type: AWS::SQS::Queue, Condition: C, Properties: { QueueName: !Sub "${P}-${ AWS::Region }-${A}" } }
              B:
                Type: AWS::SQS::Queue
                DependsOn: A
                Properties:
                  Tags: [ { Key: !GetAtt A.Arn, Value: !FindInMap [ M, !Ref "AWS::Region", Name ] }, !Ref "AWS::NoValue" ]
                  QueueName: !If [ C, !FindInMap [ M, eu-west-1, Name ], !Join [ "", [ !Ref "AWS::URLSuffix", !GetAtt [ A, Arn ] ] ] ]
            Outputs: { O: { Value: !GetAtt B.Arn, Condition: C } }
            """
    )]
    // What SAM makes of its resources.
    [InlineData(
        Sam
            + """
                Resources:
                  Function: { Type: AWS::Serverless::Function, Properties: { AutoPublishAlias: live } }
                  Api: { Type: AWS::Serverless::Api, Properties: { StageName: prod } }
                  Queue: { Type: AWS::SQS::Queue, DependsOn: [ FunctionRole, ApiDeployment0123456789 ] }
                Outputs:
                  Role: { Value: !GetAtt FunctionRole.Arn }
                  Alias: { Value: !Ref Function.Alias }
                  Version: { Value: !Ref Function.Version }
                  Stage: { Value: !Ref ApiprodStage }
                  Url: { Value: !Sub "https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod" }
                """
    )]
    // Loops and macros may make anything.
    [InlineData(
        """
            Transform: AWS::LanguageExtensions
            Resources:
              "Fn::ForEach::Topics": [ Name, [ A, B ], { "Topic${Name}": { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } } } ]
            Outputs: { O: { Value: !Ref TopicA } }
            """
    )]
    [InlineData("Transform: [ AWS::Serverless-2016-10-31, Mine ]\nResources: { A: { Type: AWS::SQS::Queue, DependsOn: B } }")]
    [InlineData(
        "Resources:\n  \"Fn::Transform\": { Name: AWS::Include, Parameters: { Location: s3://b/x } }\n"
            + "  A: { Type: AWS::SQS::Queue, DependsOn: B }"
    )]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nMappings: { M: { a: { b: c } } }\nResources: { A: { Type: "
            + "AWS::SQS::Queue, Properties: { QueueName: !FindInMap [ M, x, y, { DefaultValue: z } ] } } }"
    )]
    public void What_exists_or_may_come_to_exist_is_accepted(string template) => OneTemplate.Faults(template).ShouldBeEmpty();

    [Theory]
    [InlineData(
        "Parameters: { P: { Type: Number } }\nResources: { A: { Type: AWS::SNS::Topic } }\nOutputs: { O: { Value: x } }",
        "Parameters: { P: many, Q: x }",
        "Nested.Outputs.N",
        "stacks/t.yaml:2:104: the parameter \"P\" is \"many\"; expected a number",
        "stacks/t.yaml:2:110: the parameter \"Q\" is not in stacks/nested.yaml; expected one of P (did you mean \"P\"?)",
        "stacks/t.yaml:3:24: the output \"N\" of Nested is not in stacks/nested.yaml; expected one of O (did you mean \"O\"?)"
    )]
    [InlineData(
        "Parameters: { P: { Type: String }, Q: { Type: String, Default: x } }\nResources: { A: { Type: "
            + "AWS::SNS::Topic } }\nOutputs: { O: { Value: x } }",
        "Parameters: {}",
        "Nested.Outputs.O",
        "stacks/t.yaml:2:74: Nested gives no value for the parameter \"P\" of stacks/nested.yaml, which has no "
            + "default; expected it under Parameters"
    )]
    [InlineData(
        "Parameters: { P: { Type: Number } }\nResources: { A: { Type: AWS::SNS::Topic } }\nOutputs: { O: { Value: x } }",
        "Parameters: { P: !Ref AWS::AccountId }",
        "Nested.Outputs.O"
    )]
    public void A_nested_template_gets_its_parameters_and_has_the_outputs_that_are_used(
        string nested,
        string parameters,
        string used,
        params string[] faults
    ) =>
        OneTemplate
            .Faults(
                "Resources:\n  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml, "
                    + $"{parameters} }} }}\nOutputs: {{ N: {{ Value: !GetAtt {used} }} }}",
                nested: nested
            )
            .ShouldBe(faults);

    [Theory]
    [InlineData("!Sub \"x-${Nested.Outputs.N}\"", true)]
    [InlineData("!Sub [ \"${Nested.Outputs.N}-${Own}\", { Own: x } ]", true)]
    [InlineData("!Sub [ \"${Nested.Outputs.N}\", { Nested.Outputs.N: x } ]", false)]
    [InlineData("!Sub \"${Nested.Outputs.O}-${!Nested.Outputs.N}\"", false)]
    public void An_output_of_a_nested_template_is_looked_for_in_Sub_too(string value, bool isMissing) =>
        OneTemplate
            .Faults(
                "Resources:\n  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml } }\n"
                    + $"Outputs: {{ O: {{ Value: {value} }} }}",
                nested: "Resources: { A: { Type: AWS::SNS::Topic } }\nOutputs: { O: { Value: x } }"
            )
            .Select(fault => fault.Split(": ", 2)[1])
            .ShouldBe(
                isMissing ? ["the output \"N\" of Nested is not in stacks/nested.yaml; expected one of O (did you mean \"O\"?)"] : []
            );
}
