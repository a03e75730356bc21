using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Patterns;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Patterns;

/// <summary>What <c>java.util.regex</c> says of each pair, by its documentation.</summary>
public sealed class JavaPatternTests
{
    [Theory]
    [InlineData(@"[a-zA-Z0-9\-\_]+", "a_b-c", "a b")]
    [InlineData(@"[a-z0-9]{6,16}+", "abcdef", "abc")]
    [InlineData("a?+a", "aa", "a")]
    [InlineData("a*+a", null, "aaa")]
    [InlineData("(ab)++c", "ababc", "abab")]
    [InlineData(@"\p{Alnum}+", "aB9", "ä")]
    [InlineData(@"\p{Punct}", "!", "a")]
    [InlineData(@"\P{Digit}+", "abc", "a1")]
    [InlineData(@"[\p{Lower}\p{Digit}]+", "a1", "A")]
    [InlineData(@"\pL+", "äß", "1")]
    [InlineData(@"\p{Lu}", "Ä", "ä")]
    [InlineData(@"\p{IsAlphabetic}", "é", "1")]
    [InlineData("[a-d[m-p]]+", "am", "e")]
    [InlineData("[a-z&&[def]]+", "fed", "a")]
    [InlineData("[a-z&&[^m-p]]+", "az", "m")]
    [InlineData("[^a-c[x]]", "b1", "a", false)]
    [InlineData(@"\d{3}", "123", "١٢٣")]
    [InlineData(@"\w+", "a_1", "é")]
    [InlineData(@"\h", "\u00A0", "a")]
    [InlineData(@"a\Rb", "a\r\nb", "ab")]
    [InlineData(@"\Qa.b\E+", "a.bb", "axb")]
    [InlineData(@"\x41\u0042\0103", "ABC", "ABD")]
    [InlineData(@"\x{41}", "A", "B")]
    [InlineData(@"(?<year>\d+)-\k<year>", "12-12", "12-13")]
    [InlineData(@"(a)(?<b>b)\1\2", "abab", "abba")]
    [InlineData("(?i)abc", "ABC", "abd")]
    [InlineData("(?i:a)b", "Ab", "AB")]
    [InlineData("(?s).", "\n", "ab")]
    [InlineData(".", "a", "\u0085")]
    [InlineData("(?=ab)a.", "ab", "ac")]
    [InlineData("(?<!x)a", "a", "xa")]
    [InlineData("a|bc", "bc", "ac")]
    [InlineData("", "", "a")]
    [InlineData("[]a]", "]", "b")]
    [InlineData("[a-]", "-", "b")]
    [InlineData(@"^[\w.+-]+@[\w-]+$", "a.b@c", "a.b")]
    public void Takes_what_Java_takes_and_refuses_what_Java_refuses(string pattern, string? taken, string refused, bool whole = true)
    {
        var translated = JavaPattern.Translate(pattern);

        translated.Reason.ShouldBeNull();
        if (taken is not null && whole)
        {
            Regex.IsMatch(taken, translated.Expression!).ShouldBeTrue($"{pattern} as {translated.Expression} takes {taken}");
        }

        Regex.IsMatch(refused, translated.Expression!).ShouldBeFalse($"{pattern} as {translated.Expression} refuses {refused}");
    }

    [Theory]
    [InlineData("*a", "dangling meta character")]
    [InlineData("a{2,1}", "illegal repetition range")]
    [InlineData("{", "illegal repetition")]
    [InlineData("a{,3}", "illegal repetition")]
    [InlineData("(a", "unclosed group")]
    [InlineData("a)", "unmatched ')'")]
    [InlineData("[a", "unclosed character class")]
    [InlineData("[z-a]", "illegal character range")]
    [InlineData(@"\y", "illegal escape")]
    [InlineData(@"a\", "a single \\ at the end")]
    [InlineData(@"\p{Alien}", "the character family Alien has no counterpart here")]
    [InlineData(@"\X", "has no counterpart here")]
    [InlineData("(?x) a", "the flag x has no counterpart here")]
    [InlineData("(?#comment)a", "unknown inline modifier")]
    [InlineData("(?", "unclosed group")]
    [InlineData("(?<", "unclosed group")]
    [InlineData("(?<a", "a group's name")]
    [InlineData(@"\k<a>", "a reference to a group that is not there")]
    [InlineData(@"\2(a)(b)", "a reference to a group that comes later")]
    [InlineData("[\\uD83D\\uDE00]", null)]
    [InlineData("[😀]", "a character beyond U+FFFF has no counterpart here")]
    public void Says_why_a_pattern_cannot_be_checked_and_never_crashes(string pattern, string? reason)
    {
        var translated = JavaPattern.Translate(pattern);

        if (reason is null)
        {
            translated.Expression.ShouldNotBeNull();
        }
        else
        {
            translated.Reason.ShouldNotBeNull().ShouldContain(reason);
        }
    }

    [Fact]
    public void Random_patterns_are_translated_or_refused()
    {
        const string Alphabet = @"ab1-_[](){}*+?|^$.\pdwQEkux&&:=!<>,";
        var random = new Random(7);
        var (translated, refused) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var pattern = new string([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            var result = JavaPattern.Translate(pattern);
            (result.Expression is null).ShouldBe(result.Reason is not null);
            _ = result.Expression is null ? refused++ : translated++;
        }

        translated.ShouldBeGreaterThan(50);
        refused.ShouldBeGreaterThan(50);
    }

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
