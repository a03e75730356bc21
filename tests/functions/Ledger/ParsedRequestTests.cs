using System.Text.Json;
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

    [Theory]
    [InlineData("""{"revision":12}""", "'revision' of the input is a number; expected a text")]
    [InlineData("""{"target":5}""", "'target' of the input is a number; expected a text")]
    [InlineData("""{"source":"s3://x"}""", "'source' of the input is a text; expected {\"bucket\": …, \"key\": …}")]
    [InlineData("""{"source":{"bucket":[]}}""", "'source.bucket' of the input is a list; expected a text")]
    [InlineData("""{"steps":"api"}""", "'steps' of the input is a text; expected a list of texts")]
    [InlineData("""{"steps":[1]}""", "'steps' of the input is a list; expected a list of texts")]
    [InlineData("""{"followedBy":{}}""", "'followedBy' of the input is an object; expected a list of texts")]
    [InlineData("""{"remove":"yes"}""", "'remove' of the input is a text; expected true or false")]
    [InlineData("""{"after":["zzz"]}""", "'after' of the input is a list; expected a whole number")]
    [InlineData("""{"expired":true}""", "'expired' of the input is true or false; expected a time such as 2026-11-27T18:00:00Z")]
    [InlineData("""{"approval":"always"}""", "'approval' of the input is a text; expected {\"for\": […], \"expireAfterSeconds\": …}")]
    [InlineData("""{"approval":{"for":"risky"}}""", "'approval.for' of the input is a text; expected a list of texts")]
    [InlineData("[]", "the input is a list; expected {\"service\": …")]
    [InlineData("\"x\"", "the input is a text; expected {\"service\": …")]
    public void A_member_of_another_type_is_named_with_what_is_expected(string input, string cause)
    {
        using var document = JsonDocument.Parse(input);

        Should.Throw<SpecInvalidException>(() => DeploymentRequest.Read(document.RootElement)).Message.ShouldStartWith(cause);
    }

    [Fact]
    public void What_can_be_read_of_a_refused_input_says_what_it_was_about()
    {
        var request = DeploymentRequest.FromJson("""{"service":"inventory","target":"dev","steps":"api","revision":12,"by":"me"}""")!;

        (request.Service, request.Target, request.By, request.Revision, request.Steps).ShouldBe(("inventory", "dev", "me", null, null));
        DeploymentRequest.FromJson("[]").ShouldBeNull();
        DeploymentRequest.FromJson("{").ShouldBeNull();
    }

    [Theory]
    [InlineData("by")]
    [InlineData("revision")]
    [InlineData("pipeline")]
    [InlineData("pipelineExecution")]
    public void Text_that_could_steer_a_terminal_is_refused(string member)
    {
        using var document = JsonDocument.Parse(
            $$"""{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"},"{{member}}":"a\u001b[31mred\n✓ 99 succeeded"}"""
        );

        Should
            .Throw<SpecInvalidException>(() => DeploymentRequest.Read(document.RootElement).Parse())
            .Message.ShouldBe($"'{member}' of the input has a control character, such as a line break; expected text on one line");
    }

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
