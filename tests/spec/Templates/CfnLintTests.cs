using System.Text.Json;

namespace Deployer.Spec.Tests.Templates;

/// <summary>
/// What is certain to fail, each with the sentence of this check, and with the rule of cfn-lint
/// (https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md) that says so too.
/// </summary>
public sealed class CfnLintTests
{
    private const string Resources = "\nResources: { A: { Type: AWS::SQS::Queue } }";
    private const string Extensions = "Transform: AWS::LanguageExtensions\n";

    // Without a rule cfn-lint says nothing: of nulls since aws-cloudformation/cfn-lint#2242, of lengths and circles as it has no such rule,
    // of functions in policies as it does not look at the transform, and of what does not come to a value, where it at most warns.
    public static TheoryData<string, string, string?> Refused =>
        new()
        {
            {
                "Parameters: { P: { Type: String, NoEcho: perhaps } }\n" + Queue("!Ref P"),
                "the NoEcho of the parameter P is the text \"perhaps\"; expected true or false",
                "E2001"
            },
            {
                "Parameters: { P: { Type: Number, MinLength: 1 } }\n" + Queue("!Ref P"),
                "the parameter P of the type Number has the attribute MinLength; expected MinValue and MaxValue, those of a number",
                "E2001"
            },
            {
                "Outputs: { O: { Value: x, Export: {} } }" + Resources,
                "the Export of the output O has no Name; expected the name of the export",
                "E6002"
            },
            {
                "Outputs: { O: { Value: x, Description: !Ref AWS::Region } }" + Resources,
                "the Description of the output O is the function Ref; expected a text",
                "E6003"
            },
            {
                "Conditions: { C: !Ref AWS::Region }" + Resources,
                "the condition C is the function Ref; expected one of the functions And, Equals, Not, Or, or another condition",
                "E8001"
            },
            {
                "Parameters: { P: { Type: String } }\nResources: { A: { Type: AWS::SQS::Queue, DeletionPolicy: !Ref P } }",
                "the DeletionPolicy of A is the function Ref; expected a text, or the transform AWS::LanguageExtensions, with which it "
                    + "can be a function",
                null
            },
            {
                "Conditions: { C: !Equals [ !Ref AWS::Region, a ] }\nResources: { A: { Type: AWS::SQS::Queue, UpdateReplacePolicy: "
                    + "{ \"Fn::If\": [ C, Delete, Retain ] } } }",
                "the UpdateReplacePolicy of A is the function If; expected a text, or the transform AWS::LanguageExtensions, with which "
                    + "it can be a function",
                null
            },
            {
                "Resources: { A: { Type: AWS::S3::Bucket, DeletionPolicy: Snapshot } }",
                "the DeletionPolicy of A is \"Snapshot\", and there are no snapshots of AWS::S3::Bucket; expected one of Delete, Retain, "
                    + "RetainExceptOnCreate",
                "E3035"
            },
            {
                "Resources: { A: { Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Snapshot, Properties: { KeySchema: [ { AttributeName: "
                    + "a, KeyType: HASH } ], AttributeDefinitions: [ { AttributeName: a, AttributeType: S } ], BillingMode: "
                    + "PAY_PER_REQUEST } } }",
                "the UpdateReplacePolicy of A is \"Snapshot\", and there are no snapshots of AWS::DynamoDB::Table; expected one of "
                    + "Delete, Retain",
                "E3036"
            },
            {
                "Parameters: { P: { Type: String, Defualt: x } }" + Resources,
                "the parameter P has the attribute \"Defualt\", which CloudFormation does not know; expected one of AllowedPattern, "
                    + "AllowedValues, ConstraintDescription, Default, Description, MaxLength, MaxValue, MinLength, MinValue, NoEcho, Type "
                    + "(did you mean \"Default\"?)",
                "E2001"
            },
            {
                "Conditions: { C: !Not [ !Condition D ], D: !And [ !Condition C, !Equals [ a, b ] ] }" + Resources,
                "the conditions C, D wait for each other; expected conditions of parameters, or of conditions that do not come back to it",
                null
            },
            {
                "Conditions: { C: { Condition: C } }" + Resources,
                "the condition C waits for itself; expected conditions of parameters, or of conditions that do not come back to it",
                null
            },
            {
                "Mappings: { M: { us-east-1: { a: { b: c } } } }" + Resources,
                "\"a\" of \"us-east-1\" of the mapping \"M\" is a map; expected a text or a list: a mapping has two levels of names",
                "E7001"
            },
            {
                "Mappings: { M: { us-east-1: a } }" + Resources,
                "\"us-east-1\" of the mapping \"M\" is the text \"a\"; expected a map of names and values",
                "E7001"
            },
            {
                "Parameters: { A: { Type: String } }" + Resources,
                "\"A\" is a resource and a parameter; expected a name of its own for each, since Ref names both",
                "E3007"
            },
            {
                $"Resources: {{ A: {{ Type: \"Custom::{new string('a', 61)}\", Properties: {{ ServiceToken: x }} }} }}",
                "the Type of the custom resource A has a name of 61 characters; expected at most 60 after Custom::",
                null
            },
            {
                $"Parameters: {{ P: {{ Type: String, Description: {new string('a', 4001)} }} }}" + Resources,
                "the Description of the parameter P has 4001 characters; expected at most 4000",
                null
            },
            {
                "Resources: { A: { Type: AWS::SQS::Queue, Properties: { QueueName: null } } }",
                "QueueName has no value; expected a value, or no key: CloudFormation takes no null",
                null
            },
            { "Parameters:" + Resources, "Parameters has no value; expected a value, or no key: CloudFormation takes no null", null },
            {
                "Resources: { A: { Type: AWS::SQS::Queue, Properties: { Tags: [ ~ ] } } }",
                "an item of a list has no value; expected a value, or no item: CloudFormation takes no null",
                null
            },
            {
                "AWSTemplateFormatVersion: 2010-09-10" + Resources,
                "AWSTemplateFormatVersion is the text \"2010-09-10\"; expected \"2010-09-09\", the only one there is",
                "E1001"
            },
            {
                "Resources: { A: { Type: AWS::SQS::Queue, DependsOn: [ !Ref B ] }, B: { Type: AWS::SQS::Queue } }",
                "DependsOn of A is the function Ref; expected the names of resources, as texts",
                "E3001"
            },
            {
                "Outputs: { O: { Value: x, Descripton: y } }" + Resources,
                "the output O has the attribute \"Descripton\", which CloudFormation does not know; expected one of Condition, "
                    + "Description, Export, Value (did you mean \"Description\"?)",
                "E6001"
            },
            {
                Queue("!ToJsonString { a: b }"),
                "ToJsonString needs the transform AWS::LanguageExtensions; expected \"Transform: AWS::LanguageExtensions\" in the template",
                "E1031"
            },
            {
                "Resources: { A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: { \"Fn::Length\": [ a ] } } } }",
                "Length needs the transform AWS::LanguageExtensions; expected \"Transform: AWS::LanguageExtensions\" in the template",
                "E1030"
            },
            {
                Queue("!Join [ \",\", abc ]"),
                "Join is given the text \"abc\" to join; expected a list, or a function that gives one",
                "E1022"
            },
            {
                "Mappings: { M: { a: { b: c } } }\n" + Queue("!FindInMap [ M, x, b ]"),
                "the mapping \"M\" has no \"x\"; expected a key of the mapping",
                null
            },
            {
                Queue("!Select [ 2, !Split [ \",\", \"a,b\" ] ]"),
                "Select takes index 2 of a list of 2 values; expected an index from 0 to 1",
                null
            },
            {
                "Conditions: { Never: !Equals [ a, b ] }\nResources: { A: { Type: AWS::SQS::Queue, Condition: Never }, B: { Type: "
                    + "AWS::SQS::Queue, Properties: { QueueName: !GetAtt A.QueueName } } }",
                "B names the resource A, whose condition is never true; expected a resource that is there, or the condition of A for B too",
                null
            },
            {
                "Conditions: { No: !Equals [ a, b ], Never: !And [ !Condition No, !Equals [ !Ref AWS::Region, x ] ] }\nResources: { A: { "
                    + "Type: AWS::SQS::Queue, Condition: Never }, B: { Type: AWS::SQS::Queue } }\nOutputs: { O: { Value: !Sub \"${A}\" } }",
                "O names the resource A, whose condition is never true; expected a resource that is there, or the condition of A for O too",
                null
            },
        };

