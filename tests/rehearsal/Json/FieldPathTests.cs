using System.Text.Json;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.Tests.Json;

public sealed class FieldPathTests
{
    private const string Document = """{"a":{"b-c":1,"d:e":[2,{"f":3}]},"x.y":4}""";

    [Theory]
    [InlineData("$", Document)]
    [InlineData("$.a.b-c", "1")]
    [InlineData("$.a.d:e[0]", "2")]
    [InlineData("$.a.d:e[1].f", "3")]
    [InlineData("$['x.y']", "4")]
    [InlineData("$[\"a\"]['b-c']", "1")]
    [InlineData("$.b", null)]
    [InlineData("$.a[0]", null)]
    [InlineData("$.a.d:e[2]", null)]
    [InlineData("$.a.b-c.d", null)]
    public void A_path_leads_to_a_value_or_to_none(string path, string? value)
    {
        using var document = JsonDocument.Parse(Document);

        FieldPath.Parse(path).Find(document.RootElement)?.GetRawText().ShouldBe(value);
        (FieldPath.Parse(path).Find(document.RootElement) is null).ShouldBe(value is null);
    }

    [Theory]
    [InlineData("a", "the path 'a' does not begin with $")]
    [InlineData("$a", "the rehearsal does not simulate the path '$a'")]
    [InlineData("$.", "the rehearsal does not simulate the path '$.'")]
    [InlineData("$..a", "the rehearsal does not simulate the path '$..a'")]
    [InlineData("$.*", "the rehearsal does not simulate the path '$.*'")]
    [InlineData("$[*]", "the rehearsal does not simulate the path '$[*]'")]
    [InlineData("$[-1]", "the rehearsal does not simulate the path '$[-1]'")]
    [InlineData("$[0", "the rehearsal does not simulate the path '$[0'")]
    public void What_is_not_simulated_is_refused_by_name(string path, string refusal) =>
        Should.Throw<FormatException>(() => FieldPath.Parse(path)).Message.ShouldBe(refusal);
}
