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

    [Fact]
    public void A_pattern_that_cannot_be_checked_is_said_to_be_the_rehearsals_limit() =>
        Should
            .Throw<TemplateException>(() => Resolve(@"\p{IsLatin}", "a"))
            .Message.ShouldBe(
                "the rehearsal does not support the AllowedPattern of the parameter P: "
                    + "the character family IsLatin has no counterpart here; expected a plainer pattern"
            );

    [Fact]
    public void Backtracking_without_end_is_stopped() =>
        Should
            .Throw<TemplateException>(() => Resolve("(a|aa)+(b|bb)*(a|aa)+x", new string('a', 60)))
            .Message.ShouldContain("takes longer than a second");

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
