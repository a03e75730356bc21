namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateStructureTests
{
    private const string Resources = "\nResources: { A: { Type: AWS::SQS::Queue } }";

    [Theory]
    [InlineData("https://example.com/n.yaml", false)]
    [InlineData("https://s3.amazonaws.com/bucket/n.yaml", true)]
    public void A_nested_template_at_an_address_lies_in_S3(string address, bool isAccepted)
    {
        var faults = OneTemplate.Faults(
            $"Resources: {{ N: {{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{address}\" }} }} }}"
        );

        if (isAccepted)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults
                .ShouldHaveSingleItem()
                .ShouldContain($"the address of the template of N is \"{address}\"; expected the address of an object in S3, such as ");
        }
    }

    [Theory]
    [InlineData("AWS::CloudFormation::Stack", "TemplateURL: \"https://user:hunter2@s3.amazonaws.com/b/t.yaml\"")]
    [InlineData("AWS::CloudFormation::Stack", "TemplateURL: \"https://user:hunter2@example.com/t.yaml\"")]
    [InlineData("AWS::CloudFormation::Stack", "TemplateURL: !Sub \"https://b.s3.amazonaws.com/${AWS::Region}?X-Amz-Signature=hunter2\"")]
    [InlineData(
        "AWS::CloudFormation::Stack",
        "TemplateURL: !Sub [ \"https://b.s3.amazonaws.com/${K}?AWSAccessKeyId=AKIA&Signature=hunter2\", { K: k } ]"
    )]
    [InlineData("AWS::Serverless::Application", "Location: \"https://b.s3.amazonaws.com/t.yaml?X-Amz-Signature=hunter2\"")]
    public void An_address_of_a_nested_template_with_credentials_is_refused_and_they_are_not_shown(string type, string property)
    {
        var fault = OneTemplate
            .Faults($"Transform: AWS::Serverless-2016-10-31\nResources: {{ N: {{ Type: {type}, Properties: {{ {property} }} }} }}")
            .ShouldHaveSingleItem();

        fault.ShouldContain("the address of the template of N holds a credential; expected an address without user name, password or ");
        fault.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("Description: [ a ]", "stacks/t.yaml:1:14: the Description is a list; expected a text")]
    [InlineData("Description: !Sub a", "stacks/t.yaml:1:14: the Description is the function Sub; expected a text")]
    [InlineData(
        "Conditions: { C: !Equals [ a, a ] }\nOutputs: { O: { Value: x, Condition: !Condition C } }",
        "stacks/t.yaml:2:38: the Condition of the output O is the function Condition; expected the name of a condition"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Condition: !Equals [ a, a ] } }",
        "stacks/t.yaml:1:38: the Condition of the output O is the function Equals; expected the name of a condition"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, Default: x, AllowedPattern: '[x' } }",
        "stacks/t.yaml:1:62: the AllowedPattern of the parameter P cannot be read: '[x' is no regular expression of Java (unclosed "
            + "character class); expected a regular expression of Java"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, AllowedPattern: 'a{' } }",
        "stacks/t.yaml:1:50: the AllowedPattern of the parameter P cannot be read: 'a{' is no regular expression of Java (illegal "
            + "repetition); expected a regular expression of Java"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: {} } }",
        "stacks/t.yaml:1:35: the Export of the output O has no Name; expected the name of the export"
    )]
    public void A_text_that_is_none_is_a_fault(string template, string fault) => OneTemplate.Faults(template + Resources).ShouldBe([fault]);

    [Theory]
    [InlineData(
        "Parameters: { P: { Type: String, NoEcho: perhaps } }",
        "1:42: the NoEcho of the parameter P is the text \"perhaps\"; expected true or false"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, NoEcho: [ true ] } }",
        "1:42: the NoEcho of the parameter P is a list; expected true or false"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, NoEcho: !Ref AWS::Region } }",
        "1:42: the NoEcho of the parameter P is the function Ref; expected true or false"
    )]
    [InlineData(
        "Parameters: { P: { Type: Number, MinLength: 1 } }",
        "1:34: the parameter P of the type Number has the attribute MinLength; expected MinValue and MaxValue, those of a number"
    )]
    [InlineData(
        "Parameters: { P: { Type: Number, AllowedPattern: a } }",
        "1:34: the parameter P of the type Number has the attribute AllowedPattern; expected MinValue and MaxValue, those of a number"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, MaxValue: 1 } }",
        "1:34: the parameter P of the type String has the attribute MaxValue; expected MinLength, MaxLength and AllowedPattern, "
            + "those of a text"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, MinLength: 1.5 } }",
        "1:45: the MinLength of the parameter P is the number 1.5; expected a whole number"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, MinLength: 3, MaxLength: 2 } }",
        "1:45: the MinLength 3 of the parameter P is above its MaxLength 2; expected a MinLength that is not above the MaxLength"
    )]
    [InlineData(
        "Parameters: { P: { Type: Number, MinValue: 3, MaxValue: 2 } }",
        "1:44: the MinValue 3 of the parameter P is above its MaxValue 2; expected a MinValue that is not above the MaxValue"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, Description: [ a ] } }",
        "1:47: the Description of the parameter P is a list; expected a text"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, ConstraintDescription: !Sub a } }",
        "1:57: the ConstraintDescription of the parameter P is the function Sub; expected a text"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, AllowedPattern: [ a ] } }",
        "1:50: the AllowedPattern of the parameter P is a list; expected a text"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, AllowedValues: [ [ a ] ] } }",
        "1:51: the AllowedValues of the parameter P hold a list; expected texts and numbers alone"
    )]
    [InlineData("Parameters: { P: { Type: [ String ] } }", "1:26: the Type of the parameter P is a list; expected a text")]
    [InlineData("Parameters: { P: String }", "1:18: the parameter P is the text \"String\"; expected a map with a Type")]
    [InlineData("Parameters: [ P ]", "1:13: Parameters is a list; expected a map of names and what they stand for")]
    [InlineData("Outputs: x", "1:10: Outputs is the text \"x\"; expected a map of names and what they stand for")]
    [InlineData("Outputs: { O: x }", "1:15: the output O is the text \"x\"; expected a map with a Value")]
    [InlineData("Outputs: { O: { Value: x, Description: [ a ] } }", "1:40: the Description of the output O is a list; expected a text")]
    [InlineData(
        "Outputs: { O: { Value: x, Description: !Ref AWS::Region } }",
        "1:40: the Description of the output O is the function Ref; expected a text"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: n } }",
        "1:35: the Export of the output O is the text \"n\"; expected a map with the Name of the export"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: !Sub n } }",
        "1:35: the Export of the output O is the function Sub; expected a map with the Name of the export"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: { Name: [ a ] } } }",
        "1:43: the name of the Export of the output O is a list; expected a text"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: { Name: n, Other: b } } }",
        "1:46: the Export of the output O has the attribute \"Other\", which CloudFormation does not know; expected one of Name"
    )]
    [InlineData(
        "Conditions: { C: x }",
        "1:18: the condition C is the text \"x\"; expected one of the functions And, Equals, Not, Or, or another condition"
    )]
    [InlineData(
        "Conditions: { C: [ a ] }",
        "1:18: the condition C is a list; expected one of the functions And, Equals, Not, Or, or another condition"
    )]
    [InlineData(
        "Conditions: { C: !Ref AWS::Region }",
        "1:18: the condition C is the function Ref; expected one of the functions And, Equals, Not, Or, or another condition"
    )]
    public void An_attribute_of_another_type_is_a_fault(string template, string fault) =>
        OneTemplate.Faults(template + Resources).ShouldBe([$"stacks/t.yaml:{fault}"]);

    [Theory]
    [InlineData(
        "Parameters: { P: { Type: String, NoEcho: yes, MinLength: \"1\", MaxLength: 2, AllowedPattern: .*, Default: x, Description: 5 } }"
    )]
    [InlineData("Parameters: { P: { Type: String, NoEcho: \"False\", AllowedValues: [ a, 1, true ], Default: a } }")]
    [InlineData("Parameters: { P: { Type: Number, MinValue: -1.5, MaxValue: 2, Default: 1 } }")]
    [InlineData("Parameters: { P: { Type: \"List<Number>\", MinValue: 1, Default: \"1,2\" } }")]
    [InlineData("Parameters: { P: { Type: CommaDelimitedList, AllowedPattern: .*, MinLength: 1, Default: \"a,b\" } }")]
    [InlineData("Parameters: { P: { Type: AWS::EC2::VPC::Id, AllowedPattern: .*, MinLength: 1, Default: vpc-1 } }")]
    [InlineData("Conditions: { C: !Equals [ a, b ], D: { Condition: C }, E: !Condition C, F: !Not [ !Condition C ] }")]
    [InlineData("Outputs: { O: { Value: !Ref A, Description: \"1\", Export: { Name: !Sub \"${AWS::StackName}-o\" } } }")]
    public void An_attribute_of_its_type_is_accepted(string template) => OneTemplate.Faults(template + Resources).ShouldBeEmpty();

    [Theory]
    [InlineData("{ a: x }", "stacks/t.yaml:1:21: \"a\" of the mapping \"M\" is the text \"x\"; expected a map of names and values")]
    [InlineData("[ a ]", "stacks/t.yaml:1:16: the mapping \"M\" is a list; expected a map of keys, each with a map of values")]
    [InlineData(
        "{ a: { b: !Ref AWS::Region } }",
        "stacks/t.yaml:1:26: \"b\" of \"a\" of the mapping \"M\" is the function Ref; "
            + "expected a text or a list: a mapping has two levels of names"
    )]
    [InlineData(
        "{ a: { b: { \"Fn::Sub\": x } } }",
        "stacks/t.yaml:1:26: \"b\" of \"a\" of the mapping \"M\" is the function Sub; "
            + "expected a text or a list: a mapping has two levels of names"
    )]
    [InlineData(
        "{ a: { b: [ !Ref AWS::Region ] } }",
        "stacks/t.yaml:1:28: \"b\" of \"a\" of the mapping \"M\" holds the function Ref; expected a list of texts"
    )]
    [InlineData(
        "{ a: { b: [ { c: d } ] } }",
        "stacks/t.yaml:1:28: \"b\" of \"a\" of the mapping \"M\" holds a map; expected a list of texts"
    )]
    [InlineData("{ a: { b: [ x, y ], c: 1, d: true } }", null)]
    public void A_mapping_has_two_levels_of_names_and_texts_or_lists(string mapping, string? fault) =>
        OneTemplate.Faults($"Mappings: {{ M: {mapping} }}" + Resources).ShouldBe(fault is null ? [] : [fault]);

    [Theory]
    [InlineData(
        "Parameters: { P: { Type: \"AWS::SSM::Parameter::Value<Foo>\", Default: /a } }" + Resources,
        "stacks/t.yaml:1:26: the Type of the parameter P is \"AWS::SSM::Parameter::Value<Foo>\""
    )]
    [InlineData(
        "Parameters: { P: { Type: CommaDelimitedList, Default: [ a, b ] } }" + Resources,
        "stacks/t.yaml:1:55: the Default of the parameter P is a list; expected a text or a number"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, MinLength: x } }" + Resources,
        "stacks/t.yaml:1:45: the MinLength of the parameter P is the text \"x\"; expected a whole number"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, AllowedValues: x } }" + Resources,
        "stacks/t.yaml:1:49: the AllowedValues of the parameter P is the text \"x\"; expected a list"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS::Queue, Properties: [ a ] } }",
        "stacks/t.yaml:1:54: the Properties of A are a list; expected a map of names and values"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS::Queue, DependsOn: { B: C } } }",
        "stacks/t.yaml:1:53: DependsOn of A is a map; expected the name of a resource, or a list of names"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::Serverless::SimpleTable } }",
        "stacks/t.yaml:1:25: the type AWS::Serverless::SimpleTable of A needs the transform of the Serverless Application Model; "
            + "expected \"Transform: AWS::Serverless-2016-10-31\" in the template"
    )]
    public void What_CloudFormation_finds_malformed_is_a_fault(string template, string fault) =>
        OneTemplate.Faults(template).ShouldHaveSingleItem().ShouldStartWith(fault);

    [Theory]
    [InlineData("String")]
    [InlineData("List<String>")]
    [InlineData("CommaDelimitedList")]
    [InlineData("AWS::EC2::Image::Id")]
    [InlineData("List<AWS::EC2::Subnet::Id>")]
    public void A_parameter_of_Systems_Manager_holds_texts_lists_and_names_of_AWS(string type) =>
        OneTemplate
            .Faults($"Parameters: {{ P: {{ Type: \"AWS::SSM::Parameter::Value<{type}>\", Default: /a }} }}" + Resources)
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Resources: {}", "stacks/t.yaml:1:12: Resources is empty; expected at least one resource")]
    [InlineData(
        "Resources: { A: { Properties: {} } }",
        "stacks/t.yaml:1:14: the resource A has no Type; expected a type such as AWS::SQS::Queue"
    )]
    [InlineData(
        "Resources: { my-queue: { Type: AWS::SQS::Queue } }",
        "stacks/t.yaml:1:14: the name \"my-queue\" in Resources is not allowed; expected letters and digits"
    )]
    [InlineData("Outputs: { O: {} }" + Resources, "stacks/t.yaml:1:12: the output O has no Value; expected what the output is")]
    [InlineData(
        "Output: { O: { Value: x } }" + Resources,
        "stacks/t.yaml:1:1: a template has no section \"Output\"; expected one of AWSTemplateFormatVersion, "
            + "Conditions, Description, Globals, Hooks, Mappings, Metadata, Outputs, Parameters, Resources, Rules, "
            + "Transform (did you mean \"Outputs\"?)"
    )]
    [InlineData(
        "Parameters: { P: { Default: x } }" + Resources,
        "stacks/t.yaml:1:15: the parameter P has no Type; expected a type such as String"
    )]
    [InlineData(
        "Parameters: { P: { Type: Boolean, Default: x } }" + Resources,
        "stacks/t.yaml:1:26: the Type of the parameter P is \"Boolean\"; expected String, Number, List<Number>, "
            + "CommaDelimitedList, or one of AWS's such as AWS::EC2::VPC::Id"
    )]
    [InlineData(
        "Parameters: { P: { Type: AWS::EC2::Foo::Id, Default: x } }" + Resources,
        "stacks/t.yaml:1:26: the Type of the parameter P is \"AWS::EC2::Foo::Id\"; expected String, Number, List<Number>, "
            + "CommaDelimitedList, or one of AWS's such as AWS::EC2::VPC::Id"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, Default: !Ref AWS::Region } }" + Resources,
        "stacks/t.yaml:1:43: the Default of the parameter P is the function Ref; expected a text or a number"
    )]
    [InlineData(
        "Resources: { A: { Type: Custom::Maker, Properties: { Size: 1 } } }",
        "stacks/t.yaml:1:14: the custom resource A has no ServiceToken; expected the ARN of the function or topic that CloudFormation calls"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::CloudFormation::CustomResource } }",
        "stacks/t.yaml:1:14: the custom resource A has no ServiceToken; expected the ARN of the function or topic that CloudFormation calls"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS::Queue, DeletionPolicy: Keep } }",
        "stacks/t.yaml:1:58: the DeletionPolicy of A is \"Keep\"; expected one of Delete, Retain, RetainExceptOnCreate"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS::Queue, UpdateReplacePolicy: RetainExceptOnCreate } }",
        "stacks/t.yaml:1:63: the UpdateReplacePolicy of A is \"RetainExceptOnCreate\"; expected one of Delete, Retain"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS::Queue, DependOn: A } }",
        "stacks/t.yaml:1:42: the resource A has the attribute \"DependOn\", which CloudFormation does not know; expected one of Condition, "
            + "CreationPolicy, DeletionPolicy, DependsOn, Description, Metadata, Properties, Type, UpdatePolicy, UpdateReplacePolicy "
            + "(did you mean \"DependsOn\"?)"
    )]
    [InlineData(
        "Resources: { A: { Type: \"AWS:SQS:Queue\" } }",
        "stacks/t.yaml:1:25: the Type of the resource A is \"AWS:SQS:Queue\"; expected a type such as AWS::SQS::Queue, or Custom::NAME"
    )]
    [InlineData(
        "Resources: { A: { Type: AWS::SQS } }",
        "stacks/t.yaml:1:25: the Type of the resource A is \"AWS::SQS\"; expected a type such as AWS::SQS::Queue, or Custom::NAME"
    )]
    [InlineData(
        "Outputs: { O: { Value: [ 1, 2 ] } }" + Resources,
        "stacks/t.yaml:1:24: the output O is a list; expected a text; Join makes one of a list"
    )]
    [InlineData(
        "Outputs: { O: { Value: { a: b } } }" + Resources,
        "stacks/t.yaml:1:24: the output O is a map; expected a text; Join makes one of a list"
    )]
    [InlineData(
        "Outputs: { O: { Value: !GetAZs us-east-1 } }" + Resources,
        "stacks/t.yaml:1:24: the output O is a list; expected a text; Join makes one of a list"
    )]
    [InlineData(
        "Parameters: { P: { Type: CommaDelimitedList, Default: x } }\nOutputs: { O: { Value: !Ref P } }" + Resources,
        "stacks/t.yaml:2:24: the output O is a list; expected a text; Join makes one of a list"
    )]
    [InlineData(
        "Outputs: { O: { Value: x, Export: { Name: n } }, P: { Value: x, Export: { Name: n } } }" + Resources,
        "stacks/t.yaml:1:81: the output P is exported with the name of O; expected another name for each export"
    )]
    [InlineData(
        "Outputs:\n  O: { Value: x, Export: { Name: !Sub \"${AWS::StackName}-n\" } }\n"
            + "  P: { Value: x, Export: { Name: !Sub \"${AWS::StackName}-n\" } }"
            + Resources,
        "stacks/t.yaml:3:34: the output P is exported with the name of O; expected another name for each export"
    )]
    public void What_CloudFormation_does_not_take_for_a_template_is_a_fault(string template, string fault) =>
        OneTemplate.Faults(template).ShouldBe([fault]);

    [Theory]
    [InlineData("Metadata: { \"AWS::CloudFormation::Interface\": {} }\nRules: {}\nHooks: {}" + Resources)]
    [InlineData("Parameters: { P: { Type: \"List<AWS::EC2::Subnet::Id>\", Default: x } }" + Resources)]
    [InlineData("Parameters: { P: { Type: \"AWS::SSM::Parameter::Value<List<String>>\", Default: x } }" + Resources)]
    [InlineData("Transform: Mine\nAnything: x\nResources: { A: {} }")]
    [InlineData("Resources: { A: { Type: Custom::Maker, Version: \"1.0\", Properties: { ServiceToken: x } } }")]
    [InlineData("Resources: { A: { Type: Custom::Maker, Properties: { \"Fn::Transform\": { Name: AWS::Include } } } }")]
    [InlineData(
        "Conditions: { C: !Equals [ a, b ] }\nOutputs:\n  O: { Condition: C, Value: x, Export: { Name: n } }\n"
            + "  P: { Value: x, Export: { Name: n } }"
            + Resources
    )]
    [InlineData(
        "Outputs: { O: { Value: !Join [ \",\", !GetAZs us-east-1 ] }, P: { Value: !If [ C, a, b ] } }\nConditions: { C: !Equals [ a, b ] }"
            + Resources
    )]
    [InlineData("Resources: { A: { Type: Alexa::ASK::Skill, DeletionPolicy: RetainExceptOnCreate, UpdateReplacePolicy: Retain } }")]
    [InlineData("Resources: { A: { Type: \"My::Own::Module::MODULE\", Description: x } }")]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nParameters: { P: { Type: String, Default: Retain } }\n"
            + "Resources: { A: { Type: AWS::SQS::Queue, DeletionPolicy: !Ref P } }"
    )]
    [InlineData("Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: AWS::SQS::Queue, Connectors: { } } }")]
    public void What_it_takes_is_accepted(string template) => OneTemplate.Faults(template).ShouldBeEmpty();

    [Theory]
    [InlineData(
        "Resources:\n  A: { Type: X, DependsOn: B }\n  B: { Type: X, Properties: { P: !Sub \"${C.Arn}\" } }\n  C: { "
            + "Type: X, Properties: { P: !GetAtt A.Arn } }\n  D: { Type: X, DependsOn: A }",
        "stacks/t.yaml:2:3: the resources A, B, C wait for each other; expected an order in which each resource "
            + "comes after those that it names"
    )]
    [InlineData(
        "Resources:\n  A: { Type: X, Properties: { P: !Ref A } }",
        "stacks/t.yaml:2:3: the resource A waits for itself; expected an order in which each resource comes after those that it names"
    )]
    public void Resources_that_wait_for_each_other_are_a_fault(string template, string fault) =>
        OneTemplate.Faults(template).ShouldBe([fault]);

    [Theory]
    [InlineData("Resources:\n  A: { Type: X, DependsOn: B }\n  B: { Type: X, Properties: { P: !Sub [ \"${A}\", { A: x } ] } }")]
    [InlineData(
        "Conditions: { C: !Equals [ a, b ] }\nResources:\n  A: { Type: X, DependsOn: B }\n  B: { Type: X, "
            + "Properties: { P: !If [ C, !Ref A, x ] } }"
    )]
    [InlineData(
        "Conditions: { C: !Equals [ a, b ] }\nResources:\n  A: { Type: X, DependsOn: B }\n  B: { Type: X, "
            + "Condition: C, Properties: { P: !Ref A } }"
    )]
    public void A_cycle_that_a_condition_or_a_value_of_its_own_breaks_is_none(string template) =>
        OneTemplate.Faults(template).ShouldBeEmpty();
}
