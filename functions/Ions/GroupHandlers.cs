using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The function behind the state <c>ChangeCapacity</c>.</summary>
public sealed class GroupHandlers(CapacityWork capacity, WaitingTask waiting)
{
    /// <summary>Turns a compute group on or off and waits until it is.</summary>
    [LambdaFunction(ResourceName = "ChangeCapacityFunction")]
    public Task<TaskDone> ChangeCapacity(TaskInput input, ILambdaContext context) => waiting.Enter(capacity, input, context);
}
