using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Paths;

namespace Deployer.Rehearsal.Tests.StepFunctions.Paths;

public sealed class JsonPathTests
{
    private const string Input = """
        { "a": { "b c": [ 10, 20, 30, 40 ] }, "list": [ { "k": "x", "n": 1 }, { "k": "y", "n": 2 }, { "n": 3 } ], "null": null,
          "long": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }
        """;

    [Theory]
    [InlineData("$", Input)]
    [InlineData("$.a['b c'][1]", "20")]
    [InlineData("$.a['b c'][-1]", "40")]
    [InlineData("$.a['b c'][1:3]", "[20,30]")]
    [InlineData("$.a['b c'][0,2]", "[10,30]")]
    [InlineData("$.list[*].k", """["x","y"]""")]
    [InlineData("$..n", "[1,2,3]")]
    [InlineData("$.list[?(@.n > 1)].n", "[2,3]")]
    [InlineData("$.list[?(@.k == 'x' || @.n == 3)].n", "[1,3]")]
    [InlineData("$.list[?(!@.k)].n", "[3]")]
    [InlineData("$.list[?(@.n in [1,2] && @.k =~ /[xz]/)].n", "[1]")]
    [InlineData("$.list.length()", "3")]
    [InlineData("$.list[?(@.n > 9)]", "[]")]
    [InlineData("$.null", "null")]
    [InlineData("$$.Name", "\"run\"")]
    [InlineData("$variable.x", "1")]
    public void Reads(string path, string expected) =>
        JsonNode.DeepEquals(JsonPath.Parse(path).Read(Scope()), JsonNode.Parse(expected)).ShouldBeTrue();

    [Theory]
    [InlineData("$.none", "No results for path: $['none']")]
    [InlineData("$.none.more", "Missing property in path $['none']")]
    [InlineData("$.a['b c'][9]", "No results for path: $['a']['b c'][9]")]
    public void Says_where_a_definite_path_breaks(string path, string message) =>
        Should.Throw<PathNotFoundException>(() => JsonPath.Parse(path).Read(Scope())).Message.ShouldBe(message);

    [Theory]
    [InlineData("$.list[?(@.k =~ /[/)]", "the pattern [: ")]
    [InlineData("$.list[?($.long =~ /(a+)+/)]", "the pattern (a+)+: ")]
    public void Says_which_pattern_cannot_be_matched(string path, string message) =>
        Should.Throw<PathNotFoundException>(() => JsonPath.Parse(path).Read(Scope())).Message.ShouldStartWith(message);

    [Theory]
    [InlineData("a.b")]
    [InlineData("$.")]
    [InlineData("$.a[")]
    [InlineData("$.a[x]")]
    [InlineData("$.a..")]
    public void Refuses_what_is_no_path(string path) => JsonPath.IsValid(path).ShouldBeFalse();

    [Theory]
    [InlineData("$.x.y", """{"a":1,"x":{"y":7}}""")]
    [InlineData("$", "7")]
    [InlineData("$.a", """{"a":7}""")]
    public void A_reference_path_puts_a_value_in_its_place(string path, string expected) =>
        StateData.Text(ReferencePath.Put(path, JsonNode.Parse("""{"a":1}"""), 7)).ShouldBe(expected);

    [Fact]
    public void A_reference_path_names_one_place() => ReferencePath.IsValid("$.a[*]").ShouldBeFalse();

    private static PathScope Scope() =>
        new(
            JsonNode.Parse(Input),
            new JsonObject { ["Name"] = "run" },
            new Dictionary<string, JsonNode?> { ["variable"] = new JsonObject { ["x"] = 1 } },
            () => 0.5
        );
}
