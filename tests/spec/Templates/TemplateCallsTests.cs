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
    [InlineData("!Cidr [ 10.0.0.0/16 ]", "Cidr is given 1 part; expected a block, how many to make of it, and how many bits each has")]
    public void A_call_that_CloudFormation_refuses_is_a_fault(string value, string fault) =>
        OneTemplate.Faults(With(value)).ShouldBe([$"stacks/t.yaml:1:59: {fault}"]);

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
