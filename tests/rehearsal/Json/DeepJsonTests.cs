using System.Text.Json;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.Tests.Json;

/// <summary>JSON of clients may be deeper than .NET takes it by itself.</summary>
public sealed class DeepJsonTests
{
    [Theory]
    [InlineData(65)]
    [InlineData(DeepJson.MaxDepth)]
    public void What_is_deep_is_read_and_written(int depth)
    {
        var text = Nested(depth);

        DeepJson.Node(text).ShouldNotBeNull().ToJsonString(DeepJson.Writing).ShouldBe(text);
        using var document = DeepJson.Document(text);
        JsonSerializer.Serialize(document.RootElement, DeepJson.WritingEscaped).ShouldBe(text);
        DeepJson.IsTooDeep(text).ShouldBeFalse();
    }

    [Fact]
    public void What_is_too_deep_is_refused_and_told_from_what_is_no_JSON()
    {
        var text = Nested(DeepJson.MaxDepth + 1);

        Should.Throw<JsonException>(() => DeepJson.Node(text));
        DeepJson.IsTooDeep(text).ShouldBeTrue();
        DeepJson.IsTooDeep("[1,").ShouldBeFalse();
        DeepJson.IsTooDeep("no JSON").ShouldBeFalse();
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
