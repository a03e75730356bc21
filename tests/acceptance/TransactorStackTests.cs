using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>What becomes of a pair when somebody updates its stack beside the deployer.</summary>
public sealed class TransactorStackTests : IDisposable
{
    // https://docs.datomic.com/operation/ha.html: two heartbeats are missed; the first of them is due up to one interval after the last one
    // that a standby saw.
    private static readonly TimeSpan ThreeHeartbeats = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "Image",
        "111111111111.dkr.ecr.us-east-1.amazonaws.com/transactor@sha256:3333333333333333333333333333333333333333333333333333333333333333"
    )]
    [InlineData("Heap", "3g")]
    public async Task Another_image_or_heap_of_the_stack_never_replaces_both_at_once(string parameter, string value)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            var stacks = accounts.Target.Target(OrdersService.Region).CloudFormation;
            var stack = (await stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = "orders-dev-transactor" })).Stacks[0];
            await stacks.UpdateStackAsync(
                new UpdateStackRequest
                {
                    StackName = stack.StackName,
                    UsePreviousTemplate = true,
                    Capabilities = ["CAPABILITY_IAM"],
                    Parameters =
                    [
                        .. stack.Parameters.Select(one =>
                            one.ParameterKey == parameter
                                ? new Parameter { ParameterKey = parameter, ParameterValue = value }
                                : new Parameter { ParameterKey = one.ParameterKey, UsePreviousValue = true }
                        ),
                    ],
                }
            );
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
            var events = (
                await stacks.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack.StackName })
            ).StackEvents;
            events[0].ResourceStatus.Value.ShouldBe("UPDATE_COMPLETE");
            var (first, second) = (At(events, "ServiceA", "UPDATE_COMPLETE"), At(events, "ServiceB", "UPDATE_IN_PROGRESS"));
            second.ShouldBeGreaterThanOrEqualTo(first, "the second service waits until the first one is steady");
        }

        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
        var after = await OrdersService.Writer(service, state);
        after.IsWritable.ShouldBeTrue();
        after.Gaps.Skip(gaps).ShouldAllBe(gap => gap.Length < ThreeHeartbeats);
        after.Gaps.Count.ShouldBeGreaterThan(gaps);

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", state);
        plan.Json.ShouldContain(
            parameter == "Image" ? "orders-dev-a: the image would be" : "orders-dev-a: the heap would be 4g instead of "
        );
    }

    private static DateTime At(List<StackEvent> events, string resource, string status) =>
        events.First(one => one.LogicalResourceId == resource && one.ResourceStatus.Value == status).Timestamp.ShouldNotBeNull();
}
