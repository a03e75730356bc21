using Deployer.Spec.Edn;

namespace Deployer.Spec.Tests.Edn;

public sealed class EdnReaderTests
{
    private static EdnReading Read(string text) => EdnReader.Read(text, "x.edn");

    private static EdnValue One(string text)
    {
        var reading = Read(text);
        reading.Faults.ShouldBeEmpty();
        return reading.Forms.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("nil", "nil")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("truely", "truely")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("+7", "7")]
    [InlineData("42N", "42")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("0x1F", "31")]
    [InlineData("-0xff", "-255")]
    [InlineData("2/4", "1/2")]
    [InlineData("-4/2", "-2")]
    [InlineData("1.5", "1.5")]
    [InlineData("1.", "1.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("-2.5E-3", "-0.0025")]
    [InlineData("2.50M", "250E-2M")]
    [InlineData("7M", "7E0M")]
    [InlineData("1e2M", "1E2M")]
    [InlineData("##Inf", "##Inf")]
    [InlineData("##-Inf", "##-Inf")]
    [InlineData("##NaN", "##NaN")]
    [InlineData("foo", "foo")]
    [InlineData("foo.bar/baz-qux?", "foo.bar/baz-qux?")]
    [InlineData("/", "/")]
    [InlineData("clojure.core//", "clojure.core//")]
    [InlineData("-", "-")]
    [InlineData("+a", "+a")]
    [InlineData("a'b#c", "a'b#c")]
    [InlineData("größe", "größe")]
    [InlineData(":a", ":a")]
    [InlineData(":mvn/version", ":mvn/version")]
    [InlineData(":1.10", ":1.10")]
    [InlineData("\\a", "\\u0061")]
    [InlineData("\\newline", "\\u000a")]
    [InlineData("\\return", "\\u000d")]
    [InlineData("\\space", "\\u0020")]
    [InlineData("\\tab", "\\u0009")]
    [InlineData("\\formfeed", "\\u000c")]
    [InlineData("\\backspace", "\\u0008")]
    [InlineData("\\u00e9", "\\u00e9")]
    [InlineData("\\o101", "\\u0041")]
    [InlineData("\\(", "\\u0028")]
    [InlineData("\\\\", "\\u005c")]
    [InlineData("\\\"", "\\u0022")]
    [InlineData("[\\a\\b]", "[\\u0061 \\u0062]")]
    [InlineData("\"a\\tb\\\"c\\\\\"", "\"a\\tb\\\"c\\\\\"")]
    [InlineData("\"\\u0041\\101\\7\"", "\"AA\a\"")]
    [InlineData("\"two\nlines\"", "\"two\\nlines\"")]
    [InlineData("()", "()")]
    [InlineData("(a, [b] {:c d})", "(a [b] {:c d})")]
    [InlineData("#{1 2}", "#{1 2}")]
    [InlineData("#inst \"2026-01-01\"", "#inst \"2026-01-01\"")]
    [InlineData("#acme/point [1 2]", "#acme/point [1 2]")]
    [InlineData("#a #b c", "#a #b c")]
    [InlineData("#:mvn{:version \"1\" :_/plain 2 other/x 3 sym 4 \"s\" 5}", "{:mvn/version \"1\" :plain 2 other/x 3 mvn/sym 4 \"s\" 5}")]
    [InlineData("#:a {:b 1}", "{:a/b 1}")]
    [InlineData("[1 #_2 3]", "[1 3]")]
    [InlineData("[#_#_1 2 3]", "[3]")]
    [InlineData("{:a #_ignored 1 #_b}", "{:a 1}")]
    [InlineData("#_(a b) c", "c")]
    [InlineData("; comment\n[a ; another\n b]", "[a b]")]
    [InlineData("^{:doc \"x\"} [a]", "[a]")]
    [InlineData("^:private ^String sym", "sym")]
    [InlineData("#^:old {}", "{}")]
    public void Reads(string text, string printed) => One(text).ToString().ShouldBe(printed);

    [Theory]
    [InlineData("(1 2)", "[1 2]", true)]
    [InlineData("{:a 1 :b 2}", "{:b 2, :a 1}", true)]
    [InlineData("#{1 2 3}", "#{3 2 1}", true)]
    [InlineData("1", "1N", true)]
    [InlineData("0x10", "16", true)]
    [InlineData("1", "1.0", false)]
    [InlineData("1.0", "1.0M", false)]
    [InlineData("a", ":a", false)]
    [InlineData("\"a\"", "\\a", false)]
    [InlineData("#{[1]}", "#{(1)}", true)]
    [InlineData("{#{} []}", "{#{} ()}", true)]
    [InlineData("#:a{:b 1}", "{:a/b 1}", true)]
    public void Equality_is_that_of_edn_and_not_of_places(string left, string right, bool equal)
    {
        var padded = One($"\n  {right}");
        One(left).Equals(padded).ShouldBe(equal);
        if (equal)
        {
            One(left).GetHashCode().ShouldBe(padded.GetHashCode());
        }
    }

    [Theory]
    [InlineData("(", 1, 1, "what begins here has no end", "')'")]
    [InlineData("[a\n {:b", 2, 2, "what begins here has no end", "'}'")]
    [InlineData("(a\n ]", 2, 2, "']' closes what began with another bracket on line 1", "')'")]
    [InlineData("a }", 1, 3, "'}' closes nothing", "a form")]
    [InlineData("{:a}", 1, 2, "the keyword :a has no value in its map", "a value for each key")]
    [InlineData("{:a 1 :b 2 :a 3}", 1, 12, "the key, the keyword :a, is already on line 1", "each key once")]
    [InlineData("#{(1)\n[1]}", 2, 1, "the element, a vector, is already on line 1", "each element once")]
    [InlineData("#:a{:b 1 :a/b 2}", 1, 10, "the key, the keyword :a/b, is already on line 1", "each key once")]
    [InlineData("\"abc", 1, 1, "the string that begins here has no end", "a closing quote")]
    [InlineData("\"a\\qb\"", 1, 3, "\\q is not an escape", "\\\", \\\\, \\n, \\r, \\t, \\b, \\f, \\uXXXX or an octal number up to \\377")]
    [InlineData("\"\\u12\"", 1, 2, "\\u12 is not an escape", "\\\", \\\\, \\n, \\r, \\t, \\b, \\f, \\uXXXX or an octal number up to \\377")]
    [InlineData("\\nope", 1, 1, "\\nope is not a character", "one character, a name such as \\newline, or \\uXXXX")]
    [InlineData("\\", 1, 1, "nothing follows the backslash", "a character")]
    [InlineData("010", 1, 1, "\"010\" is not a number of EDN", "a number such as 10, 0x1F, 1/3, 2.5 or 2.5M, without leading zeros")]
    [InlineData("2r101", 1, 1, "\"2r101\" is not a number of EDN", "a number such as 10, 0x1F, 1/3, 2.5 or 2.5M, without leading zeros")]
    [InlineData("1a", 1, 1, "\"1a\" is not a number of EDN", "a number such as 10, 0x1F, 1/3, 2.5 or 2.5M, without leading zeros")]
    [InlineData("1/0", 1, 1, "the ratio divides by zero", "another denominator")]
    [InlineData("::a", 1, 1, "\"::a\" needs Clojure's namespaces", "a keyword with one colon")]
    [InlineData(":", 1, 1, "\":\" is not a keyword", "a keyword such as :fn or :mvn/version")]
    [InlineData(":a/", 1, 1, "\":a/\" is not a keyword", "a keyword such as :fn or :mvn/version")]
    [InlineData(":a/:b", 1, 1, "\":a/:b\" is not a keyword", "a keyword such as :fn or :mvn/version")]
    [InlineData("a/1", 1, 1, "\"a/1\" is not a symbol", "a symbol such as inventory.ions/get-item")]
    [InlineData("a/b/c", 1, 1, "\"a/b/c\" is not a symbol", "a symbol such as inventory.ions/get-item")]
    [InlineData("a:", 1, 1, "\"a:\" is not a symbol", "a symbol such as inventory.ions/get-item")]
    [InlineData("'a", 1, 1, "''' is not part of EDN", "a form")]
    [InlineData("@a", 1, 1, "'@' is not part of EDN", "a form")]
    [InlineData("#(inc %)", 1, 1, "\"#(\" is not part of EDN", "a set #{, a tag, #_ or ##Inf")]
    [InlineData("#\"a.b\"", 1, 1, "\"#\"\" is not part of EDN", "a set #{, a tag, #_ or ##Inf")]
    [InlineData("#::a{:b 1}", 1, 1, "#:: needs Clojure's namespaces", "a namespaced map such as #:mvn{:version \"1.0\"}")]
    [InlineData("#:a [1]", 1, 1, "no map follows #:a", "'{'")]
    [InlineData("##Nope", 1, 1, "##Nope is not a symbolic value", "##Inf, ##-Inf or ##NaN")]
    [InlineData("[1 #_]", 1, 4, "nothing follows #_", "a form after it")]
    [InlineData("(#inst)", 1, 2, "nothing follows the tag #inst", "a form after it")]
    [InlineData("^{:a 1}", 1, 1, "nothing follows the metadata", "a form after it")]
    [InlineData("^1 a", 1, 2, "the number 1 is used as metadata", "a map, keyword, symbol or string")]
    [InlineData("^:a 1", 1, 5, "the number 1 has metadata", "metadata on a symbol or collection only")]
    public void Refuses_with_position_and_expectation(string text, int line, int column, string problem, string expected)
    {
        var fault = Read(text).Faults.ShouldHaveSingleItem();

        fault.ShouldSatisfyAllConditions(
            () => (fault.Position.Line, fault.Position.Column).ShouldBe((line, column)),
            () => fault.Problem.ShouldBe(problem),
            () => fault.Expected.ShouldBe(expected)
        );
    }

    [Fact]
    public void Several_duplicate_keys_are_all_reported() =>
        Read("{:a 1 :a 2 :b {:c 1 :c 2}}").Faults.Select(fault => fault.Position.Column).ShouldBe([7, 21]);

    [Fact]
    public void Forms_before_a_fault_are_kept() => Read("a b )").Forms.Select(form => form.ToString()).ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("[")]
    [InlineData("#_ ")]
    [InlineData("#t ")]
    [InlineData("^:a ")]
    [InlineData("{:a ")]
    [InlineData("#:a{:b ")]
    public void Nesting_without_end_is_refused(string opening) =>
        Read(string.Concat(Enumerable.Repeat(opening, 100_000)))
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldStartWith("the nesting is deeper than");

    [Fact]
    public void A_value_of_a_map_is_found_by_keyword()
    {
        var map = One("{:fn a/b :mvn/version \"1\"}").ShouldBeOfType<EdnMap>();

        map["fn"].ShouldBeOfType<EdnSymbol>().FullName.ShouldBe("a/b");
        map["mvn/version"].ShouldBeOfType<EdnString>().Value.ShouldBe("1");
        map["other"].ShouldBeNull();
    }
}
