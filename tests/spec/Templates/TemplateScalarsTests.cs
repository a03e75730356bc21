namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateScalarsTests
{
    private const string Resources = "\nResources: { A: { Type: AWS::SQS::Queue } }";

    private static string Resource(string properties) => $"Resources:\n  A: {{ Type: AWS::X::Y, Properties: {{ {properties} }} }}";

    [Theory]
    [InlineData(
        "Mappings:\n  M:\n    111111111111: { Name: dev }\n    \"222222222222\": { 1: x }" + Resources,
        "stacks/t.yaml:3:5: the key 111111111111 is a number to CloudFormation, and map keys must be strings; "
            + "expected the key in quotes: \"111111111111\"",
        "stacks/t.yaml:4:23: the key 1 is a number to CloudFormation, and map keys must be strings; expected the key in quotes: \"1\""
    )]
    [InlineData(
        "Mappings: { M: { 012345678901: { Name: old } } }" + Resources,
        "stacks/t.yaml:1:18: the key 012345678901 is a number to CloudFormation, and map keys must be strings; "
            + "expected the key in quotes: \"012345678901\""
    )]
    [InlineData(
        "Resources:\n  A: { Type: AWS::ApiGateway::RestApi, Properties: { Body: { paths: { /: { get: { responses: { "
            + "200: { description: ok } } } } } } } }",
        "stacks/t.yaml:2:96: the key 200 is a number to CloudFormation, and map keys must be strings; expected the key in quotes: \"200\""
    )]
    public void A_key_that_is_a_number_is_a_fault_anywhere(string template, params string[] faults) =>
        OneTemplate.Faults(template).ShouldBe(faults);

    [Theory]
    [InlineData("012345670123", "a number without its leading zero, in base 8 where it can be one")]
    [InlineData("012345678901", "a number without its leading zero, in base 8 where it can be one")]
    [InlineData("0123", "a number without its leading zero, in base 8 where it can be one")]
    [InlineData("22:22", "a number in base 60")]
    [InlineData("1e3", "the number 1000.0")]
    [InlineData("12345e7", "the number 1.2345E11")]
    [InlineData("0x1F", "a number")]
    [InlineData("1_000", "a number")]
    [InlineData("1.10", "the number 1.1")]
    public void A_default_that_becomes_another_text_is_a_fault(string written, string read) =>
        OneTemplate
            .Faults($"Parameters: {{ P: {{ Type: String, Default: {written} }} }}{Resources}")
            .ShouldBe([
                $"stacks/t.yaml:1:43: the Default of the parameter P is {written}, which CloudFormation reads as "
                    + $"{read}; expected \"{written}\" in quotes",
            ]);

    [Fact]
    public void A_scalar_of_a_parameter_that_hides_its_values_is_not_shown()
    {
        var template = $"Parameters: {{ P: {{ Type: String, NoEcho: \"true\", Default: 012345, AllowedValues: [ 1e3, on ] }} }}{Resources}";
        var messages = OneTemplate.Faults(template).Concat(OneTemplate.Notices(template)).ToList();

        messages.Count.ShouldBe(3);
        messages.ShouldAllBe(message => message.Contains(" is a secret, which CloudFormation reads as a ", StringComparison.Ordinal));
        string.Join('\n', messages).ShouldNotContain("012345");
        string.Join('\n', messages).ShouldNotContain("1000");
        string.Join('\n', messages).ShouldNotContain("1e3");
    }

    [Theory]
    [InlineData("Parameters: { P: { Type: String, Default: 2012-10-17 } }")]
    [InlineData("Parameters: { P: { Type: String, Default: 123456789012, AllowedValues: [ 123456789012, 1.5, 10.0, 0, true ] } }")]
    [InlineData("Parameters: { P: { Type: String, Default: \"012345678901\" } }")]
    [InlineData("Parameters: { P: { Type: Number, Default: 1e3 } }")]
    [InlineData("Parameters: { P: { Type: String, Default: 08:30 } }")]
    [InlineData("AWSTemplateFormatVersion: 2010-09-09")]
    public void What_stays_the_same_is_accepted(string head) => OneTemplate.Faults(head + Resources).ShouldBeEmpty();

    [Theory]
    [InlineData("Account: 012345678901", "stacks/t.yaml:2:48: Account in A is 012345678901, which")]
    [InlineData("Ports: [ 22:22 ]", "stacks/t.yaml:2:48: Ports in A is 22:22, which CloudFormation reads as a number in base 60")]
    [InlineData("X: !Join [ \"\", [ a, 007 ] ]", "stacks/t.yaml:2:59: X in A is 007, which")]
    public void A_value_that_cannot_be_meant_is_a_fault(string properties, string fault) =>
        OneTemplate.Faults(Resource(properties)).ShouldHaveSingleItem().ShouldStartWith(fault);

    [Theory]
    [InlineData(
        "Environment: { Variables: { A: 1234e56 } }",
        "Variables in A is 1234e56, which CloudFormation reads as the number 1.234E59"
    )]
    [InlineData(
        "Environment: { Variables: { A: +15551234 } }",
        "Variables in A is +15551234, which CloudFormation reads as the number 15551234"
    )]
    [InlineData(
        "Environment: { Variables: { A: !If [ C, 1_000, b ] } }",
        "Variables in A is 1_000, which CloudFormation reads as a number"
    )]
    [InlineData("Tags: [ { Key: version, Value: 1.10 } ]", "Value in A is 1.10, which CloudFormation reads as the number 1.1")]
    [InlineData("Tags: { version: 0x1F }", "version in A is 0x1F, which CloudFormation reads as a number")]
    [InlineData("X: !Join [ \"\", [ a, 1.10 ] ]", "X in A is 1.10, which CloudFormation reads as the number 1.1")]
    public void Another_text_where_nothing_but_a_text_can_be_meant_is_a_fault(string properties, string fault) =>
        OneTemplate
            .Faults("Conditions: { C: !Equals [ a, b ] }\n" + Resource(properties))
            .ShouldHaveSingleItem()
            .ShouldContain($": {fault}; expected");

    [Theory]
    [InlineData("1e3", "the number 1000.0")]
    [InlineData("1.10", "the number 1.1")]
    [InlineData("0755", "a number without its leading zero, in base 8 where it can be one")]
    [InlineData("!If [ C, 22:22, b ]", "a number in base 60")]
    public void An_output_that_becomes_another_text_is_a_fault(string value, string read) =>
        OneTemplate
            .Faults($"Conditions: {{ C: !Equals [ a, b ] }}\nOutputs: {{ O: {{ Value: {value} }} }}{Resources}")
            .ShouldHaveSingleItem()
            .ShouldContain($"which CloudFormation reads as {read}; expected");

    [Theory]
    [InlineData("Environment: { Variables: { A: 8182, B: true, C: 1.5, D: 2012-10-17, E: \"1.10\", F: 10.0 } }")]
    [InlineData("Tags: [ { Key: k, Value: 42 } ], Timeout: \"30\"")]
    public void A_number_that_stays_the_same_text_is_accepted(string properties)
    {
        OneTemplate.Faults(Resource(properties)).ShouldBeEmpty();
        OneTemplate.Notices(Resource(properties)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "Mode: 0755",
        "stacks/t.yaml:2:45: Mode in A is 0755, which CloudFormation reads as a number without its leading zero, in "
            + "base 8 where it can be one; where a text is meant, write \"0755\" in quotes"
    )]
    [InlineData(
        "EngineVersion: 1.30",
        "stacks/t.yaml:2:54: EngineVersion in A is 1.30, which CloudFormation reads as the number 1.3; where a text "
            + "is meant, write \"1.30\" in quotes"
    )]
    [InlineData(
        "MfaConfiguration: OFF",
        "stacks/t.yaml:2:57: MfaConfiguration in A is OFF, which CloudFormation reads as the boolean false; where a "
            + "text is meant, write \"OFF\" in quotes"
    )]
    [InlineData(
        "Environment: { Variables: { FEATURE: yes } }",
        "stacks/t.yaml:2:76: Variables in A is yes, which CloudFormation reads as the boolean true; where a text is "
            + "meant, write \"yes\" in quotes"
    )]
    public void A_value_that_may_be_meant_otherwise_is_a_notice(string properties, string notice)
    {
        OneTemplate.Faults(Resource(properties)).ShouldBeEmpty();
        OneTemplate.Notices(Resource(properties)).ShouldBe([notice]);
    }

    [Theory]
    [InlineData("EnableDnsSupport: yes, Threshold: 0.10, Timeout: 1e3, Version: 2012-10-17, Port: 0")]
    [InlineData("Name: \"0755\", Time: \"22:22\", Text: !Sub \"1e3\"")]
    public void A_value_that_is_what_it_looks_like_is_not_mentioned(string properties)
    {
        OneTemplate.Faults(Resource(properties)).ShouldBeEmpty();
        OneTemplate.Notices(Resource(properties)).ShouldBeEmpty();
    }

    [Fact]
    public void JSON_has_no_such_values() =>
        OneTemplate
            .Faults("{ \"Resources\": { \"A\": { \"Type\": \"X\", \"Properties\": { \"012345678901\": \"22:22\", \"Port\": 1e3 } } } }")
            .ShouldBeEmpty();

    [Theory]
    [InlineData(
        "{ \"Resources\": { \"A\": { \"Type\": \"X\" },\n  \"A\": {} } }",
        "stacks/t.yaml:2:3: the key \"A\" is already on line 1; expected each key once"
    )]
    [InlineData("Resources:\n  A: { Type: X }\n  A: {}", "stacks/t.yaml:3:3: the key \"A\" is already on line 2; expected each key once")]
    public void A_key_twice_hides_one_of_its_values(string template, string fault) => OneTemplate.Faults(template).ShouldBe([fault]);
}
