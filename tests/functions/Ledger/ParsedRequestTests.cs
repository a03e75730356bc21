using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

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
            .Message.ShouldStartWith("the input has 'step', which means nothing; expected service, target, source, revision, steps, ");

    [Fact]
    public void All_that_is_missing_is_named() =>
        Should
            .Throw<SpecInvalidException>(() => new DeploymentRequest(null!, string.Empty, new SourceObject("bucket", string.Empty)).Parse())
            .Message.ShouldStartWith("the input lacks service, target, source.key; expected {");
}
