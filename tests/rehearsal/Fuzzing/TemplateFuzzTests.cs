using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Tests.Fuzzing;

namespace Deployer.Rehearsal.Tests.Fuzzing;

/// <summary>Whatever a template holds, it is read or refused as CloudFormation does: no other exception, no endless work.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly string[] Tokens =
    [
        "!Sub ",
        "!If ",
        "!GetAtt ",
        "!Ref ",
        "!Join ",
        "!Select ",
        "!Nonsense ",
        "!!binary ",
        "!<tag:x> ",
        "${",
        "}",
        "Fn::If: ",
        "Fn::GetAtt: ",
        "Ref: ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "? ",
        "&a ",
        "*a",
        "|\n",
        ">-\n  ",
        "'",
        "\"",
        "#",
        "---\n",
        "...\n",
        "\t",
        "\r",
        "\n  ",
        "<<: *a",
        "null",
        "~",
        "true",
        "\0",
        "\uFEFF",
        "DependsOn: A\n",
        "Condition: Yes\n",
        "AWS::NoValue",
        "Transform: AWS::Serverless-2016-10-31\n",
        "Events:\n",
        "1e999",
    ];

    [Theory]
    [InlineData(
        """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters: { Size: { Type: Number, Default: 3, AllowedValues: [ 1, 3 ] }, Names: { Type: CommaDelimitedList, Default: "a,b" } }
            Mappings: { M: { a: { b: c } } }
            Conditions: { Large: !Not [ !Equals [ !Ref Size, 1 ] ], Both: !And [ !Condition Large, !Or [ !Condition Large, !Equals [ a,
              b ] ] ] }
            Resources:
              A:
                Type: AWS::SSM::Parameter
                Condition: Large
                DependsOn: [ B ]
                Properties: { Type: String, Value: !Sub [ "${AWS::Region} ${X} ${B.Arn} ${!Y}", { X: !Select [ 0, !Ref Names ] } ] }
              B:
                Type: AWS::IAM::Role
                Properties: { RoleName: !If [ Both, !FindInMap [ M, a, b ], !Ref AWS::NoValue ], Path: !Join [ "/", !Split [ ",",
                  "a,b" ] ], T: !Base64 x, C: !Cidr [ 10.0.0.0/16, 4, 8 ] }
            Outputs: { Arn: { Value: !GetAtt B.Arn, Export: { Name: !Sub "${AWS::StackName}-arn" } } }
            """
    )]
    [InlineData(
        """{"Resources":{"A":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"""
            + """{"Fn::Join":["",["a",{"Ref":"AWS::Region"},{"Fn::GetAtt":["B","Arn"]}]]}}},"B":{"Type":"AWS::SNS::Topic"}},"Outputs":"""
            + """{"O":{"Value":{"Fn::Sub":"${A}-${B.TopicName}"}}}}"""
    )]
    [InlineData(
        """
            Transform: AWS::Serverless-2016-10-31
            Globals: { Function: { Runtime: provided.al2023, Timeout: 30, Environment: { Variables: { A: "1" } } } }
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  CodeUri: s3://code/f.zip
                  Policies: [ { Statement: [ { Effect: Allow, Action: s3:GetObject, Resource: "*" } ] }, AmazonSQSFullAccess ]
                  Events: { Sweep: { Type: Schedule, Properties: { Schedule: rate(5 minutes) } }, Bus: { Type: EventBridgeRule,
                    Properties: { Pattern: { source: [ x ] } } } }
              M: { Type: AWS::Serverless::StateMachine, Properties: { DefinitionUri: s3://code/m.json, Role: !GetAtt FRole.Arn,
                Tags: { a: b } } }
            """
    )]
    public Task Templates_are_read_or_refused(string template) =>
        Fuzz.ForEachSeed(mutator => ReadOrRefused(mutator.Text(template, Tokens)));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("!Sub [ ")]
    [InlineData("{\"Resources\":")]
    [InlineData("Resources: {A: {Type: X, Properties: {P: ")]
    public void Nesting_without_end_is_refused(string opening)
    {
        foreach (var depth in new[] { 200, 20_000 })
        {
            var text = opening.StartsWith("Resources", StringComparison.Ordinal)
                ? opening + string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)) + "}}}"
                : string.Concat(Enumerable.Repeat(opening, depth));

            Should.Throw<TemplateException>(() => Read(text));
        }
    }

    private static void ReadOrRefused(string text)
    {
        try
        {
            Read(text);
        }
        catch (TemplateException)
        {
            // Refused, with CloudFormation's words.
        }
    }

    private static void Read(string text)
    {
        var template = Transforms.Apply(Template.Parse(text));
        TemplateChecks.References(template);
    }
}
