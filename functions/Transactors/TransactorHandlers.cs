using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>The functions behind the states <c>ReplaceStandby</c>, <c>ReplaceActive</c> and <c>WatchTransactors</c>.</summary>
public sealed class TransactorHandlers(ReplaceStandbyWork standby, ReplaceActiveWork active, WatchWork watch, WaitingTask waiting)
{
    /// <summary>Replaces the transactor that stands by and waits until the new one says that it does.</summary>
    [LambdaFunction(ResourceName = "ReplaceStandbyFunction")]
    public Task<TaskDone> ReplaceStandby(TaskInput input, ILambdaContext context) => waiting.Enter(standby, input, context);

    /// <summary>Replaces the active transactor and waits for the takeover and for the new standby.</summary>
    [LambdaFunction(ResourceName = "ReplaceActiveFunction")]
    public Task<TaskDone> ReplaceActive(TaskInput input, ILambdaContext context) => waiting.Enter(active, input, context);

    /// <summary>Watches the transactors until they have run for a while.</summary>
    [LambdaFunction(ResourceName = "WatchTransactorsFunction")]
    public Task<TaskDone> WatchTransactors(TaskInput input, ILambdaContext context) => waiting.Enter(watch, input, context);
}
