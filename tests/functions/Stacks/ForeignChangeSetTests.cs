using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>Somebody else's change set is executed between the making and the execution of this deployment's.</summary>
public sealed class ForeignChangeSetTests
{
    [Fact]
    public async Task A_change_set_that_somebody_elses_execution_removed_is_not_one_that_was_executed()
    {
        const string Template = "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: one } } }";
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(Template);
        simulated.Bench.Folder.With("api.yaml", Template.Replace("one", "two", StringComparison.Ordinal));
        simulated.Bench.Begin("two", "template: api.yaml");
        await simulated.Prepare();
        await simulated.ExecuteByHand(Template.Replace("one", "three", StringComparison.Ordinal));

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldContain(
            "is gone, and no event of stack inventory-dev-api is of this deployment"
        );

        (await simulated.Bench.Desk.Ledger.Read(ReleasedStep.Key("inventory", "dev", "api"))).ShouldBeNull();
    }
}
