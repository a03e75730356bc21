using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests.Yaml;

public sealed class JsonReaderTests
{
    private const string Text = "{ \"é\\u00e9\":\t[ 1, true, null, \"x\\ty\" ],\n\t\"\U0001F600\": { \"a\": \"b\" } }";

    private static YamlMapping Read(string text) => JsonReader.Read(text, "t", new FaultList(), "JSON").ShouldBeOfType<YamlMapping>();

    [Fact]
    public void Values_have_their_types_and_places()
    {
        var root = Read(Text);

        root.Entries.Select(entry => (entry.Key.Value, entry.Key.Position.ToString())).ShouldBe([("éé", "t:1:3"), ("\U0001F600", "t:2:2")]);
        root.Items("éé")
            .Cast<YamlScalar>()
            .Select(item => (item.Value, item.Type, item.Position.Column, Text[item.Place]))
            .ShouldBe([
                ("1", YamlScalarType.Number, 16, "1"),
                ("true", YamlScalarType.Boolean, 19, "true"),
                ("null", YamlScalarType.Null, 25, "null"),
                ("x\ty", YamlScalarType.Text, 31, "\"x\\ty\""),
            ]);
        var last = root.At("\U0001F600")!.At("a").ShouldBeOfType<YamlScalar>();
        (last.Value, last.Position.ToString(), Text[last.Place]).ShouldBe(("b", "t:2:15", "\"b\""));
    }

    [Theory]
    [InlineData("{", "t:1:2: the JSON cannot be read: it ends before it is complete; expected JSON")]
    [InlineData("{} {}", "t:1:4: the JSON cannot be read: more follows its end; expected JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", "t:1:1: the JSON holds half of a character; expected JSON")]
    [InlineData("{\"a\": 1,\n \"a\": 2}", "t:2:2: the key \"a\" is already on line 1; expected each key once")]
    public void What_is_wrong_is_a_fault(string text, string fault)
    {
        var faults = new FaultList();

        JsonReader.Read(text, "t", faults, "JSON");

        faults.InOrder().ShouldHaveSingleItem().ToString().ShouldBe(fault);
    }
}
