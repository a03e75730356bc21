using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Drifts;

namespace Deployer.Rehearsal.Tests.CloudFormation.Drifts;

public sealed class DriftComparisonTests
{
    [Theory]
    [InlineData("""{ "Value": "a" }""", """{ "Value": "a", "Other": "b" }""", "")]
    [InlineData("""{ "Timeout": 30 }""", """{ "Timeout": "30" }""", "")]
    [InlineData("""{ "Timeout": 30 }""", """{ "Timeout": 60 }""", "/Timeout 30 60 NOT_EQUAL")]
    [InlineData("""{ "Code": "a" }""", """{ "Timeout": 60 }""", "")]
    [InlineData("""{ "E": { "V": { "A": "1" } } }""", """{ "E": { "V": { "A": "2" } } }""", "/E/V/A 1 2 NOT_EQUAL")]
    [InlineData("""{ "E": { "V": { "A": "1" } } }""", """{ "E": { "V": {} } }""", "/E/V/A 1  REMOVE")]
    [InlineData("""{ "E": { "V": {} } }""", """{ "E": { "V": { "A": "2" } } }""", "/E/V/A  2 ADD")]
    [InlineData("""{ "L": [ "a" ] }""", """{ "L": [ "a", "b" ] }""", """/L ["a"] ["a","b"] NOT_EQUAL""")]
    [InlineData("""{ "A": 1 }""", """{ "A": 1, "Tags": [ { "Key": "a", "Value": "b" } ] }""", "")]
    [InlineData(
        """{ "Tags": [ { "Key": "a", "Value": "b" }, { "Key": "c", "Value": "d" } ] }""",
        """{ "Tags": [ { "Value": "d", "Key": "c" }, { "Key": "aws:x", "Value": "y" }, { "Key": "a", "Value": "b" } ] }""",
        ""
    )]
    [InlineData(
        """{ "Tags": [ { "Key": "a", "Value": "b" }, { "Key": "c", "Value": "d" } ] }""",
        """{ "Tags": [ { "Key": "c", "Value": "e" }, { "Key": "f", "Value": "g" } ] }""",
        """
            /Tags/0 {"Key":"a","Value":"b"}  REMOVE
            /Tags/1/Value d e NOT_EQUAL
            /Tags/1  {"Key":"f","Value":"g"} ADD
            """
    )]
    public void Only_what_a_template_sets_is_compared(string expected, string actual, string differences) =>
        string.Join(
                '\n',
                DriftComparison
                    .Differences(JsonNode.Parse(expected)!.AsObject(), JsonNode.Parse(actual)!.AsObject())
                    .Select(found => $"{found.Path} {found.Expected} {found.Actual} {found.Type}")
            )
            .ShouldBe(differences);
}
