using System.Diagnostics;
using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class JavaPatternTests
{
    [Theory]
    [InlineData(@"[a-zA-Z0-9\-\_]+", "a_b-C", "a b")]
    [InlineData("[a-z0-9]{6,16}+", "abcdef", "abc")]
    [InlineData(@"\p{Alnum}+", "ab1", "ab-")]
    [InlineData(@"(a|b)++c", "abac", "abab")]
    [InlineData(@"a*+b?+", "aab", "aabb")]
    // A possessive quantifier gives nothing back.
    [InlineData(@"a++b", "aab", "aa")]
    [InlineData(@".*+x", null, "aax")]
    [InlineData(@"[\p{Alpha}\p{Digit}_]+", "aZ9_", "é")]
    [InlineData(@"\p{Punct}\p{XDigit}\p{Space}\p{Blank}\p{Upper}\p{Lower}", "!f\n\tAb", "af\n\tAb")]
    [InlineData(@"[\P{Upper}]+", "abc", "aBc")]
    [InlineData(@"\p{L}\p{Lu}\p{IsAlphabetic}\pN", "éÉé1", "1Éé1")]
    [InlineData("[a-c[x-z]]+", "axbz", "d")]
    [InlineData("[a-z&&[^bc]]+", "adz", "abz")]
    [InlineData("[^a-z&&[def]]+", "abxyzABC", "d")]
    [InlineData("[^[abc]]", "d", "a")]
    [InlineData("[a-z&&[^m-p]&&[^x]]+", "alqz", "m")]
    [InlineData(@"[\w&&[^\d]]+", "ab_", "a1")]
    [InlineData("[]a]+", "]a", "b")]
    [InlineData("[a-]+", "a-", "b")]
    [InlineData(@"[\w-.]+", "a-.", "a b")]
    [InlineData(@"\Qa.b\E+", "a.bb", "axb")]
    [InlineData(@"[\Q^]\E]+", "^]", "a")]
    [InlineData(@"\/\@\:\ \!", "/@: !", "/@:_!")]
    [InlineData(@"\x41\u0042\0103\t", "ABC\t", "ABC")]
    [InlineData(@"\d{3}", "123", "١٢٣")]
    [InlineData(@"\h\v\R", " \n\r\n", "a\n\n")]
    [InlineData(@"(?i)abc", "ABC", "ABD")]
    [InlineData(@"(?<year>\d{4})-\k<year>-\1", "2024-2024-2024", "2024-2025-2024")]
    [InlineData(@"^(?!.*--)[a-z-]+$", "a-b", "a--b")]
    [InlineData(@"a.c", "abc", "a\rc")]
    [InlineData(@"(?s)a.c", "a\nc", "ac")]
    [InlineData("a|bc", "bc", "abc")]
    [InlineData("#[a]", "#a", "a")]
    [InlineData("", "", "a")]
    public void A_pattern_matches_the_whole_text_as_in_Java(string pattern, string? matching, string other)
    {
        if (matching is not null)
        {
            JavaPattern.Matches(pattern, matching).ShouldBe(true);
        }
        JavaPattern.Matches(pattern, other).ShouldBe(false);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("a{,3}")]
    [InlineData("a{")]
    [InlineData(@"\")]
    [InlineData(@"[\")]
    [InlineData(@"\y")]
    [InlineData(@"\p")]
    [InlineData(@"\p{")]
    [InlineData(@"\p{IsGreek}")]
    [InlineData(@"\X")]
    [InlineData(@"\b{g}")]
    [InlineData(@"(?x) a # b")]
    [InlineData(@"(?<na")]
    [InlineData(@"\k<")]
    [InlineData("[z-a]")]
    [InlineData("[&&a]")]
    [InlineData("a{99999999999}")]
    public void A_pattern_that_cannot_be_translated_is_not_judged(string pattern) => JavaPattern.Matches(pattern, "a").ShouldBeNull();

    [Fact]
    public void A_pattern_that_backtracks_for_ever_is_not_judged_and_not_waited_for()
    {
        var watch = Stopwatch.StartNew();

        JavaPattern.Matches("(a|aa)+(a|aa)+(a|aa)+(a|aa)+b", new string('a', 5000)).ShouldBeNull();

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Deep_nesting_is_not_judged()
    {
        JavaPattern.Matches(new string('[', 5000) + "a" + new string(']', 5000), "a").ShouldBeNull();
        JavaPattern.Matches(new string('(', 5000) + "a" + new string(')', 5000), "a").ShouldBeNull();
    }
}
