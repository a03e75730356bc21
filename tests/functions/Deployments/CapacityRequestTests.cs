using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

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

    private async Task<string> Refusal(DeploymentRequest request) =>
        (await Should.ThrowAsync<SpecInvalidException>(() => _desk.Requests().Accept(request.Parse()))).Message;
}
