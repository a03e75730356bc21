using Deployer.Spec.Binding;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests.Binding;

public sealed class NodeValuesTests
{
    private readonly FaultList _faults = new();

    [Theory]
    [InlineData("${steps.a.outputs.B}", nameof(Scope.Target), false)]
    [InlineData("${steps.a.outputs.B}", nameof(Scope.Outputs), true)]
    [InlineData("${steps.a.outputs.B}", nameof(Scope.OutputsAndDns), true)]
    [InlineData("${target}-${system}", nameof(Scope.Target), true)]
    [InlineData("${dns}", nameof(Scope.Target), false)]
    [InlineData("${dns}", nameof(Scope.Outputs), false)]
    [InlineData("${dns}", nameof(Scope.OutputsAndRevision), false)]
    [InlineData("${dns}", nameof(Scope.OutputsAndDns), true)]
    public void A_reference_is_known_when_the_text_has_to_be(string text, string scope, bool isKnown)
    {
        Read(text, Enum.Parse<Scope>(scope));

        _faults.Any.ShouldBe(!isKnown);
    }

    /// <summary>Elsewhere a target may have a value of this name.</summary>
    [Theory]
    [InlineData(nameof(Scope.OutputsAndRevision), typeof(CommitRevision))]
    [InlineData(nameof(Scope.Outputs), typeof(TargetValue))]
    public void The_commit_is_a_reference_where_it_may_be_used(string scope, Type type) =>
        Read($"repo:${{{CommitRevision.Written}}}", Enum.Parse<Scope>(scope)).References.ShouldHaveSingleItem().ShouldBeOfType(type);

    [Fact]
    public void What_is_missing_or_no_text_is_an_empty_text_at_the_place_of_the_map()
    {
        var map = YamlReader.Read("a: { b: [c] }", "x.yaml", _faults)!.At("a")!;

        foreach (var key in new[] { "b", "c" })
        {
            var empty = new NodeValues(_faults).Expression(map, key, Scope.Target);
            (empty.Text, empty.Position).ShouldBe(("", map.Position));
        }
    }

    [Fact]
    public void The_texts_of_a_map_are_read_and_others_left_out() =>
        new NodeValues(_faults)
            .Expressions(YamlReader.Read("{ a: x, b: [y] }", "x.yaml", _faults), Scope.Target)
            .ShouldHaveSingleItem()
            .Value.Text.ShouldBe("x");

    [Theory]
    [InlineData("5m", 5)]
    [InlineData("72h", 72 * 60)]
    [InlineData("7d", 7 * 24 * 60)]
    [InlineData("5", null)]
    [InlineData("-5m", null)]
    [InlineData("5 m", null)]
    [InlineData("m", null)]
    [InlineData("99999999d", null)]
    [InlineData(null, null)]
    public void A_duration_has_a_number_and_a_unit(string? text, int? minutes) =>
        NodeValues.Duration(text).ShouldBe(minutes is { } known ? TimeSpan.FromMinutes(known) : null);

    private Expression Read(string text, Scope scope) =>
        new NodeValues(_faults).Expression(new YamlScalar(new SourcePosition("x.yaml", 1, 1), Tag: null, text, Plain: false), scope);
}
