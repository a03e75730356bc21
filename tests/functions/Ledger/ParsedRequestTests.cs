using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Tests.Ledger;

public sealed class ParsedRequestTests
{
    private static readonly SourceObject Source = new("bucket", "key");

    [Fact]
    public void A_request_is_one_of_four()
    {
        new DeploymentRequest("inventory", "dev", Source, "rev", By: "me")
            .Parse()
            .ShouldBeOfType<ParsedRequest.Deploy>()
            .Source.ShouldBe(Source);
        new DeploymentRequest("inventory", "dev", RollbackTo: "0123456")
            .Parse()
            .ShouldBeOfType<ParsedRequest.RollBack>()
            .Revision.ShouldBe("0123456");
        new DeploymentRequest("inventory", "dev", Capacity: "on")
            .Parse()
            .ShouldBeOfType<ParsedRequest.ChangeCapacity>()
            .Change.ShouldBe(CapacityChange.On);
        new DeploymentRequest("inventory", "dev", Instance: "x", Remove: true)
            .Parse()
            .ShouldBeOfType<ParsedRequest.RemoveInstance>()
            .Instance.ShouldBe("x");
    }

    [Fact]
    public void Its_subject_is_what_every_request_says()
    {
        var subject = new DeploymentRequest("inventory", "dev", Source, "rev", ["group"], "me", Instance: "x").Parse().Subject;

        (subject.Service, subject.Target, subject.TargetName, subject.Instance).ShouldBe(("inventory", "dev", "dev-x", "x"));
        (subject.Revision, subject.By).ShouldBe(("rev", "me"));
        subject.Steps.ShouldBe(["group"]);
    }

    [Fact]
    public void What_means_nothing_is_refused_and_not_ignored() =>
        Should
            .Throw<SpecInvalidException>(() =>
                DeploymentRequest
                    .FromJson("""{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"},"step":["nope"]}""")!
                    .Parse()
            )
            .Message.ShouldStartWith("the input has 'step', an unknown key; expected service, target, source, revision, steps, ");

    [Fact]
    public void A_rollback_takes_the_rule_of_the_file_at_hand()
    {
        var rule = new ApprovalSpec([ApprovalReason.Removals, ApprovalReason.Risky], TimeSpan.FromHours(8));
        var request = new DeploymentRequest("inventory", "dev", RollbackTo: "0123456", Approval: RequestedApproval.From(rule));

        var read = DeploymentRequest.FromJson(request.ToJson())!.Parse().Subject.Approval.ShouldNotBeNull();

        read.For.ShouldBe(rule.For);
        read.ExpireAfter.ShouldBe(rule.ExpireAfter);
        request
            .ToJson()
            .ShouldContain(
                """
                "approval":{"for":["removals","risky"],"expireAfterSeconds":28800}
                """.Trim()
            );
        RequestedApproval.From(null).ShouldBeNull();
    }

    [Theory]
    [InlineData(
        """{"for":["everything"]}""",
        "'approval.for' of the input has 'everything'; expected some of replacements, removals, risky"
    )]
    [InlineData("""{"expireAfterSeconds":0}""", "'approval.expireAfterSeconds' of the input is 0; expected 1 to 7776000, which is 90 days")]
    public void A_rule_that_is_none_is_refused_with_what_was_expected(string rule, string message) =>
        Should
            .Throw<SpecInvalidException>(() =>
                DeploymentRequest
                    .FromJson($$"""{"service":"inventory","target":"dev","rollbackTo":"0123456","approval":{{rule}}}""")!
                    .Parse()
            )
            .Message.ShouldBe(message);

    [Fact]
    public void A_deployment_takes_no_rule_beside_its_own_file() =>
        Should
            .Throw<SpecInvalidException>(() => new DeploymentRequest("inventory", "dev", Source, Approval: new RequestedApproval()).Parse())
            .Message.ShouldBe(
                "the input has 'approval', which is for a rollback alone: a deployment is approved by the rule of its own deployer.yaml"
            );

    [Fact]
    public void All_that_is_missing_is_named() =>
        Should
            .Throw<SpecInvalidException>(() => new DeploymentRequest(null!, string.Empty, new SourceObject("bucket", string.Empty)).Parse())
            .Message.ShouldStartWith("the input lacks service, target, source.key; expected {");
}
