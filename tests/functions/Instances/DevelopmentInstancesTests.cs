using Amazon.StepFunctions.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Instances;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.Instances;

public sealed class DevelopmentInstancesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Expiry = new(2100, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private Desk _desk = null!;
    private DevelopmentInstances _instances = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _instances = new DevelopmentInstances(_desk, _desk.Settings, _desk.Ledger, _desk.Executions);
        _desk.StepFunctions.StartExecutionAsync(default!, default).ReturnsForAnyArgs(call => new StartExecutionResponse { ExecutionArn = $"arn:{call.Arg<StartExecutionRequest>().Name}" });
        await List("x", Expiry);
        await List("y", Expiry.AddHours(1));
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task None_is_removed_before_its_time() => (await _instances.RemoveExpired(Expiry.AddSeconds(-1))).ShouldBeEmpty();

    [Fact]
    public async Task One_that_has_expired_is_removed_by_an_execution_named_for_its_expiry()
    {
        (await _instances.RemoveExpired(Expiry)).ShouldBe([$"arn:inventory-dev-x-expired-{Expiry.ToUnixTimeSeconds()}"]);

        await _desk.StepFunctions.Received(1).StartExecutionAsync(
            Arg.Is<StartExecutionRequest>(request => request.Input == """{"service":"inventory","target":"dev","by":"expiry","instance":"x","remove":true}"""), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_removal_that_was_started_is_not_started_again_and_holds_up_no_other()
    {
        _desk.StepFunctions.StartExecutionAsync(Arg.Is<StartExecutionRequest>(request => request.Name.Contains("dev-x", StringComparison.Ordinal)), Arg.Any<CancellationToken>())
            .ThrowsAsync(new ExecutionAlreadyExistsException("it is there"));

        (await _instances.RemoveExpired(Expiry.AddDays(1))).ShouldBe([$"arn:inventory-dev-y-expired-{Expiry.AddHours(1).ToUnixTimeSeconds()}"]);
    }

    [Fact]
    public async Task What_is_forgotten_is_not_listed_any_more()
    {
        await _instances.Forget("inventory", "dev-x", ["group"]);

        (await DevelopmentInstances.Of(_desk.Ledger, "inventory", "dev-")).Select(found => found.Instance).ShouldBe(["y"]);
    }

    private Task List(string instance, DateTimeOffset expires) => _desk.Ledger.Put(Ledger.InstanceKey("inventory", $"dev-{instance}"), Documents.Default.InstanceRecord, new InstanceRecord
    {
        Service = "inventory", Declared = "dev", Instance = instance, Target = $"dev-{instance}", Digest = "digest", Expires = expires,
    });
}
