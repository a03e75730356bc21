using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Iam;

public sealed class PolicyEngineTests
{
    private const string Tools = "222222222222";
    private const string Prod = "333333333333";
    private const string RoleArn = $"arn:aws:iam::{Tools}:role/deployer/DeployerRole";
    private const string SessionArn = $"arn:aws:sts::{Tools}:assumed-role/DeployerRole/run-1";

    [Fact]
    public void Nothing_is_allowed_that_no_policy_allows()
    {
        var decision = Decide(
            Caller("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::sources/*"}"""),
            "s3:PutObject",
            "arn:aws:s3:::sources/a"
        );

        decision.Allowed.ShouldBeFalse();
        decision.Reason.ShouldBe("because no identity-based policy allows the s3:PutObject action");
    }

    [Theory]
    [InlineData("\"s3:GetObject\"", "\"arn:aws:s3:::sources/a/b\"", true)]
    [InlineData("\"S3:getobject\"", "\"arn:aws:s3:::sources/*\"", true)]
    [InlineData("[\"s3:Put*\",\"s3:Get??ject\"]", "\"*\"", true)]
    [InlineData("\"s3:*\"", "\"arn:aws:s3:::SOURCES/*\"", false)]
    [InlineData("\"*\"", "\"arn:aws:s3:::sources\"", false)]
    [InlineData("\"s3:GetObjectVersion\"", "\"*\"", false)]
    public void Actions_and_resources_match_by_wildcards(string action, string resource, bool allowed) =>
        Decide(Caller($$"""{"Effect":"Allow","Action":{{action}},"Resource":{{resource}}}"""), "s3:GetObject", "arn:aws:s3:::sources/a/b")
            .Allowed.ShouldBe(allowed);

    [Fact]
    public void NotAction_and_NotResource_cover_everything_else()
    {
        var caller = Caller("""{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::secret/*"}""");

        Decide(caller, "s3:GetObject", "arn:aws:s3:::open/a").Allowed.ShouldBeTrue();
        Decide(caller, "s3:GetObject", "arn:aws:s3:::secret/a").Allowed.ShouldBeFalse();
        Decide(caller, "iam:PassRole", "arn:aws:s3:::open/a").Allowed.ShouldBeFalse();
    }

    [Fact]
    public void An_explicit_deny_wins_over_every_permission()
    {
        var decision = Decide(
            Caller("""{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}"""),
            "s3:DeleteObject",
            "arn:aws:s3:::a/b"
        );

        decision.Allowed.ShouldBeFalse();
        decision.Reason.ShouldBe("with an explicit deny in an identity-based policy");
    }

    [Fact]
    public void In_one_account_a_resource_policy_that_names_the_role_is_enough() =>
        Decide(Caller(), "s3:GetObject", "arn:aws:s3:::a/b", ResourcePolicy($"\"AWS\":\"{RoleArn}\"", "s3:GetObject"))
            .Allowed.ShouldBeTrue();

    [Fact]
    public void In_one_account_a_resource_policy_that_names_only_the_account_needs_an_identity_policy_too()
    {
        var policy = ResourcePolicy($"\"AWS\":\"{Tools}\"", "s3:GetObject");

        Decide(Caller(), "s3:GetObject", "arn:aws:s3:::a/b", policy).Allowed.ShouldBeFalse();
        Decide(Caller("""{"Effect":"Allow","Action":"s3:*","Resource":"*"}"""), "s3:GetObject", "arn:aws:s3:::a/b", policy)
            .Allowed.ShouldBeTrue();
    }

    [Fact]
    public void Across_accounts_both_sides_must_allow()
    {
        var allowed = Caller("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}""");
        var policy = ResourcePolicy($"\"AWS\":\"arn:aws:iam::{Tools}:root\"", "s3:GetObject");

        Decide(allowed, "s3:GetObject", "arn:aws:s3:::a/b", policy, Prod).Allowed.ShouldBeTrue();
        Decide(allowed, "s3:GetObject", "arn:aws:s3:::a/b", resourcePolicy: null, Prod)
            .Reason.ShouldBe("because no resource-based policy allows the s3:GetObject action");
        Decide(Caller(), "s3:GetObject", "arn:aws:s3:::a/b", policy, Prod)
            .Reason.ShouldBe("because no identity-based policy allows the s3:GetObject action");
    }

    [Fact]
    public void An_administrator_has_no_rights_in_another_account_without_its_consent()
    {
        var root = new AccessCaller(Tools, $"arn:aws:iam::{Tools}:root") { Administrator = true };

        Decide(root, "s3:GetObject", "arn:aws:s3:::a/b").Allowed.ShouldBeTrue();
        Decide(root, "s3:GetObject", "arn:aws:s3:::a/b", resourcePolicy: null, Prod).Allowed.ShouldBeFalse();
    }

    [Fact]
    public void A_service_needs_the_resource_policy_and_its_conditions()
    {
        var events = new AccessCaller("", "events.amazonaws.com") { Service = "events.amazonaws.com" };
        var policy = PolicyDocument.Parse(
            """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
              "Action":"lambda:InvokeFunction",
             "Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:events:*:222222222222:rule/*"}}}}
            """,
            PolicyKind.Resource
        );
        const string Function = "arn:aws:lambda:us-east-1:222222222222:function:resume";

        Decide(
            events,
            "lambda:InvokeFunction",
            Function,
            policy,
            keys: new ConditionKeys().With("aws:SourceArn", "arn:aws:events:us-east-1:222222222222:rule/x")
        )
            .Allowed.ShouldBeTrue();
        Decide(
            events,
            "lambda:InvokeFunction",
            Function,
            policy,
            keys: new ConditionKeys().With("aws:SourceArn", "arn:aws:events:us-east-1:333333333333:rule/x")
        )
            .Allowed.ShouldBeFalse();
        Decide(events, "lambda:InvokeFunction", Function).Allowed.ShouldBeFalse();
    }

    [Fact]
    public void A_trust_policy_must_allow_even_in_the_same_account()
    {
        var caller = Caller("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""");
        var trust = PolicyDocument.Parse(
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}}""",
            PolicyKind.Trust
        );

        var decision = PolicyEngine.Decide(
            new(caller, "sts:AssumeRole", $"arn:aws:iam::{Tools}:role/x", Tools, new ConditionKeys())
            {
                ResourcePolicy = trust,
                IsTrust = true,
            }
        );

        decision.Reason.ShouldBe("because no role trust policy allows the sts:AssumeRole action");
    }

    [Fact]
    public void A_boundary_and_a_session_policy_limit_what_identity_policies_give()
    {
        var caller = Caller("""{"Effect":"Allow","Action":"*","Resource":"*"}""");
        var reads = Identity("""{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}""");

        Decide(caller with { Boundary = reads }, "s3:GetObject", "arn:aws:s3:::a/b").Allowed.ShouldBeTrue();
        Decide(caller with { Boundary = reads }, "s3:PutObject", "arn:aws:s3:::a/b")
            .Reason.ShouldBe("because no permissions boundary allows the s3:PutObject action");
        Decide(caller with { SessionPolicy = reads }, "s3:PutObject", "arn:aws:s3:::a/b")
            .Reason.ShouldBe("because no session policy allows the s3:PutObject action");
    }

    [Fact]
    public void NotPrincipal_denies_everyone_else()
    {
        var policy = PolicyDocument.Parse(
            $$"""
            {"Version":"2012-10-17","Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"{{RoleArn}}"},"Action":"s3:*",
            "Resource":"*"} }
            """,
            PolicyKind.Resource
        );
        var caller = Caller("""{"Effect":"Allow","Action":"*","Resource":"*"}""");

        Decide(caller, "s3:GetObject", "arn:aws:s3:::a/b", policy).Allowed.ShouldBeTrue();
        Decide(caller with { RoleArn = $"arn:aws:iam::{Tools}:role/Other" }, "s3:GetObject", "arn:aws:s3:::a/b", policy)
            .Reason.ShouldBe("with an explicit deny in a resource-based policy");
    }

    private static AccessCaller Caller(params string[] statements) =>
        new(Tools, SessionArn) { RoleArn = RoleArn, Policies = [.. statements.Select(Identity)] };

    private static PolicyDocument Identity(string statements) =>
        PolicyDocument.Parse($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""", PolicyKind.Identity);

    private static PolicyDocument ResourcePolicy(string principal, string action) =>
        PolicyDocument.Parse(
            $$$"""
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{ {{{principal}}} },
            "Action":"{{{action}}}","Resource":"*"} }
            """,
            PolicyKind.Resource
        );

    private static Decision Decide(
        AccessCaller caller,
        string action,
        string resource,
        PolicyDocument? resourcePolicy = null,
        string account = Tools,
        ConditionKeys? keys = null
    ) => PolicyEngine.Decide(new(caller, action, resource, account, keys ?? new ConditionKeys()) { ResourcePolicy = resourcePolicy });
}