    public static TheoryData<string> Accepted =>
        [
            "Parameters: { P: { Type: String, NoEcho: yes } }\n" + Queue("!Sub \"${ P }-${ AWS::Region }-${ ! Text }\""),
            "Outputs: { O: { Value: !Sub [ \"${ Own }-${ A.Arn }\", { Own: x } ] } }" + Resources,
            Extensions + "Parameters: { P: { Type: String } }\nResources: { A: { Type: AWS::SQS::Queue, DeletionPolicy: !Ref P } }",
            Extensions + "Outputs: { O: { Value: !ToJsonString { a: b } } }" + Resources,
            "Resources: { A: { Type: AWS::EC2::Volume, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot, Properties: { "
                + "AvailabilityZone: us-east-1a, Size: 1 } } }",
            "AWSTemplateFormatVersion: 2010-09-09" + Resources,
            "Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: AWS::Serverless::StateMachine, Properties: { Definition: { "
                + "StartAt: S, States: { S: { Type: Pass, ResultPath: null, End: true } } } } } }",
            "AWSTemplateFormatVersion: \"2010-09-09\"" + Resources,
            "Mappings: { M: { us-east-1: { a: [ b, c ] } } }\nOutputs: { O: { Value: !Join [ \",\", !FindInMap [ M, us-east-1, a ] ] } }"
                + Resources,
            "Conditions: { C: !Equals [ !Ref AWS::Region, x ], D: !Not [ !Condition C ] }\nResources: { A: { Type: AWS::SQS::Queue, "
                + "Condition: C }, B: { Type: AWS::SQS::Queue, Condition: C, Properties: { QueueName: !GetAtt A.QueueName } } }",
            "Conditions: { Never: !Equals [ a, b ] }\nResources: { A: { Type: AWS::SQS::Queue, Condition: Never }, B: { Type: "
                + "AWS::SQS::Queue, Properties: { QueueName: !If [ Never, !GetAtt A.QueueName, x ] } } }",
            "Outputs: { O: { Value: !Select [ 1, !Split [ \",\", \"a,b\" ] ], Description: d, Export: { Name: n } } }" + Resources,
            "Resources: { A: { Type: AWS::SQS::Queue, DependsOn: B }, B: { Type: AWS::SQS::Queue, DependsOn: [ C ] }, C: { Type: "
                + "AWS::SQS::Queue } }",
        ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_certain_to_fail_is_a_fault(string template, string fault, string? rule)
    {
        _ = rule;
        OneTemplate.Faults(template).ShouldHaveSingleItem().ShouldEndWith($": {fault}");
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_can_succeed_is_accepted(string template) => OneTemplate.Faults(template).ShouldBeEmpty();

    [Fact]
    public async Task Cfn_lint_says_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("cfn-lint").FullName;
        try
        {
            var refused = Refused.Select(row => row.Data).Where(row => row.Item3 is not null).ToList();
            var accepted = Accepted.Select(row => row.Data).ToList();
            for (var i = 0; i < refused.Count; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"refused-{i:D2}.yaml"), refused[i].Item1, Cancellation);
            }
            for (var i = 0; i < accepted.Count; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"accepted-{i:D2}.yaml"), accepted[i], Cancellation);
            }

            var found = await Lint(folder);

            for (var i = 0; i < refused.Count; i++)
            {
                found[$"refused-{i:D2}.yaml"].ShouldContain(refused[i].Item3!, refused[i].Item1);
            }
            for (var i = 0; i < accepted.Count; i++)
            {
                found[$"accepted-{i:D2}.yaml"].ShouldBeEmpty(accepted[i]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Queue(string name) => $"Resources: {{ A: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: {name} }} }} }}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The rules whose errors cfn-lint reports, by file.</summary>
    private static async Task<ILookup<string, string>> Lint(string folder)
    {
        Assert.SkipUnless(Programs.OnPath("cfn-lint"), "cfn-lint is not installed: what is certain to fail was compared with nothing");
        var (_, output) = await Programs.Run(
            "cfn-lint",
            ["--format", "json", "--regions", "us-east-1", "--", .. Directory.GetFiles(folder)]
        );
        using var document = JsonDocument.Parse(output);
        return document
            .RootElement.EnumerateArray()
            .Select(one => (File: Path.GetFileName(one.GetProperty("Filename").GetString()!), Rule: one.GetProperty("Rule")))
            .Select(one => (one.File, Id: one.Rule.GetProperty("Id").GetString()!))
            .Where(one => one.Id.StartsWith('E'))
            .ToLookup(one => one.File, one => one.Id);
    }
}
