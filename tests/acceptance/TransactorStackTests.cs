using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

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

        var plan = await OrdersService.Plan(service, state);
        plan.Json.ShouldContain(
            parameter == "Image" ? "orders-dev-a: the image would be" : "orders-dev-a: the heap would be 4g instead of "
        );
    }

    [Fact]
    public async Task A_memory_that_is_too_small_for_the_heap_that_the_stack_keeps_is_refused_by_the_plan_and_changes_nothing()
    {
        const string Step = """
              system:
                stack: inventory-${target}-system
                template: stacks/system.yaml
                parameters: { Memory: 6144, Heap: 4g }
            """;
        const string Template = """
            Parameters:
              Memory: { Type: String, Default: "6144" }
              Heap: { Type: String, Default: 2g }
            Resources:
              Definition:
                Type: AWS::ECS::TaskDefinition
                Properties:
                  Family: inventory-system
                  RequiresCompatibilities: [FARGATE]
                  NetworkMode: awsvpc
                  Cpu: "1024"
                  Memory: !Ref Memory
                  ContainerDefinitions:
                    - Name: transactor
                      Image: public.ecr.aws/docker/library/busybox:1
                      Environment: [{ Name: DATOMIC_HEAP, Value: !Ref Heap }]
            """;
        const string Refused = "the heap of 4g is 133 % of the task's 3072 MiB, and the JVM needs memory beside it";
        var (service, state) = (CommandLine.CopyInventory(_folder.Path), Path.Combine(_folder.Path, "state"));
        await File.WriteAllTextAsync(Path.Combine(service, "stacks", "system.yaml"), Template, TestContext.Current.CancellationToken);
        await SmallService.WriteAlone(service, Step);
        await SmallService.AllowCloudFormation(service, "ecs:*");
        var made = await OrdersService.Rehearse(service, state);
        made.Report.Verdict.ShouldBe(Verdict.Succeeded, made.Report.Cause ?? made.Terminal);
        await SmallService.Change(service, "deployer.yaml", "{ Memory: 6144, Heap: 4g }", "{ Memory: 3072 }");

        var plan = await OrdersService.Plan(service, state);
        var failed = await OrdersService.Rehearse(service, state);

        plan.ExitCode.ShouldBe(1, plan.Terminal);
        plan.Json.ShouldContain("SpecInvalidException: stacks/system.yaml:16:");
        plan.Json.ShouldContain(Refused);
        failed.Report.Error.ShouldBe("SpecInvalidException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain(Refused);
        failed.Count("ExecuteChangeSet").ShouldBe(0);
    }

    private static DateTime At(List<StackEvent> events, string resource, string status) =>
        events.First(one => one.LogicalResourceId == resource && one.ResourceStatus.Value == status).Timestamp.ShouldNotBeNull();
}
