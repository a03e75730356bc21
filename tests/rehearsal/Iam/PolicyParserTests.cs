using Deployer.Rehearsal.Iam;

namespace Deployer.Rehearsal.Tests.Iam;

public sealed class PolicyParserTests
{
    [Theory]
    [InlineData("not json", "This policy contains invalid Json")]
    [InlineData("""{"Version":"2012-10-18","Statement":[]}""", "The policy must contain a valid version string")]
    [InlineData("""{"Version":"2012-10-17"}""", "Missing required field Statement")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"s3:*","Resource":"*"}]}""", "Invalid effect: allow")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}""", "Policy statement must contain actions.")]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]}""",
        "Policy statement must contain resources."
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"GetObject","Resource":"*"}]}""",
        "must be prefaced by a vendor"
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"sources"}]}""",
        "must be in ARN format"
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*"}]}""",
        "already has instance of Action"
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]}""",
        "should not specify a principal"
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Conditions":{}}]}""",
        "Syntax errors in policy."
    )]
    [InlineData(
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringIs":{"a:b":"c"}}}]}""",
        "Invalid Condition type : StringIs."
    )]
    [InlineData(
        """
            {"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"A",
            "Effect":"Allow","Action":"s3:*","Resource":"*"}]}
            """,
        "must be unique"
    )]
    public void A_malformed_identity_policy_is_refused(string json, string message) =>
        Should.Throw<MalformedPolicyException>(() => PolicyDocument.Parse(json, PolicyKind.Identity)).Message.ShouldContain(message);

    [Theory]
    [InlineData("""{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}""", "Missing required field Principal")]
    [InlineData(
        """{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"}}""",
        "Has prohibited field Resource"
    )]
    [InlineData(
        """{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::222222222222:role/*"}}}""",
        "Invalid principal in policy"
    )]
    public void A_malformed_trust_policy_is_refused(string json, string message) =>
        Should.Throw<MalformedPolicyException>(() => PolicyDocument.Parse(json, PolicyKind.Trust)).Message.ShouldContain(message);

    [Theory]
    [InlineData(
        """
            {"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*",
            "Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}
            """,
        "IpAddress"
    )]
    [InlineData(
        """{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"Federated":"cognito-identity.amazonaws.com"}}}""",
        "Federated"
    )]
    public void What_the_rehearsal_does_not_judge_is_refused_by_name(string json, string name) =>
        Should.Throw<NotSupportedException>(() => PolicyDocument.Parse(json, PolicyKind.Resource)).Message.ShouldContain(name);
}
