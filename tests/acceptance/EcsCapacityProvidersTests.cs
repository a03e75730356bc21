using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>An ECS service whose tasks Fargate's capacity providers place, by a strategy of its own.</summary>
public sealed class EcsCapacityProvidersTests : IDisposable
{
    private const string Strategy = "[{ CapacityProvider: FARGATE, Base: 1, Weight: 1 }, { CapacityProvider: FARGATE_SPOT, Weight: 1 }]";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_deployed_once_and_the_same_again_is_nothing_to_do()
    {
        var service = await ContainerService.Write(
            _folder.Path,
            from: "      LaunchType: FARGATE\n",
            to: $"      CapacityProviderStrategy: {Strategy}\n"
        );
        var state = Path.Combine(_folder.Path, "state");
        await SmallService.Change(
            service,
            "accounts/containers.yaml",
            "Properties: { ClusterName: !Sub \"inventory-${Target}\" }",
            "Properties: { ClusterName: !Sub \"inventory-${Target}\", CapacityProviders: [FARGATE, FARGATE_SPOT] }"
        );

        var first = await ContainerService.Rehearse(service, state);
        var runs = await ContainerService.Find(service, state);
        var again = await ContainerService.Rehearse(service, state);
        await ContainerService.AnotherCommit(service);
        var next = await ContainerService.Rehearse(service, state);

        first.ExitCode.ShouldBe(0, first.Terminal);
        first.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("web", StepAction.Released)]);
        runs.LaunchType.ShouldBeNull();
        runs.CapacityProviderStrategy.Select(one => one.CapacityProvider).ShouldBe(["FARGATE", "FARGATE_SPOT"]);
        runs.Deployments.ShouldHaveSingleItem().RunningCount.ShouldBe(2);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
        (again.Count("RegisterTaskDefinition"), again.Count("UpdateService")).ShouldBe((0, 0));
        next.Report.Verdict.ShouldBe(Verdict.Succeeded, next.Terminal);
        (await ContainerService.Described(service, state)).ShouldEndWith("task-definition/inventory-dev-web:3 COMPLETED 2/2");
        (await ContainerService.Find(service, state))
            .CapacityProviderStrategy.Select(one => one.CapacityProvider)
            .ShouldBe(["FARGATE", "FARGATE_SPOT"], "the deployment leaves it as it is");
    }
}
