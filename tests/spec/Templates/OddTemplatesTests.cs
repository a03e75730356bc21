namespace Deployer.Spec.Tests.Templates;

/// <summary>Templates that CloudFormation refuses, and of which it was said that nothing is wrong, or nothing but that.</summary>
public sealed class OddTemplatesTests
{
    private const string Log = "Resources: { L: { Type: AWS::Logs::LogGroup } }";

    [Theory]
    [InlineData(
        "Mappings:\n  M: { yes: { a: b } }\n",
        "2:8: the key yes is a boolean to CloudFormation, and map keys must be strings; expected the key in quotes: \"yes\""
    )]
    [InlineData(
        "Mappings:\n  M: { k: { Off: b } }\n",
        "2:13: the key Off is a boolean to CloudFormation, and map keys must be strings; expected the key in quotes: \"Off\""
    )]
    [InlineData(
        "Mappings:\n  M: { ~: { a: b } }\n",
        "2:8: the key ~ is null to CloudFormation, and map keys must be strings; expected the key in quotes: \"~\""
    )]
    [InlineData(
        "Conditions:\n  on: !Equals [ a, b ]\n",
        "2:3: the key on is a boolean to CloudFormation, and map keys must be strings; expected the key in quotes: \"on\""
    )]
    [InlineData(
        "Mappings:\n  M-x: { a: { a: b } }\n",
        "2:3: the name of the mapping \"M-x\" is not alphanumeric; expected letters and digits alone"
    )]
    [InlineData(
        "Mappings:\n  M: { a: { us-east-1: b } }\n",
        "2:13: \"us-east-1\" of \"a\" of the mapping \"M\" is not alphanumeric; expected letters and digits alone"
    )]
    [InlineData("Mappings:\n  M: {}\n", "2:6: the mapping \"M\" is empty; expected keys, each with a map of values")]
    [InlineData("Mappings:\n  M: { a: {} }\n", "2:11: \"a\" of the mapping \"M\" is empty; expected names and values")]
    [InlineData(
        "Description: !!binary aGVsbG8=\n",
        "1:14: the tag !!binary is used; expected the value without it: CloudFormation takes no such values"
    )]
    public void Are_refused_where_it_is_written(string section, string fault) =>
        Faults(section + Log).ShouldBe([$"stacks/api.yaml:{fault}"]);

    [Theory]
    [InlineData("Mappings:\n  M: { us-east-1: { a: b } }\n")]
    [InlineData("Mappings:\n  M: { \"yes\": { \"true\": b } }\n")]
    [InlineData("Mappings:\n  M: { y: { n: !!str 1 } }\n")]
    public void What_CloudFormation_takes_is_no_fault(string section) => Faults(section + Log).ShouldBeEmpty();

    [Fact]
    public void A_variable_without_a_name_is_refused() =>
        Faults("Resources: { L: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub \"a${}\" } } }")
            .ShouldHaveSingleItem()
            .ShouldStartWith("stacks/api.yaml:1:");

    [Theory]
    [InlineData("{\n  // a comment\n  \"Resources\": {} }", "2:3: the JSON cannot be read: here is a comment, and JSON has none")]
    [InlineData("/* a comment */ { \"Resources\": {} }", "1:1: the JSON cannot be read: here is a comment, and JSON has none")]
    [InlineData("{ \"Resources\": { \"L\": 1, } }", "1:26: the JSON cannot be read: a comma before this is one too many")]
    [InlineData("{ 'Resources': {} }", "1:3: the JSON cannot be read: here is a single quote, and JSON has double quotes")]
    [InlineData("{ \"Resources\": {", "1:17: the JSON cannot be read: it ends before it is complete")]
    [InlineData("{ \"Resources\": hunter2 }", "1:16: the JSON cannot be read: it is not well-formed here")]
    [InlineData(
        "Resources:\n\tL:\n\t\tType: AWS::Logs::LogGroup\n",
        "2:1: the YAML cannot be read: the indentation has a tab; expected spaces in its place"
    )]
    public void What_cannot_be_read_is_named_with_its_place(string text, string fault) =>
        Faults(text).ShouldHaveSingleItem().ShouldStartWith($"stacks/api.yaml:{fault}");

    [Fact]
    public void What_is_nested_too_deep_says_so() =>
        Faults(string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100))
            .ShouldHaveSingleItem()
            .ShouldContain("the JSON cannot be read: it is nested deeper than 64");

    [Fact]
    public void A_creation_policy_that_has_no_effect_is_a_notice()
    {
        var reading = SpecReader.Read(
            Inventory
                .Folder()
                .With(
                    "stacks/api.yaml",
                    "Resources:\n  L: { Type: AWS::Logs::LogGroup, CreationPolicy: { ResourceSignal: { Count: 1 } } }\n"
                        + "  W: { Type: AWS::CloudFormation::WaitCondition, CreationPolicy: { ResourceSignal: { Count: 1 } } }\n"
                )
        );

        reading.Faults.ShouldBeEmpty();
        reading
            .Notices.Select(notice => notice.ToString())
            .ShouldBe([
                "stacks/api.yaml:2:51: the CreationPolicy of L has no effect: AWS::Logs::LogGroup has none; CloudFormation waits for no "
                    + "signal there",
            ]);
    }

    [Theory]
    [InlineData("https://user:hunter2@s3.amazonaws.com/b/t.yaml")]
    [InlineData("https://b.s3.amazonaws.com/t.yaml?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=hunter2")]
    [InlineData("https://b.s3.amazonaws.com/t.yaml?AWSAccessKeyId=AKIA&Signature=hunter2&Expires=1")]
    public void An_address_with_credentials_is_refused_and_they_are_not_shown(string address)
    {
        var reading = Inventory.ReadWith("template: stacks/api.yaml", $"template: \"{address}\"");

        var fault = reading.Faults.ShouldHaveSingleItem().ToString();
        fault.ShouldContain("the address of the template is \"https://");
        fault.ShouldContain("expected an address without user name, password or signature");
        fault.ShouldNotContain("hunter2");
    }

    private static IEnumerable<string> Faults(string template) =>
        SpecReader.Read(Inventory.Folder().With("stacks/api.yaml", template)).Faults.Select(fault => fault.ToString());
}
