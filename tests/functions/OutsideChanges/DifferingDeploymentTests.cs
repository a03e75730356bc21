using Deployer.Functions.Ledger;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Steps;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.OutsideChanges;

/// <summary>What is deployed again first, of steps that several deployments did last.</summary>
public sealed class DifferingDeploymentTests
{
    [Fact]
    public void Steps_of_the_same_files_are_one_deployment_whichever_did_them_last()
    {
        var again = First(Part("one", 1, "digest", ["a"], ["a"]), Part("two", 2, "digest", ["b", "c", "d"], []))!;

        (again.Deployment.Deployment.Value, again.Steps).ShouldBe(("two", null));
        again.FollowedBy.ShouldBeEmpty();
    }

    [Fact]
    public void Steps_of_other_files_that_use_outputs_follow_directly_and_through_others()
    {
        var again = First(Part("one", 1, "digest", ["a"], ["a"]), Part("two", 2, "other", ["b", "c"], []))!;

        again.Deployment.Deployment.Value.ShouldBe("one");
        again.Steps.ShouldBe(["a"]);
        again.FollowedBy.ShouldBe(["b", "c"]);
    }

    [Fact]
    public void What_others_wait_for_comes_first_also_where_it_was_deployed_later()
    {
        var again = First(Part("one", 1, "digest", ["b", "c"], ["b"]), Part("two", 2, "other", ["a"], ["a"]))!;

        again.Deployment.Deployment.Value.ShouldBe("two");
        again.Steps.ShouldBe(["a"]);
        again.FollowedBy.ShouldBe(["b", "c"]);
    }

    [Fact]
    public void What_differs_elsewhere_follows_also_where_it_waits_for_nothing()
    {
        var again = First(Part("one", 1, "digest", ["c"], ["c"]), Part("two", 2, "other", ["d"], ["d"]))!;

        again.Deployment.Deployment.Value.ShouldBe("one");
        again.FollowedBy.ShouldBe(["d"]);
    }

    [Fact]
    public void Nothing_follows_what_nobody_uses()
    {
        var again = First(Part("one", 1, "digest", ["d"], ["d"]), Part("two", 2, "other", ["a", "b", "c"], []))!;

        again.Steps.ShouldBe(["d"]);
        again.FollowedBy.ShouldBeEmpty();
    }

    [Fact]
    public void Another_commit_and_a_rollback_are_deployments_of_their_own()
    {
        var part = Part("one", 1, "digest", ["a"], ["a"]);
        foreach (
            var other in new[]
            {
                Part("two", 2, "digest", ["b"], [], record => record with { Revision = "abc" }),
                Part("two", 2, "digest", ["b"], [], record => record with { RollbackTo = "abc", Only = ["b"] }),
            }
        )
        {
            var again = First(part, other)!;
            again.Steps.ShouldBe(["a"]);
            again.FollowedBy.ShouldBe(["b"]);
        }
    }

    [Fact]
    public void Where_nothing_differs_nothing_is_deployed_again() => First(Part("one", 1, "digest", ["a"], [])).ShouldBeNull();

    private static DifferingDeployment? First(params DeployedPart[] parts) => DifferingDeployment.First(parts);

    /// <summary>A part of a file in which b uses a, c uses b, and d stands alone.</summary>
    private static DeployedPart Part(
        string name,
        long number,
        string digest,
        List<string> own,
        List<string> differing,
        Func<DeploymentRecord, DeploymentRecord>? change = null
    )
    {
        var record = new DeploymentRecord
        {
            Deployment = new DeploymentId(name),
            Execution = new ExecutionArn(Desk.Arn(name)),
            Service = "inventory",
            Target = "dev",
            Digest = digest,
            Number = number,
        };
        var file = """
            service: inventory
            targets:
              dev: { account: "111111111111", region: us-east-1 }
            steps:
              a: { stack: a, template: t.yaml }
              b: { stack: b, template: t.yaml, parameters: { P: "${steps.a.outputs.X}" } }
              c: { stack: c, template: t.yaml, parameters: { P: "${steps.b.outputs.X}" } }
              d: { stack: d, template: t.yaml }

            """;
        const string Template = """
            Parameters: { P: { Type: String, Default: x } }
            Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref P } } }
            Outputs: { X: { Value: !Ref T } }

            """;
        var spec = SpecReader.Read(new MemoryFolder(("deployer.yaml", file), ("t.yaml", Template))).Spec!;
        return new DeployedPart(change?.Invoke(record) ?? record, spec.Target("dev")!, StepGraph.Build(spec))
        {
            Own = own,
            Differing = differing,
        };
    }
}
