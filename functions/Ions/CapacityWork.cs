using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// Turns a compute group off and on again: the capacity of its Auto Scaling group becomes zero, or what it was before. On means
/// that every instance serves and runs the revision that was released last, which CodeDeploy gives to instances that are launched.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html</remarks>
public sealed class CapacityWork(LedgerTable ledger) : IGroupCapacityWork
{
    private const string Type = "AWS::AutoScaling::AutoScalingGroup";
    private const string Healthy = "Healthy";

    /// <inheritdoc/>
    public string Task => "capacity";

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [StackEvents.Source, IonEvents.Instances];

    /// <summary>As long as a deployment to these nodes may take: each that is launched loads the revision.</summary>
    public TimeSpan Limit(StepRun run) => DeployWork.LimitFor(run.Record.Kept<CapacityProgress>().Nodes ?? 1);

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        var name = run.Text(run.Step<StackStep>().Stack);
        var stack =
            await run.Account.CloudFormation.Find(name)
            ?? throw new GroupNotFoundException($"there is no stack {name} in account {run.Account.Account}, {run.Account.Region}");
        if (stack.StackStatus.Found == StackFound.Wait)
        {
            await run.WaitFor(stack.StackId);
            await run.Save(run.Record with { State = TaskState.Running });
            return new Outcome.Running($"stack {name} is still {stack.StackStatus}");
        }

        var group = await ScalingGroup(run, stack);
        return run.Deployment.Capacity == CapacityChange.Off ? await TurnOff(run, name, group) : await TurnOn(run, name, group);
    }

    private async Task<Outcome> TurnOff(StepRun run, string stack, AutoScalingGroup group)
    {
        var present = Present(group);
        if (present.Desired > 0)
        {
            // Before anything changes, and only then: turned off a second time, a group does not forget what it had.
            await ledger.Put(Key(run, stack), present);
            return await Set(run, group, present with { Min = 0, Desired = 0 }, nodes: present.Desired);
        }

        var left = group.Instances ?? [];
        return left.Count == 0
            ? Done(run, StepAction.Off)
            : new Outcome.Running(
                $"{string.Join(", ", left.Select(instance => $"{instance.InstanceId} is {instance.LifecycleState}"))} "
                    + $"in {group.AutoScalingGroupName}"
            );
    }

    private async Task<Outcome> TurnOn(StepRun run, string stack, AutoScalingGroup group)
    {
        if (Present(group).Desired == 0)
        {
            var before = await ledger.Read(Key(run, stack)) ?? throw CapacityUnknownException.For([group.AutoScalingGroupName], stack);
            await WaitForInstances(run, group);
            return await Set(run, group, before, nodes: before.Desired);
        }

        var serving = (group.Instances ?? []).Count(instance =>
            instance.LifecycleState == LifecycleState.InService && instance.HealthStatus == Healthy
        );
        if (serving < group.DesiredCapacity)
        {
            await WaitForInstances(run, group);
            return new Outcome.Running($"{serving} of {group.DesiredCapacity} instances of {group.AutoScalingGroupName} are in service");
        }

        return !run.Deployment.Remove && await OtherRevision(run, stack) is { } other
            ? new Outcome.Failed(new GroupNotLiveException(other))
            : Done(run, StepAction.On);
    }

    /// <summary>
    /// What runs in the group where that is not the revision that was released last; <see langword="null"/> when it is, or none was.
    /// </summary>
    private static async Task<string?> OtherRevision(StepRun run, string stack)
    {
        foreach (var step in run.Source.Spec.Steps.OfType<IonsStep>().Where(step => run.Evaluate(step.Group).Value == stack))
        {
            if (run.Released.GetValueOrDefault(step.Name)?.Kept<ReleasedIons>().Name is not { } revision)
            {
                continue;
            }

            var application = IonFiles.Application(run.Source, step).Config.AppName;
            var others = (await new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, application, stack).Revisions())
                .Where(runs => runs.Value != revision)
                .ToList();
            if (others.Count > 0)
            {
                return $"revision {revision} was released last to {stack}, and {IonJudge.Instances(others)}";
            }
        }

        return null;
    }

    private static async Task<Outcome> Set(StepRun run, AutoScalingGroup group, GroupCapacity wanted, int nodes)
    {
        await run.Save(
            run.Record.Keep<CapacityProgress>(kept => kept with { Nodes = nodes }) with
            {
                Resource = group.AutoScalingGroupName,
                State = TaskState.Running,
            }
        );
        try
        {
            await run.Account.AutoScaling.UpdateAutoScalingGroupAsync(
                new UpdateAutoScalingGroupRequest
                {
                    AutoScalingGroupName = group.AutoScalingGroupName,
                    MinSize = wanted.Min,
                    DesiredCapacity = wanted.Desired,
                    MaxSize = wanted.Max,
                }
            );
        }
        catch (Exception exception) when (exception is ScalingActivityInProgressException or ResourceContentionException)
        {
            throw new NotYetException($"{group.AutoScalingGroupName} cannot be changed just now: {exception.Message}");
        }

        return new Outcome.Running($"{group.AutoScalingGroupName} is to have {wanted.Desired} instances");
    }

    private static Task WaitForInstances(StepRun run, AutoScalingGroup group) =>
        run.WaitFor(IonEvents.Scaling(run.Account.Account, run.Account.Region, group.AutoScalingGroupName));

    private static async Task<AutoScalingGroup> ScalingGroup(StepRun run, Stack stack)
    {
        var names = (await run.Account.CloudFormation.Resources(stack.StackId))
            .Where(resource => resource.ResourceType == Type)
            .Select(resource => resource.PhysicalResourceId)
            .ToList();
        if (names is not [var name])
        {
            throw new GroupNotFoundException(
                $"stack {stack.StackName} has "
                    + $"{(names.Count == 0 ? "no Auto Scaling group" : string.Join(" and ", names))}; a compute group has one"
            );
        }

        var described = await run.Account.AutoScaling.DescribeAutoScalingGroupsAsync(
            new DescribeAutoScalingGroupsRequest { AutoScalingGroupNames = [name] }
        );
        return described.AutoScalingGroups?.SingleOrDefault()
            ?? throw new GroupNotFoundException($"the Auto Scaling group {name} of stack {stack.StackName} no longer exists");
    }

    private static LedgerKey<GroupCapacity> Key(StepRun run, string stack) =>
        GroupCapacity.Key(run.Deployment.Service, run.Deployment.Target, stack);

    private static GroupCapacity Present(AutoScalingGroup group) => new(group.MinSize ?? 0, group.DesiredCapacity ?? 0, group.MaxSize ?? 0);

    private static Outcome.Succeeded Done(StepRun run, StepAction action) => new(run.Record.Resource is null ? StepAction.None : action);
}
