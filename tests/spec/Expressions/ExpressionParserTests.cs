using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Tests.Expressions;

public sealed class ExpressionParserTests
{
    private static readonly SourcePosition Here = new("deployer.yaml", 7, 9);

    private static (Expression Expression, IReadOnlyList<Fault> Faults) Parse(string text)
    {
        var faults = new FaultList();
        return (ExpressionParser.Parse(text, Here, faults), faults.InOrder());
    }

    public static TheoryData<string, ExpressionPart[]> Expressions =>
        new()
        {
            { "", [] },
            { "plain", [new Literal("plain")] },
            { "${target}", [new TargetName()] },
            { "a-${service}-b", [new Literal("a-"), new ServiceName(), new Literal("-b")] },
            { "${system}", [new TargetValue("system")] },
            { "${targets}", [new TargetValue("targets")] },
            { "http://${dns}:8182", [new Literal("http://"), new EndpointDns(), new Literal(":8182")] },
            { "${steps.my-group.outputs.LoadBalancer}", [new StepOutput("my-group", "LoadBalancer")] },
            { "${steps.api.outputs.Nested.Out}", [new StepOutput("api", "Nested.Out")] },
            { "${target}${target}", [new TargetName(), new TargetName()] },
            { "$${target}", [new Literal("${target}")] },
            { "$$${target}", [new Literal("$"), new Literal("${target}")] },
            { "$5 {a} $", [new Literal("$5 {a} $")] },
            { "}", [new Literal("}")] },
        };

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Parses(string text, ExpressionPart[] parts)
    {
        var (expression, faults) = Parse(text);

        faults.ShouldBeEmpty();
        Merged(expression.Parts).ShouldBe(Merged(parts));
    }

    [Theory]
    [InlineData("${")]
    [InlineData("a ${target")]
    public void A_reference_without_end_is_a_fault(string text) =>
        Parse(text)
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                $"deployer.yaml:7:9: the reference that begins with \"{text[text.IndexOf('$')..]}\" has no end; expected a closing brace"
            );

    [Theory]
    [InlineData("${}")]
    [InlineData("${ target }")]
    [InlineData("${steps}")]
    [InlineData("${steps.a}")]
    [InlineData("${steps.a.outputs}")]
    [InlineData("${steps.a.output.B}")]
    [InlineData("${steps.a.outputs.B-C}")]
    [InlineData("${a.b}")]
    [InlineData("${5}")]
    public void What_is_not_a_reference_is_a_fault(string text) =>
        Parse(text).Faults.ShouldHaveSingleItem().Problem.ShouldBe($"\"{text}\" is not a reference");

    [Fact]
    public void Faults_of_one_text_are_all_reported() => Parse("${} ${a.b} ${").Faults.Count.ShouldBe(3);

    [Fact]
    public void Tells_the_steps_that_it_needs_once_each() =>
        Parse("${steps.b.outputs.X}${steps.a.outputs.X}${steps.b.outputs.Y}${target}").Expression.Steps.ShouldBe(["b", "a"]);

    [Fact]
    public void Tells_what_is_unknown_once_each()
    {
        var evaluation = Parse("${target}-${steps.a.outputs.X}-${dns}-${dns}")
            .Expression.Evaluate(reference => reference is TargetName ? "dev" : null);

        evaluation.Value.ShouldBeNull();
        evaluation.Unknown.ShouldBe([new StepOutput("a", "X"), new EndpointDns()]);
    }

    [Fact]
    public void A_value_is_not_looked_into_for_references() =>
        Parse("<${target}>").Expression.Evaluate(_ => "${service}").Value.ShouldBe("<${service}>");

    // How a literal is cut into parts has no meaning.
    private static List<string> Merged(IEnumerable<ExpressionPart> parts)
    {
        var merged = new List<string>();
        var afterLiteral = false;
        foreach (var part in parts)
        {
            if (part is Literal literal && afterLiteral)
            {
                merged[^1] += literal.Text;
            }
            else
            {
                merged.Add(part is Literal first ? $"'{first.Text}" : part.ToString());
            }
            afterLiteral = part is Literal;
        }
        return merged;
    }
}
