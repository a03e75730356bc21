using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// The reads that AWS calls eventually consistent, or of which it promises nothing: now and then they answer as if what was written last
/// had not been written yet. The documents stand beside the durations.
/// </summary>
internal static class EventualReads
{
    private static readonly Dictionary<(string Service, string Operation), SimulatedDuration> Lags = new()
    {
        [("cloudformation", "DescribeStacks")] = Durations.StackReadLag,
        [("cloudformation", "ListStacks")] = Durations.StackReadLag,
        [("codedeploy", "ListDeployments")] = Durations.DeploymentListLag,
        [("dynamodb", "BatchGetItem")] = Durations.ItemReadLag,
        [("dynamodb", "DescribeTable")] = Durations.TableReadLag,
        [("dynamodb", "GetItem")] = Durations.ItemReadLag,
        [("dynamodb", "Query")] = Durations.ItemReadLag,
        [("dynamodb", "Scan")] = Durations.ItemReadLag,
        [("ec2", "DescribeInstances")] = Durations.NetworkReadLag,
        [("ec2", "DescribeSubnets")] = Durations.NetworkReadLag,
        [("ec2", "DescribeVpcEndpoints")] = Durations.NetworkReadLag,
        [("ecs", "DescribeClusters")] = Durations.ContainerReadLag,
        [("ecs", "DescribeServices")] = Durations.ContainerReadLag,
        [("ecs", "DescribeTaskDefinition")] = Durations.ContainerReadLag,
        [("ecs", "DescribeTasks")] = Durations.ContainerReadLag,
        [("ecs", "ListTasks")] = Durations.ContainerReadLag,
        [("iam", "GetPolicy")] = Durations.PolicyLag,
        [("iam", "GetPolicyVersion")] = Durations.PolicyLag,
        [("iam", "GetRole")] = Durations.PolicyLag,
        [("iam", "GetRolePolicy")] = Durations.PolicyLag,
        [("iam", "ListAttachedRolePolicies")] = Durations.PolicyLag,
        [("iam", "ListRolePolicies")] = Durations.PolicyLag,
        [("iam", "SimulatePrincipalPolicy")] = Durations.PolicyLag,
        [("states", "DescribeActivity")] = Durations.ExecutionReadLag,
        [("states", "DescribeExecution")] = Durations.ExecutionReadLag,
        [("states", "ListExecutions")] = Durations.ExecutionReadLag,
        [("states", "DescribeStateMachine")] = Durations.ExecutionReadLag,
        [("states", "DescribeStateMachineForExecution")] = Durations.ExecutionReadLag,
        [("states", "ListActivities")] = Durations.ExecutionReadLag,
        [("states", "ListStateMachines")] = Durations.ExecutionReadLag,
        [("tagging", "GetResources")] = Durations.TagReadLag,
    };

    /// <summary>Those whose answers may be behind, such as <c>cloudformation:DescribeStacks</c>.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [.. Lags.Keys.Select(read => $"{read.Service}:{read.Operation}").Order(StringComparer.Ordinal)];

    /// <summary>Answers a call of an operation; when it is one of these, as of a moment that may lie back.</summary>
    /// <param name="call">The call, its operation known.</param>
    /// <param name="answer">Reads and answers.</param>
    public static T Answer<T>(Call call, Func<T> answer) =>
        !Lags.TryGetValue((call.Service, call.Operation), out var lag) ? answer()
        : StaleReads.In(call.World).Moment(call) is { } moment ? call.World.Store.ReadAsOf(moment, answer)
        : Read(call, call.Service, lag, answer);

    /// <summary>Judges by the roles and policies as they are visible to a call.</summary>
    public static T Judge<T>(Call call, Func<T> judge) => Read(call, "iam", Durations.PolicyLag, judge);

    /// <inheritdoc cref="Judge{T}"/>
    public static void Judge(Call call, Action judge) =>
        Judge(
            call,
            () =>
            {
                judge();
                return true;
            }
        );

    private static T Read<T>(Call call, string of, SimulatedDuration longest, Func<T> read)
    {
        var lag = call.World.Lag(call.ActorKey, of, longest);
        return lag == TimeSpan.Zero ? read() : call.World.Store.ReadAsOf(call.World.Now - lag, read);
    }
}
