using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests.Yaml;

public sealed class YamlReaderTests
{
    private static (YamlNode? Root, IEnumerable<string> Faults) Read(string text, bool tags = false)
    {
        var faults = new FaultList();
        var root = YamlReader.Read(text, "x.yaml", faults, tags);
        return (root, faults.InOrder().Select(fault => fault.ToString()));
    }

    [Fact]
    public void Reads_nodes_with_their_places()
    {
        var root = Read("a: 1\nb:\n  - 'x'\n  - { c: d }\n").Root.ShouldBeOfType<YamlMapping>();

        root["a"].ShouldBeOfType<YamlScalar>().Position.ShouldBe(new SourcePosition("x.yaml", 1, 4));
        var list = root["b"].ShouldBeOfType<YamlSequence>();
        list.Items[0].ShouldBe(new YamlScalar(new SourcePosition("x.yaml", 3, 5), Tag: null, "x", Plain: false) { Place = 12..15 });
        list.Items[1].Position.ShouldBe(new SourcePosition("x.yaml", 4, 5));
    }

    [Theory]
    [InlineData("1", nameof(YamlScalarType.Number))]
    [InlineData("-1.5e3", nameof(YamlScalarType.Number))]
    [InlineData("0x1F", nameof(YamlScalarType.Number))]
    [InlineData(".inf", nameof(YamlScalarType.Number))]
    [InlineData("1.0.7277", nameof(YamlScalarType.Text))]
    [InlineData("1_000", nameof(YamlScalarType.Text))]
    [InlineData("true", nameof(YamlScalarType.Boolean))]
    [InlineData("Yes", nameof(YamlScalarType.Text))]
    [InlineData("~", nameof(YamlScalarType.Null))]
    [InlineData("null", nameof(YamlScalarType.Null))]
    [InlineData("", nameof(YamlScalarType.Null))]
    [InlineData("'1'", nameof(YamlScalarType.Text))]
    [InlineData("\"true\"", nameof(YamlScalarType.Text))]
    [InlineData("|\n  1", nameof(YamlScalarType.Text))]
    public void Types_are_those_of_the_core_schema(string value, string type) =>
        Read($"a: {value}").Root.ShouldBeOfType<YamlMapping>()["a"].ShouldBeOfType<YamlScalar>().Type.ToString().ShouldBe(type);

    [Theory]
    [InlineData(
        "a: 1\nb: 2\na: 3\na: 4",
        "x.yaml:3:1: the key \"a\" is already on line 1; expected each key once",
        "x.yaml:4:1: the key \"a\" is already on line 1; expected each key once"
    )]
    [InlineData("? [a]\n: 1", "x.yaml:1:3: a list is used as a key; expected a name")]
    [InlineData(
        "a: &x 1\nb: *x",
        "x.yaml:1:4: the anchor &x is set; expected no anchor: aliases are not read",
        "x.yaml:2:4: the alias *x is used; expected the value itself: aliases are not read"
    )]
    [InlineData("a: !Ref b", "x.yaml:1:4: the tag !Ref is used; expected no tag: this file has none")]
    [InlineData("a: 1\n---\nb: 2", "x.yaml:2:1: a second document begins; expected one document in the file")]
    [InlineData("", "x.yaml:1:1: the file is empty; expected a map")]
    [InlineData("# only a comment\n", "x.yaml:1:1: the file is empty; expected a map")]
    public void Refuses_with_position(string text, params string[] faults) => Read(text).Faults.ShouldBe(faults);

    [Theory]
    [InlineData("a: [1", 1)]
    [InlineData("a:\n\t- b", 1)]
    [InlineData("a: b\n c: d", 2)]
    [InlineData("a: 'x\n", 1)]
    [InlineData("- a\nb", 2)]
    [InlineData("a: \"\\q\"", 1)]
    [InlineData("%YAML 3.0\n---\na: 1", 1)]
    public void Broken_yaml_is_a_fault_with_its_line(string text, int line)
    {
        var (root, faults) = Read(text);

        root.ShouldBeNull();
        var fault = faults.ShouldHaveSingleItem();
        fault.ShouldContain("the YAML cannot be read: ");
        int.Parse(fault.Split(':')[1]).ShouldBeInRange(line, line + 1);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Nesting_without_end_is_refused(string opening) =>
        Read(string.Concat(Enumerable.Repeat(opening, 20_000)))
            .Faults.ShouldHaveSingleItem()
            .ShouldContain("the nesting is deeper than 64");

    [Fact]
    public void Tags_are_kept_where_the_language_has_them()
    {
        var (root, faults) = Read("a: !GetAtt b.c\nd: !Sub [x, {}]", tags: true);

        faults.ShouldBeEmpty();
        root.ShouldBeOfType<YamlMapping>()["a"].ShouldNotBeNull().Tag.ShouldBe("!GetAtt");
    }
}
