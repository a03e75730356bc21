using Amazon.StepFunctions.Model;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.DevelopmentInstances;

public sealed class InstanceRegistryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Expiry = new(2100, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private Desk _desk = null!;
    private InstanceRegistry _instances = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _instances = new InstanceRegistry(_desk.Settings, _desk.Ledger, _desk.Executions);
        _desk
            .StepFunctions.StartExecutionAsync(default!, default)
            .ReturnsForAnyArgs(call => new StartExecutionResponse { ExecutionArn = $"arn:{call.Arg<StartExecutionRequest>().Name}" });
        await _desk.ListInstance("x", Expiry);
        await _desk.ListInstance("y", Expiry.AddHours(1));
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task None_is_removed_before_its_time() => (await RemoveExpired(Expiry.AddSeconds(-1))).ShouldBeEmpty();

    [Fact]
    public async Task One_that_has_expired_is_removed_by_an_execution_named_for_its_expiry()
    {
        (await RemoveExpired(Expiry)).ShouldBe([new($"arn:inventory-dev-x-expired-{Expiry.ToUnixTimeSeconds()}")]);

        await _desk
            .StepFunctions.Received(1)
            .StartExecutionAsync(
                Arg.Is<StartExecutionRequest>(request =>
                    request.Input
                    == """{"service":"inventory","target":"dev","by":"expiry","instance":"x","remove":true,"""
                        + "\"expired\":\"2100-01-02T03:04:05+00:00\"}"
                ),
                Arg.Any<CancellationToken>()
            );
    }

    [Fact]
    public async Task A_removal_that_was_started_is_not_started_again_and_holds_up_no_other()
    {
        _desk
            .StepFunctions.StartExecutionAsync(
                Arg.Is<StartExecutionRequest>(request => request.Name.Contains("dev-x", StringComparison.Ordinal)),
                Arg.Any<CancellationToken>()
            )
            .ThrowsAsync(new ExecutionAlreadyExistsException("it is there"));

        (await RemoveExpired(Expiry.AddDays(1))).ShouldBe([new($"arn:inventory-dev-y-expired-{Expiry.AddHours(1).ToUnixTimeSeconds()}")]);
    }

    [Fact]
    public async Task What_is_forgotten_is_not_listed_any_more()
    {
        await _instances.Forget(Removal("dev-x", number: 2));

        (await _desk.Ledger.Query(InstanceRecord.WithPrefix("inventory", "dev-"))).Select(found => found.Instance).ShouldBe(["y"]);
    }

    [Fact]
    public async Task One_that_waits_to_be_deployed_again_stays_listed()
    {
        await _instances.Forget(Removal("dev-x", number: 1));

        (await _desk.Ledger.Query(InstanceRecord.WithPrefix("inventory", "dev-x"))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_was_deployed_again_is_not_removed_for_its_former_expiry()
    {
        var removal = (ParsedRequest.RemoveInstance)
            new DeploymentRequest("inventory", "dev", Instance: "x", Remove: true, Expired: Expiry).Parse();
        (await _instances.Find(removal)).Target.ShouldBe("dev-x");

        await _desk.ListInstance("x", Expiry.AddDays(3));
        (await Should.ThrowAsync<SupersededException>(() => _instances.Find(removal))).Message.ShouldBe(
            "the development instance 'x' of inventory in target 'dev' was deployed again and stays until 2100-01-05 03:04:05Z"
        );
    }

    private async Task<IReadOnlyList<ExecutionArn>> RemoveExpired(DateTimeOffset now)
    {
        var started = new List<ExecutionArn>();
        foreach (var expired in await _instances.Expired(now))
        {
            if (await _instances.Remove(expired) is { } removal)
            {
                started.Add(removal);
            }
        }

        return started;
    }

    private static DeploymentRecord Removal(string target, long number) =>
        new()
        {
            Deployment = new("removal"),
            Execution = new("arn"),
            Service = "inventory",
            Target = target,
            Remove = true,
            Digest = "digest",
            Number = number,
        };
}
