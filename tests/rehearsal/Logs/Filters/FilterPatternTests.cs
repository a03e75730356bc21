using Deployer.Rehearsal.Logs.Filters;

namespace Deployer.Rehearsal.Tests.Logs.Filters;

public sealed class FilterPatternTests
{
    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("ERROR", "an ERROR came", true)]
    [InlineData("ERROR", "an error came", false)]
    [InlineData("ERROR code", "code of an ERROR", true)]
    [InlineData("ERROR code", "an ERROR", false)]
    [InlineData("\"an ERROR\"", "this is an ERROR", true)]
    [InlineData("\"an ERROR\"", "an other ERROR", false)]
    [InlineData("\"Alert - Alerts\"", "x Alert - Alerts y", true)]
    [InlineData("\"say \\\"x\\\"\"", "say \"x\"", true)]
    [InlineData("ERROR -exiting", "ERROR exiting", false)]
    [InlineData("ERROR -\"not this\"", "ERROR that", true)]
    [InlineData("?ERROR ?WARN", "a WARN", true)]
    [InlineData("?ERROR ?WARN", "an info", false)]
    public void Terms_and_phrases_are_looked_for(string pattern, string message, bool matches) =>
        FilterPattern.Parse(pattern).Matches(message).ShouldBe(matches);

    [Theory]
    [InlineData("{ $.Type = \"Alert\" }", true)]
    [InlineData("{$.Type=\"Alert\"}", true)]
    [InlineData("{ $.Type = Alert }", true)]
    [InlineData("{ $.Type = \"Al*\" }", true)]
    [InlineData("{ $.Type != \"Alert\" }", false)]
    [InlineData("{ $.Type != \"Event\" }", true)]
    [InlineData("{ $.Missing != \"Event\" }", false)]
    [InlineData("{ $.Ex.Via[0].Type = \"clojure.lang.ExceptionInfo\" }", true)]
    [InlineData("{ $.Ex.Via[1].Type = \"*\" }", false)]
    [InlineData("{ $.Count = 3 }", true)]
    [InlineData("{ $.Count > 2 && $.Count <= 3.0 }", true)]
    [InlineData("{ $.Count < 3 || $.Type = \"Alert\" }", true)]
    [InlineData("{ ($.Count < 3 || $.Count > 4) && $.Type = \"Alert\" }", false)]
    [InlineData("{ $.Count < 3 && $.Count > 4 || $.Type = \"Alert\" }", true)]
    [InlineData("{ $.Count = \"3\" }", false)]
    [InlineData("{ $.None IS NULL }", true)]
    [InlineData("{ $.On IS TRUE }", true)]
    [InlineData("{ $.On IS FALSE }", false)]
    [InlineData("{ $.Missing NOT EXISTS }", true)]
    [InlineData("{ $.Type NOT EXISTS }", false)]
    public void Fields_of_a_message_are_compared(string pattern, bool matches) =>
        FilterPattern
            .Parse(pattern)
            .Matches(
                """{"Type":"Alert","Count":3,"None":null,"On":true,"Ex":{"Cause":"x","Via":[{"Type":"clojure.lang.ExceptionInfo"}]}}"""
            )
            .ShouldBe(matches);

    [Fact]
    public void A_selector_does_not_take_a_message_that_is_not_json() =>
        FilterPattern.Parse("{ $.Missing NOT EXISTS }").Matches("plain { text").ShouldBeFalse();

    [Theory]
    [InlineData("[ip, user]", "space-delimited")]
    [InlineData("%regex%", "regular expressions")]
    [InlineData("{ $.a = %x% }", "regular expressions")]
    [InlineData("a-b.c", "double quotes")]
    [InlineData("\"open", "not closed")]
    [InlineData("{ $.a }", "cannot be read")]
    [InlineData("{ $.a = 1", "cannot be read")]
    [InlineData("{ $.a = 1 } tail", "cannot be read")]
    [InlineData("{ $.a < \"x\" }", "compares numbers")]
    [InlineData("{ a = 1 }", "does not begin with $")]
    public void What_is_no_pattern_is_refused(string pattern, string reason) =>
        Should.Throw<FormatException>(() => FilterPattern.Parse(pattern)).Message.ShouldContain(reason);
}
