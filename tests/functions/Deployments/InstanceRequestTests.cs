using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Tests.Deployments;

public sealed class InstanceRequestTests : IAsyncLifetime
{
    private static readonly DeploymentRequest Remove = new("inventory", "dev", Instance: "x", Remove: true);

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Only_an_instance_is_removed_and_as_a_whole()
    {
        (await Refusal(Remove with { Instance = null })).ShouldStartWith(
            "only a development instance is removed, and as a whole; expected {"
        );
        (await Refusal(Remove with { Steps = ["group"] })).ShouldStartWith(
            "only a development instance is removed, and as a whole; expected {"
        );
        (await Refusal(Remove with { RollbackTo = "0123456" })).ShouldStartWith(
            "only a development instance is removed, and as a whole; expected {"
        );
    }

    [Fact]
    public async Task An_instance_that_is_not_listed_is_refused_with_those_that_are()
    {
        (await Refusal(Remove)).ShouldBe("there is no development instance 'x' of inventory in target 'dev'; there is none at all");

        await _desk.Ledger.Put(
            InstanceRecord.Key("inventory", "dev-y"),
            new InstanceRecord
            {
                Service = "inventory",
                Declared = "dev",
                Instance = "y",
                Target = "dev-y",
                Number = 1,
                Digest = "digest",
                Expires = new DateTimeOffset(2100, 1, 2, 3, 4, 5, TimeSpan.Zero),
            }
        );
        (await Refusal(Remove)).ShouldEndWith("expected one of y in dev (until 2100-01-02 03:04:05Z)");
    }

    /// <summary>Its revisions are known, and its steps are gone.</summary>
    [Fact]
    public async Task One_that_was_removed_is_neither_gone_back_in_nor_turned_on()
    {
        const string Gone = "there is no development instance 'x' of inventory in target 'dev'; there is none at all";

        (await Refusal(new DeploymentRequest("inventory", "dev", Instance: "x", RollbackTo: "0123456"))).ShouldBe(Gone);
        (await Refusal(new DeploymentRequest("inventory", "dev", Instance: "x", Capacity: "on"))).ShouldBe(Gone);
    }

    private async Task<string> Refusal(DeploymentRequest request) =>
        (await Should.ThrowAsync<SpecInvalidException>(() => _desk.Requests().Accept(request.Parse()))).Message;
}
