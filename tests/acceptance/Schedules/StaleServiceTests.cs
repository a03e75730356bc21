using Amazon.ECS;
using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// ECS answers as it stood before the deployer's own request: its API follows an eventual consistency model
/// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html).
/// </summary>
public sealed class StaleServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_service_that_is_described_as_before_its_update_is_neither_deployed_nor_replaced()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        var file = await Scheduled.Write(
            _folder.Path,
            """
            schedule:
              - when: { request: 1, of: DeployService, operation: ecs:UpdateService }
                do: { readStale: { operation: ecs:DescribeServices, for: 59s } }
            """
        );

        var rehearsed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state, "--schedule", file);

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        // Done means that something was read while it was stale.
        rehearsed.Report.People!.ShouldHaveSingleItem().Outcome.ShouldBe(ActOutcome.Done);
        rehearsed.Count("UpdateService").ShouldBe(1);
        rehearsed.ShouldLeaveNothingBehind();
        var found = await ContainerService.Find(service, state);
        var deployment = found.Deployments.ShouldHaveSingleItem();
        deployment.RolloutState.ShouldBe(DeploymentRolloutState.COMPLETED);
        (await Ended(service, state, rehearsed, "DeployService")).ShouldBeGreaterThan(deployment.UpdatedAt!.Value);
    }

    /// <summary>A revision that is not visible yet is registered once more at most, and the service runs what was wanted.</summary>
    [Fact]
    public async Task A_task_definition_that_is_described_as_before_ends_no_deployment()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        var file = await Scheduled.Write(
            _folder.Path,
            """
            schedule:
              - when: { request: 1, of: DeployService, operation: ecs:RegisterTaskDefinition }
                do: { readStale: { operation: ecs:DescribeTaskDefinition, for: 59s } }
              - when: { request: 1, of: DeployService, operation: ecs:RegisterTaskDefinition }
                do: kill
            """
        );

        var rehearsed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state, "--schedule", file);

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        rehearsed.ShouldLeaveNothingBehind();
        (await ContainerService.Find(service, state)).Deployments.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("ReplaceStandby", "ecs:DescribeServices")]
    [InlineData("ReplaceActive", "ecs:DescribeServices")]
    [InlineData("ReplaceStandby", "ecs:ListTasks")]
    [InlineData("ReplaceActive", "ecs:ListTasks")]
    [InlineData("ReplaceStandby", "ecs:DescribeTasks")]
    [InlineData("ReplaceActive", "ecs:DescribeTasks")]
    public async Task Transactors_whose_services_and_tasks_are_read_as_before_are_each_replaced_once(string function, string operation)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);
        var file = await Scheduled.Write(
            _folder.Path,
            $$"""
            schedule:
              - when: { request: 1, of: {{function}}, operation: ecs:UpdateService }
                do: { readStale: { operation: "{{operation}}", for: 59s } }
            """
        );

        var rehearsed = await OrdersService.Rehearse(service, state, "--schedule", file);

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        rehearsed.Report.People!.ShouldHaveSingleItem().Outcome.ShouldBe(ActOutcome.Done);
        rehearsed.Count("UpdateService").ShouldBe(2);
        rehearsed.ShouldLeaveNothingBehind();
        var after = await OrdersService.Writer(service, state);
        after.IsWritable.ShouldBeTrue();
        after.Gaps.Count.ShouldBe(gaps + 1, "the active transactor was replaced once");
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
    }

    /// <summary>When the task that waits for a service ended.</summary>
    private static async Task<DateTime> Ended(string service, string state, CommandResult result, string task)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        return (await accounts.History(result.Report.Deployment!))
            .Last(happened => happened.Type == HistoryEventType.TaskStateExited && happened.StateExitedEventDetails.Name == task)
            .Timestamp!.Value;
    }
}
