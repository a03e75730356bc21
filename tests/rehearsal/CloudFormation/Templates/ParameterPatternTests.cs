using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

/// <summary>AllowedPattern of a parameter; what patterns are is tested where they are read.</summary>
public sealed class ParameterPatternTests
{
    [Fact]
    public void A_pattern_of_the_parameters_is_judged_as_Javas() => Resolve(@"[a-z0-9]{2,4}+\_?", "ab_");

    [Fact]
    public void A_value_that_the_pattern_does_not_take_is_refused() =>
        Should
            .Throw<TemplateException>(() => Resolve(@"\p{Alpha}+", "a1"))
            .Message.ShouldBe(@"Parameter 'P' must match pattern \p{Alpha}+");

    /// <summary>AWS may take the value; <c>validate</c> notes that it was not checked.</summary>
    [Theory]
    [InlineData(@"\p{IsLatin}", "a")]
    [InlineData("(?x) a", "a")]
    public void A_value_whose_pattern_cannot_be_checked_is_taken(string pattern, string value) =>
        Should.NotThrow(() => Resolve(pattern, value));

    [Fact]
    public void A_pattern_that_Java_does_not_take_is_refused() =>
        Should
            .Throw<TemplateException>(() => Resolve("[x", "x"))
            .Message.ShouldBe(
                "Template format error: AllowedPattern of parameter P: '[x' is no regular expression of Java (unclosed character class)"
            );

    [Fact]
    public void Backtracking_without_end_is_stopped() => Should.NotThrow(() => Resolve("(a|aa)+(b|bb)*(a|aa)+x", new string('a', 60)));

    private static void Resolve(string pattern, string value) =>
        ParameterValues.Resolve(
            Template.Parse(
                $$"""
                { "Parameters": { "P": { "Type": "String", "AllowedPattern": {{System.Text.Json.JsonSerializer.Serialize(pattern)}} } },
                  "Resources": { "T": { "Type": "AWS::SNS::Topic" } } }
                """
            ),
            [new GivenParameter("P", value)],
            null,
            _ => null
        );
}
