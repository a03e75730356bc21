using Deployer.JavaPatterns;

namespace Deployer.Spec.Tests.JavaPatterns;

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
    [InlineData("[^a-c[x]]", "d", "x")]
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
    [InlineData("(?:(?i)a)+b", "aAb", "B")]
    [InlineData("(?s).", "\n", "ab")]
    [InlineData(".", "a", "\u0085")]
    [InlineData("(?=ab)a.", "ab", "ac")]
    [InlineData("(?<!x)a", "a", "xa")]
    [InlineData("a|bc", "bc", "ac")]
    [InlineData("", "", "a")]
    [InlineData("[]a]", "]", "b")]
    [InlineData("[a-z]{2}{1}", "aa", "a")]
    [InlineData("x{2}{3}", "xx", "xxxxxx")]
    [InlineData("x{1000}{1000}x{0}", null, "x")]
    [InlineData("{1}a", "a", "")]
    [InlineData("a+{2}", "aaa", "b")]
    [InlineData(@"\b{1}a", "a", "b")]
    [InlineData("[a-]", "-", "b")]
    [InlineData(@"^[\w.+-]+@[\w-]+$", "a.b@c", "a.b")]
    [InlineData(@"[a-zA-Z0-9\-\_]+", "a_b-C", "a b")]
    [InlineData(@"\p{Alnum}+", "ab1", "ab-")]
    [InlineData(@"(a|b)++c", "abac", "abab")]
    [InlineData(@"a*+b?+", "aab", "aabb")]
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
    [InlineData(@"[\Q^]\E]+", "^]", "a")]
    [InlineData(@"\/\@\:\ \!", "/@: !", "/@:_!")]
    [InlineData(@"\x41\u0042\0103\t", "ABC\t", "ABC")]
    [InlineData(@"\h\v\R", " \n\r\n", "a\n\n")]
    [InlineData(@"(?i)abc", "ABC", "ABD")]
    [InlineData(@"(?<year>\d{4})-\k<year>-\1", "2024-2024-2024", "2024-2025-2024")]
    [InlineData(@"^(?!.*--)[a-z-]+$", "a-b", "a--b")]
    [InlineData(@"a.c", "abc", "a\rc")]
    [InlineData(@"(?s)a.c", "a\nc", "ac")]
    [InlineData("a|bc", "bc", "abc")]
    [InlineData("#[a]", "#a", "a")]
    // Java's (?i) is of ASCII letters, before a class is turned around, and in ranges and references.
    [InlineData("(?i)[^a]+", "bZ", "A")]
    [InlineData("(?i)[a-f0-9]+", "BeEf01", "G")]
    [InlineData("(?i)[^a-f]", "g", "C")]
    [InlineData(@"(?i)\p{Lower}+", "aBc", "1")]
    [InlineData("(?i)k", "K", "\u212A")]
    [InlineData(@"(?i)(ab)-\1", "aB-Ab", "aB-ac")]
    [InlineData("((?i)a)b", "Ab", "AB")]
    [InlineData("(?i)a(?-i)b", "Ab", "AB")]
    [InlineData("a(?i)b|c", "C", "A")]
    [InlineData("(?is)a.b", "A\nB", "ab")]
    [InlineData(@"\p{javaLowerCase}\p{javaUpperCase}\p{javaLetterOrDigit}", "éÉ9", "ÉÉ9")]
    [InlineData(@"\p{javaWhitespace}", " ", "\u00A0")]
    [InlineData(@"\p{LC}\p{gc=Nd}\p{IsPunctuation}", "a1!", "a1a")]
    [InlineData("[a-z&&[^aeiou]&&[^x-z]]+", "bcd", "bad")]
    [InlineData("[[a-c][x-z]&&[^b]]+", "acxz", "b")]
    [InlineData(@"[\Qa-c\E]+", "a-c", "b")]
    [InlineData(@"\Q\E", "", "a")]
    [InlineData("x{2}+x?", "xxx", "x")]
    [InlineData("(?>a|ab)c", "ac", "abc")]
    [InlineData("(?<!a)b(?!c).", "bd", "bc")]
    // A character beyond U+FFFF is one character.
    [InlineData(".{2}", "😀😀", "😀")]
    [InlineData("[^a]", "😀", "a")]
    [InlineData("😀+", "😀😀", "a")]
    [InlineData(@"\S{1,3}", "a😀b", "ab😀😀")]
    public void Takes_what_Java_takes_and_refuses_what_Java_refuses(string pattern, string? taken, string refused)
    {
        if (taken is not null)
        {
            JavaPattern.Matches(pattern, taken, out var why).ShouldBe(true, $"{pattern} takes {taken}; {why}");
        }

        JavaPattern.Matches(pattern, refused, out var reason).ShouldBe(false, $"{pattern} refuses {refused}; {reason}");
        reason.ShouldBeNull();
    }

    [Theory]
    [InlineData("*a", "dangling meta character")]
    [InlineData("a{2,1}", "illegal repetition range")]
    [InlineData("a**", "dangling meta character")]
    [InlineData("(?i)*", "dangling meta character")]
    [InlineData("a(?-i)*?", "dangling meta character")]
    [InlineData("(?s)?", "dangling meta character")]
    [InlineData("a{", "illegal repetition")]
    [InlineData("a{99999999999}", "illegal repetition range")]
    [InlineData(@"[\", "a single \\ at the end")]
    [InlineData(@"\p", "unclosed character family")]
    [InlineData(@"\p{", "unclosed character family")]
    [InlineData(@"\b{g}", @"\b{g} has no counterpart here")]
    [InlineData("{", "illegal repetition")]
    [InlineData("a{,3}", "illegal repetition")]
    [InlineData("(a", "unclosed group")]
    [InlineData("a)", "unmatched ')'")]
    [InlineData("[a", "unclosed character class")]
    [InlineData("[z-a]", "illegal character range")]
    [InlineData(@"\y", "illegal escape")]
    [InlineData(@"a\", "a single \\ at the end")]
    [InlineData(@"\p{Alien}", "the character family Alien is not known")]
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

    [Theory]
    [InlineData(@"(?<n>a)(?<n>b)", true)]
    [InlineData(@"\p{Foo}", true)]
    [InlineData(@"\p{^Alnum}", true)]
    [InlineData(@"\p{Is_Latin}", true)]
    [InlineData(@"\p{javaFoo}", true)]
    [InlineData(@"\p{alpha}", true)]
    [InlineData(@"\pQ", true)]
    [InlineData(@"\p{foo=Lu}", true)]
    [InlineData(@"\N", true)]
    [InlineData(@"\x{110000}", true)]
    [InlineData(@"{x}", true)]
    [InlineData(@"\b{x}a", true)]
    [InlineData(@"a{2}*", true)]
    [InlineData(@"\b{g}a", false)]
    [InlineData(@"\N{DIGIT ONE}", false)]
    [InlineData(@"\p{L1}", false)]
    [InlineData(@"\p{IsLatin}", false)]
    [InlineData(@"[a-z]{2}{1}", false)]
    [InlineData("[x", true)]
    [InlineData("a{", true)]
    [InlineData("(a", true)]
    [InlineData("*", true)]
    [InlineData(@"\p{IsLatin}+", false)]
    [InlineData("(?x) a", false)]
    public void Says_whether_Java_would_not_take_a_pattern_either(string pattern, bool isInvalid) =>
        JavaPattern.Translate(pattern).IsInvalid.ShouldBe(isInvalid);

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

    [Theory]
    [InlineData("(a|aa)+(b|bb)*(a|aa)+x", 60)]
    [InlineData("(a|aa)+(a|aa)+(a|aa)+(a|aa)+b", 5000)]
    public void Backtracking_without_end_is_not_waited_for(string pattern, int length)
    {
        JavaPattern.Matches(pattern, new string('a', length), out var reason).ShouldBeNull();
        reason.ShouldBe($"to match a value of {length} characters takes longer than five seconds");
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('(', ')')]
    public void Deep_nesting_is_not_judged(char open, char close)
    {
        JavaPattern.Matches(new string(open, 5000) + "a" + new string(close, 5000), "a", out var reason).ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("nesting of more than 100");
    }
}
