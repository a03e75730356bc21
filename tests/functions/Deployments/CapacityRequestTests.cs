using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Deployments;

public sealed class CapacityRequestTests : IAsyncLifetime
{
    private static readonly DeploymentRequest Off = new("inventory", "dev", Capacity: "off");

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Groups_can_be_on_and_off_only() =>
        (await Refusal(Off with { Capacity = "half" })).ShouldBe("'capacity' is 'half'; expected one of on, off");

    [Fact]
    public async Task A_change_of_capacity_deploys_nothing()
    {
        (await Refusal(Off with { Source = new SourceObject("bucket", "key") })).ShouldContain(
            "expected neither 'source' nor 'rollbackTo' beside it"
        );
        (await Refusal(Off with { RollbackTo = "0123456" })).ShouldContain("expected neither 'source' nor 'rollbackTo' beside it");
    }

    [Fact]
    public async Task What_was_never_deployed_has_no_groups_that_are_known() =>
        (await Refusal(Off)).ShouldStartWith("this deployer has not deployed inventory to dev yet");

    [Fact]
    public async Task A_service_without_a_capacity_is_refused_with_what_has_one_by_every_kind()
    {
        await using var bench = await QueueBench.Open(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    """
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps: { network: { stack: "network-${target}", template: network.yaml } }
                    """
                ),
                ("network.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
            )
        );
        await bench.Desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", "network"),
            new ReleasedStep
            {
                Deployment = bench.Deployment.Deployment,
                Inputs = "digest",
                Resource = "arn",
            }
        );

        var refused = await Should.ThrowAsync<SpecInvalidException>(() => bench.Get<Requests>().Accept(Off.Parse()));

        refused.Message.ShouldContain(
            "deployer.yaml has no step whose capacity could be changed; "
                + "expected a compute group (kind datomic-compute or datomic-query-group) or a queue"
        );
    }

    private async Task<string> Refusal(DeploymentRequest request) =>
        (await Should.ThrowAsync<SpecInvalidException>(() => _desk.Requests().Accept(request.Parse()))).Message;
}
