namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateCallsTests
{
    private const string Condition = "\nConditions: { C: !Equals [ a, b ] }";

    private static string With(string value) =>
        $"Resources: {{ A: {{ Type: AWS::SQS::Queue, Properties: {{ P: {value} }} }} }}" + Condition;

    [Theory]
    [InlineData("!Bogus x", "CloudFormation has no function Bogus; expected one of its functions, such as Sub")]
    [InlineData("{ \"Fn::Bogus\": x }", "CloudFormation has no function Bogus; expected one of its functions, such as Sub")]
    [InlineData("!GetAt A.Arn", "CloudFormation has no function GetAt; expected one of its functions (did you mean \"GetAtt\"?)")]
    [InlineData("!If [ C, a ]", "If is given 2 parts; expected a condition, the value if it is true, and the value if it is false")]
    [InlineData(
        "{ \"Fn::If\": [ C, a, b, c ] }",
        "If is given 4 parts; expected a condition, the value if it is true, and the value if it is false"
    )]
    [InlineData("{ \"Fn::Join\": [ \",\" ] }", "Join is given 1 part; expected a delimiter and a list")]
    [InlineData("!Join x", "Join is given no list; expected a delimiter and a list")]
    [InlineData("!Select [ 1 ]", "Select is given 1 part; expected an index and a list")]
    [InlineData("!Split [ a, b, c ]", "Split is given 3 parts; expected a delimiter and a text")]
    [InlineData("!Sub [ x ]", "Sub is given 1 part; expected a text, or a list of a text and a map of values")]
    [InlineData("!Sub [ x, {}, y ]", "Sub is given 3 parts; expected a text, or a list of a text and a map of values")]
    [InlineData("!Sub { a: b }", "Sub is given a map; expected a text, or a list of a text and a map of values")]
    [InlineData("!Base64 [ a ]", "Base64 is given a list; expected a text")]
    [InlineData("{ \"Fn::Base64\": { a: b } }", "Base64 is given a map; expected a text")]
    [InlineData("{ Ref: {} }", "Ref is given a map; expected a text")]
    [InlineData("{ \"Fn::ImportValue\": {} }", "ImportValue is given a map; expected a text")]
    [InlineData("!Cidr [ 10.0.0.0/16 ]", "Cidr is given 1 part; expected a block, how many to make of it, and how many bits each has")]
    public void A_call_that_CloudFormation_refuses_is_a_fault(string value, string fault) =>
        OneTemplate.Faults(With(value)).ShouldBe([$"stacks/t.yaml:1:59: {fault}"]);

    [Theory]
    [InlineData(
        "!If [ !Equals [ a, b ], x, y ]",
        "1:65: If is given the function Equals as its condition; expected the name of a condition in Conditions"
    )]
    [InlineData(
        "!If [ { Condition: C }, x, y ]",
        "1:65: If is given a map as its condition; expected the name of a condition in Conditions"
    )]
    [InlineData(
        "!Select [ 0, \"a,b\" ]",
        "1:72: Select is given the text \"a,b\" to select from; expected a list, or a function that gives one"
    )]
    [InlineData(
        "!Select [ 0, !Sub \"${AWS::Region},b\" ]",
        "1:72: Select is given the function Sub to select from; expected a list, or a function that gives one"
    )]
    [InlineData(
        "!Join [ \",\", !Join [ x, [ a ] ] ]",
        "1:72: Join is given the function Join to join; expected a list, or a function that gives one"
    )]
    [InlineData("!Sub [ x, \"\" ]", "1:69: Sub is given the text \"\" for its variables; expected a map of names and values")]
    [InlineData("!Join [ \",\", { a: b } ]", "1:72: Join is given a map to join; expected a list, or a function that gives one")]
    [InlineData("!Split [ \",\", [ a ] ]", "1:73: Split is given a list to split; expected a text, or a function that gives one")]
    [InlineData(
        "!Split [ \",\", !GetAZs us-east-1 ]",
        "1:73: Split is given the function GetAZs to split; expected a text, or a function that gives one"
    )]
    public void A_part_of_the_wrong_kind_is_a_fault(string value, string fault) =>
        OneTemplate.Faults(With(value)).ShouldBe([$"stacks/t.yaml:{fault}"]);

    [Theory]
    [InlineData("!If [ C, x, y ]")]
    [InlineData("!Select [ 0, !Split [ \",\", !ImportValue x ] ]")]
    [InlineData("!Select [ 0, !If [ C, [ a ], [ b ] ] ]")]
    [InlineData("!Split [ \",\", !ImportValue x ]")]
    [InlineData("!Join [ \",\", !GetAZs us-east-1 ]")]
    public void A_part_of_the_right_kind_is_accepted(string value) => OneTemplate.Faults(With(value)).ShouldBeEmpty();

    [Theory]
    [InlineData("!Join [ \",\", !Ref P ]", "stacks/t.yaml:1:72: Join is given the parameter \"P\", which is no list")]
    [InlineData("!Select [ 0, !Ref P ]", "stacks/t.yaml:1:72: Select is given the parameter \"P\", which is no list")]
    [InlineData("!Split [ \",\", !Ref L ]", "stacks/t.yaml:1:73: Split is given the parameter \"L\", which is a list")]
    [InlineData("!Sub \"x-${L}\"", "stacks/t.yaml:1:59: Sub holds the parameter \"L\", which is a list")]
    [InlineData("!Cidr [ 10.0.0.0/8, 300, 8 ]", "stacks/t.yaml:1:79: Cidr is to make the number 300; expected a number from 1 to 256")]
    [InlineData("!Join [ \",\", !Ref L ]", null)]
    [InlineData("!Select [ 0, !Ref L ]", null)]
    [InlineData("!Split [ \",\", !Ref P ]", null)]
    [InlineData("!Sub \"x-${P}\"", null)]
    [InlineData("!Sub [ \"${L}\", { L: x } ]", null)]
    [InlineData("!Cidr [ 10.0.0.0/8, 256, 8 ]", null)]
    public void A_parameter_or_number_of_the_wrong_kind_is_a_fault(string value, string? fault)
    {
        var faults = OneTemplate.Faults(
            With(value) + "\nParameters: { P: { Type: String, Default: a }, L: { Type: CommaDelimitedList, Default: a } }"
        );

        if (fault is null)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults.ShouldHaveSingleItem().ShouldStartWith(fault);
        }
    }

    [Theory]
    [InlineData("!GetAtt B", "GetAtt names no attribute: \"B\"; expected a resource, a period and an attribute")]
    [InlineData("!GetAtt \"\"", "GetAtt names no attribute: \"\"; expected a resource, a period and an attribute")]
    [InlineData("!GetAtt [ B ]", "GetAtt is given 1 part; expected a resource and an attribute")]
    [InlineData("!Sub \"${B.}\"", "Sub holds \"${B.}\"; expected a resource, a period and an attribute between the braces")]
    [InlineData("!FindInMap [ M, a ]", "FindInMap is given 2 parts; expected a mapping, a key of it, and a name below that key")]
    [InlineData("!FindInMap [ M, a, b, c ]", "FindInMap is given 4 parts; expected a mapping, a key of it, and a name below that key")]
    public void A_resource_without_attribute_and_a_lookup_without_name_are_faults(string value, string fault) =>
        OneTemplate
            .Faults(
                "Mappings: { M: { a: { b: x } } }\nResources:\n  B: { Type: AWS::SQS::Queue }\n"
                    + $"  A: {{ Type: AWS::SQS::Queue, Properties: {{ P: {value} }} }}"
            )
            .ShouldBe([$"stacks/t.yaml:4:48: {fault}"]);

    [Fact]
    public void An_attribute_without_a_name_is_a_fault() =>
        OneTemplate
            .Faults("Resources:\n  B: { Type: AWS::SQS::Queue }\n  A: { Type: AWS::SQS::Queue, Properties: { P: !GetAtt [ B, \"\" ] } }")
            .ShouldBe(["stacks/t.yaml:3:61: GetAtt is given an empty text; expected a resource and an attribute"]);

    [Fact]
    public void A_default_in_FindInMap_is_taken_with_the_transform_for_it() =>
        OneTemplate
            .Faults(
                "Transform: AWS::LanguageExtensions\nMappings: { M: { a: { b: x } } }\n"
                    + With("!FindInMap [ M, c, d, { DefaultValue: x } ]")
            )
            .ShouldBeEmpty();

    [Theory]
    [InlineData("!Select [ 3, [ a, b ] ]", "stacks/t.yaml:1:69: Select takes index 3 of a list of 2 values; expected an index from 0 to 1")]
    [InlineData(
        "{ \"Fn::Select\": [ \"1\", [ a ] ] }",
        "stacks/t.yaml:1:77: Select takes index 1 of a list of 1 value; expected an index from 0 to 0"
    )]
    [InlineData("!Select [ -1, !GetAZs \"\" ]", null)]
    [InlineData("!Select [ -1, [ a ] ]", "stacks/t.yaml:1:69: Select takes index -1 of a list of 1 value; expected an index from 0 to 0")]
    [InlineData("!Select [ first, !GetAZs \"\" ]", "stacks/t.yaml:1:69: the index of Select is \"first\"; expected a whole number from 0")]
    [InlineData("!Select [ 1, [ a, !If [ C, b, !Ref AWS::NoValue ] ] ]", null)]
    [InlineData("!Select [ !Ref P, [ a ] ]", null)]
    public void An_index_that_no_value_of_the_list_has_is_a_fault(string value, string? fault) =>
        OneTemplate.Faults(With(value) + "\nParameters: { P: { Type: Number } }").ShouldBe(fault is null ? [] : [fault]);

    [Theory]
    [InlineData("!Join [ \",\", [ !If [ C, a ] ] ]", "stacks/t.yaml:1:74: If is given 2 parts")]
    [InlineData("{ \"Fn::Base64\": { \"Fn::Join\": [ x ] } }", "stacks/t.yaml:1:75: Join is given 1 part")]
    [InlineData("[ { Q: !Bogus x } ]", "stacks/t.yaml:1:66: CloudFormation has no function Bogus")]
    public void A_call_within_another_value_is_found_once(string value, string fault) =>
        OneTemplate.Faults(With(value)).ShouldHaveSingleItem().ShouldStartWith(fault);

    [Theory]
    [InlineData("Conditions: { C: !Not [ a, b ] }", "stacks/t.yaml:1:18: Not is given 2 parts; expected one condition")]
    [InlineData(
        "Outputs: { O: { Value: !Bogus x } }",
        "stacks/t.yaml:1:24: CloudFormation has no function Bogus; expected one of its functions, such as Sub"
    )]
    public void Conditions_and_outputs_are_checked_too(string section, string fault) =>
        OneTemplate.Faults($"{section}\nResources: {{ A: {{ Type: AWS::SQS::Queue }} }}").ShouldBe([fault]);

    [Theory]
    [InlineData("!If [ C, a, !Ref AWS::NoValue ]")]
    [InlineData("{ \"Fn::Join\": [ \",\", [ a, b ] ] }")]
    [InlineData("!Select [ 0, !GetAZs \"\" ]")]
    [InlineData("!Cidr [ 10.0.0.0/16, 6 ]")]
    [InlineData("{ \"Fn::GetStackOutput\": { StackName: x, OutputName: y } }")]
    [InlineData("{ \"Fn::Transform\": { Name: AWS::Include, Parameters: { Location: \"s3://b/k\" } } }")]
    public void A_call_that_CloudFormation_takes_is_accepted(string value) => OneTemplate.Faults(With(value)).ShouldBeEmpty();
}
