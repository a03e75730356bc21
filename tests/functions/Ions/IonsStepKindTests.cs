using Amazon.CodeDeploy;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Ions;

/// <summary>What a plan of ions looks at.</summary>
public sealed class IonsStepKindTests
{
    /// <summary>A revision that somebody deploys by hand makes a plan stale; that an instance was replaced does not.</summary>
    [Fact]
    public async Task What_a_plan_looks_at_are_the_revisions_that_the_groups_instances_run()
    {
        await using var desk = await Desk.Open();
        var group = new SimulatedGroup { Code = DeploymentStatus.Succeeded };
        var wanted = new LiveFact("group inventory-dev", $"runs {SimulatedGroup.Wanted}");
        (await Facts(desk, group)).ShouldBe([wanted]);

        group.InService = ["i-1"];
        (await Facts(desk, group)).ShouldBe([wanted]);

        group.Code = DeploymentStatus.Failed;
        (await Facts(desk, group)).ShouldNotBe([wanted]);

        group.InService = [];
        (await Facts(desk, group)).ShouldBe([new LiveFact("group inventory-dev", "no instances")]);
    }

    /// <summary>The group is an output of a stack that the plan makes.</summary>
    [Fact]
    public async Task A_group_that_is_not_known_yet_is_not_looked_at()
    {
        await using var desk = await Desk.Open();

        (await Facts(desk, new SimulatedGroup(), "\"${steps.group.outputs.CodeDeployDeploymentGroup}\"")).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<LiveFact>> Facts(Desk desk, SimulatedGroup group, string name = "inventory-dev")
    {
        var run = desk.Run(
            IonFolder.With(
                $$"""

                  group:
                    stack: inventory-dev
                    kind: datomic-query-group
                    template: "https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json"
                  ions: { ions: ions, group: {{name}} }
                """
            ),
            new TaskRecord
            {
                Deployment = new("one"),
                Step = "ions",
                Task = "deploy",
                Kind = "ions",
            },
            group.Account
        );
        return await new IonsStepKind(null!, null!, null!, null!).ReadLiveFacts(run);
    }
}
