using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

public sealed class TemplateTests
{
    [Fact]
    public void Reads_the_attributes_of_a_resource()
    {
        var resource = Template
            .Parse(
                """
                Conditions: { C: !Equals [a, a] }
                Resources:
                  B: { Type: AWS::SNS::Topic }
                  A:
                    Type: AWS::AutoScaling::AutoScalingGroup
                    DependsOn: B
                    Condition: C
                    DeletionPolicy: RetainExceptOnCreate
                    UpdateReplacePolicy: Retain
                    UpdatePolicy: { AutoScalingRollingUpdate: { MinInstancesInService: 1 } }
                    CreationPolicy: { ResourceSignal: { Count: 2 } }
                    Metadata: { BuildMethod: makefile }
                """
            )
            .Resources["A"];

        resource.DependsOn.ShouldBe(["B"]);
        resource.Condition.ShouldBe("C");
        resource.IsRetained.ShouldBeTrue();
        resource.UpdateReplacePolicy.ShouldBe("Retain");
        resource.UpdatePolicy!.ToJsonString().ShouldContain("MinInstancesInService");
        resource.CreationPolicy.ShouldNotBeNull();
        resource.Metadata.ShouldNotBeNull();
    }

    [Fact]
    public void Json_and_yaml_read_alike() =>
        TemplateText
            .Read(
                """{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":"""
                    + """{"TopicName":{"Fn::Sub":"${AWS::StackName}-x"},"N":1,"B":true}}}}"""
            )
            .ToJsonString()
            .ShouldBe(
                TemplateText
                    .Read(
                        "Resources: { A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub \"${AWS::StackName}-x\", N: 1, B: "
                            + "true } } }"
                    )
                    .ToJsonString()
            );

    [Fact]
    public void Orders_resources_by_what_they_need()
    {
        var template = Template.Parse(
            """
            Resources:
              C: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub "${B.TopicName}-${AWS::Region}" } }
              B: { Type: AWS::SNS::Topic, DependsOn: [A] }
              A: { Type: AWS::SNS::Topic }
            """
        );

        DependencyGraph.Build(template).Order.ShouldBe(["A", "B", "C"]);
        DependencyGraph.Build(template).Needs("C").ShouldBe(["B"]);
    }

    [Theory]
    [InlineData("just text", "Template format error: unsupported structure.")]
    [InlineData("{ \"Resources\": ", "Template format error: JSON not well-formed. (line 1, column 16)")]
    [InlineData("Resources: [", "Template format error: YAML not well-formed. (line 2, column 1)")]
    [InlineData(
        "Resources: &a { A: { Type: AWS::SNS::Topic } }\nOutputs: *a",
        "Template error: YAML aliases are not allowed in CloudFormation templates"
    )]
    [InlineData("Resources: {}", "Template format error: At least one Resources member must be defined.")]
    [InlineData("Resources: { A: { Type: T, Properties: } }", "[/Resources/A/Properties] 'null' values are not allowed in templates")]
    [InlineData("Surprise: 1\nResources: { A: { Type: T } }", "Invalid template property or properties [Surprise]")]
    [InlineData(
        "Resources: { A: { Properties: {} } }",
        "Template format error: [/Resources/A] Every Resources object must contain a Type member."
    )]
    [InlineData("Resources: { A-b: { Type: T } }", "Template format error: Resource name A-b is non alphanumeric.")]
    [InlineData("Resources: { A: { Type: T, Depends: B } }", "Invalid template resource property 'Depends'")]
    [InlineData(
        "Resources: { A: { Type: T, DeletionPolicy: Keep } }",
        "Template format error: Unrecognized DeletionPolicy Keep for resource."
    )]
    [InlineData(
        "Resources: { A: { Type: T, DependsOn: [B, C] } }",
        "Template format error: Unresolved resource dependencies [B, C] in the Resources block of the template"
    )]
    [InlineData(
        "Resources: { A: { Type: T, Properties: { P: !Ref Nowhere } } }",
        "Template format error: Unresolved resource dependencies [Nowhere] in the Resources block of the template"
    )]
    [InlineData(
        "Resources: { A: { Type: T } }\nOutputs: { O: { Value: !Ref B } }",
        "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template"
    )]
    [InlineData(
        "Resources: { A: { Type: T, Properties: { P: !GetAtt B.Arn } } }",
        "Template error: instance of Fn::GetAtt references undefined resource B"
    )]
    [InlineData(
        "Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, DependsOn: A }, C: { Type: T, DependsOn: A } }",
        "Circular dependency between resources: [A, B]"
    )]
    [InlineData(
        "Conditions: { C: !Equals [!Ref A, 1] }\nResources: { A: { Type: T } }",
        "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template"
    )]
    [InlineData(
        "Resources: { A: { Type: T, Condition: C } }",
        "Template format error: Unresolved condition dependency C in the Resources block of the template"
    )]
    [InlineData(
        "Resources: { A: { Type: T, Properties: { P: !FindInMap [M, a, b] } } }",
        "Template error: Mapping named 'M' is not present in the 'Mappings' section of template."
    )]
    [InlineData(
        "Resources: { A: { Type: T } }\nOutputs: { O: { Description: x } }",
        "Template format error: Every Outputs member must contain a Value object"
    )]
    [InlineData(
        "Parameters: { P: { Default: x } }\nResources: { A: { Type: T } }",
        "Template format error: Every Parameters object must contain a Type member."
    )]
    [InlineData(
        "Parameters: { P: { Type: Text } }\nResources: { A: { Type: T } }",
        "Template format error: Unrecognized parameter type: Text"
    )]
    [InlineData(
        "AWSTemplateFormatVersion: 2011-01-01\nResources: { A: { Type: T } }",
        "Template format error: unsupported value for AWSTemplateFormatVersion."
    )]
    [InlineData(
        "Resources: { A: { Type: T }, B: { Type: T, Properties: { P: !ImportValue { Ref: A } } } }",
        "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"
    )]
    [InlineData(
        "Mappings: { M: { a: { b: c } } }\nResources: { A: { Type: T }, B: { Type: T, Properties: { P: !FindInMap [M, !Ref A, b] } } }",
        "Template error: the names in Fn::FindInMap must not depend on any resources, imported values, or Fn::GetAZs"
    )]
    [InlineData(
        "Resources: { A: { Type: T } }\nOutputs: { O: { Value: x, Export: { Name: !Sub \"${A}-x\" } } }",
        "Template format error: Output O is malformed. The Name field of Export must not depend on any resources, imported values, or "
            + "Fn::GetAZs."
    )]
    [InlineData("Resources: { A: { Type: T, Properties: { P: !Reff x } } }", "Template format error: unsupported tag '!Reff'.")]
    public void Refuses_as_CloudFormation_words_it(string text, string message) =>
        Should.Throw<TemplateException>(() => Template.Parse(text)).Message.ShouldBe(message);
}
