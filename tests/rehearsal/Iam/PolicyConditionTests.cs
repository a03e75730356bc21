using Deployer.Rehearsal.Iam;

namespace Deployer.Rehearsal.Tests.Iam;

public sealed class PolicyConditionTests
{
    private static readonly AccessCaller Caller = new("222222222222", "arn:aws:sts::222222222222:assumed-role/r/s");

    [Theory]
    [InlineData("StringEquals", "aws:PrincipalOrgID", "\"o-acme\"", "o-acme", true)]
    [InlineData("StringEquals", "AWS:principalorgid", "[\"o-other\",\"o-acme\"]", "o-acme", true)]
    [InlineData("StringEquals", "k:k", "\"o-*\"", "o-acme", false)]
    [InlineData("StringEqualsIgnoreCase", "k:k", "\"O-ACME\"", "o-acme", true)]
    [InlineData("StringLike", "k:k", "\"o-*\"", "o-acme", true)]
    [InlineData("StringNotEquals", "k:k", "[\"a\",\"b\"]", "b", false)]
    [InlineData("StringNotEquals", "k:k", "[\"a\",\"b\"]", "c", true)]
    [InlineData("StringNotLike", "k:k", "\"a*\"", "abc", false)]
    [InlineData("ArnLike", "k:k", "\"arn:aws:iam::*:role/deployer-*\"", "arn:aws:iam::222222222222:role/deployer-x", true)]
    [InlineData("ArnLike", "k:k", "\"arn:aws:iam:*:role/deployer\"", "arn:aws:iam::222222222222:role/deployer", false)]
    [InlineData("ArnNotEquals", "k:k", "\"arn:aws:iam::*:role/x\"", "arn:aws:iam::222222222222:role/x", false)]
    [InlineData("Bool", "k:k", "true", "TRUE", true)]
    [InlineData("NumericLessThanEquals", "k:k", "10", "10.0", true)]
    [InlineData("NumericGreaterThan", "k:k", "\"10\"", "9", false)]
    [InlineData("NumericEquals", "k:k", "\"10\"", "ten", false)]
    [InlineData("DateLessThan", "k:k", "\"2041-01-01T00:00:00Z\"", "2040-01-01T00:00:00Z", true)]
    [InlineData("DateGreaterThan", "k:k", "2208988800", "2040-01-01T00:00:01Z", true)]
    [InlineData("Null", "k:k", "\"false\"", "x", true)]
    [InlineData("Null", "k:k", "\"true\"", "x", false)]
    public void A_key_is_compared_as_the_operator_says(string operation, string key, string wanted, string value, bool holds) =>
        Holds(operation, key, wanted, new ConditionKeys().With(key, value)).ShouldBe(holds);

    [Theory]
    [InlineData("StringEquals", false)]
    [InlineData("StringEqualsIfExists", true)]
    [InlineData("StringNotEquals", true)]
    [InlineData("ArnLike", false)]
    [InlineData("Null", false)]
    [InlineData("ForAllValues:StringEquals", true)]
    [InlineData("ForAnyValue:StringEquals", false)]
    public void A_key_that_the_request_lacks(string operation, bool holds) =>
        Holds(operation, "k:k", "\"x\"", new ConditionKeys()).ShouldBe(holds);

    [Theory]
    [InlineData("ForAllValues:StringEquals", "a,b", true)]
    [InlineData("ForAllValues:StringEquals", "a,c", false)]
    [InlineData("ForAnyValue:StringEquals", "a,c", true)]
    [InlineData("ForAnyValue:StringEquals", "c,d", false)]
    [InlineData("ForAnyValue:StringNotEquals", "a,c", true)]
    [InlineData("ForAllValues:StringNotEquals", "a,c", false)]
    public void Set_operators_look_at_every_value_of_the_request(string operation, string values, bool holds) =>
        Holds(operation, "k:k", """["a","b"]""", new ConditionKeys().With("k:k", values.Split(','))).ShouldBe(holds);

    [Fact]
    public void A_variable_stands_for_a_value_of_the_request_and_is_never_a_wildcard()
    {
        const string Wanted = "\"/${aws:PrincipalTag/team}/*\"";

        Holds("StringLike", "k:k", Wanted, new ConditionKeys().With("k:k", "/data/x").With("aws:PrincipalTag/team", "data")).ShouldBeTrue();
        Holds("StringLike", "k:k", Wanted, new ConditionKeys().With("k:k", "/data/x").With("aws:PrincipalTag/team", "*")).ShouldBeFalse();
        Holds("StringLike", "k:k", Wanted, new ConditionKeys().With("k:k", "/data/x")).ShouldBeFalse();
        Holds("StringLike", "k:k", "\"${aws:username, 'nobody'}-${*}\"", new ConditionKeys().With("k:k", "nobody-*")).ShouldBeTrue();
    }

    [Fact]
    public void A_variable_is_text_in_the_old_version_of_the_language() =>
        Holds("StringEquals", "k:k", "\"${aws:username}\"", new ConditionKeys().With("k:k", "${aws:username}"), "2008-10-17")
            .ShouldBeTrue();

    private static bool Holds(string operation, string key, string wanted, ConditionKeys keys, string version = "2012-10-17")
    {
        var policy = PolicyDocument.Parse(
            $$$$"""
            {"Version":"{{{{version}}}}","Statement":{"Effect":"Allow","Action":"*","Resource":"*",
            "Condition":{"{{{{operation}}}}":{"{{{{key}}}}":{{{{wanted}}}} } } } }
            """,
            PolicyKind.Identity
        );
        return PolicyEngine.Decide(new(Caller with { Policies = [policy] }, "s3:GetObject", "*", Caller.Account, keys)).Allowed;
    }
}
