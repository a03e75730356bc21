using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>The functions behind the states <c>PrepareStack</c> and <c>UpdateStack</c>.</summary>
public sealed class StackHandlers(StackWork work, StepRuns runs, TargetLock targetLock, WaitingTask waiting, Failures failures)
{
    /// <summary>Packages the template and makes its change set.</summary>
    [LambdaFunction(ResourceName = "PrepareStackFunction")]
    public async Task<TaskDone> PrepareStack(TaskInput input, ILambdaContext context)
    {
        using var run = await failures.Recorded(input.Deployment, () => runs.Enter(input, work.Task));
        try
        {
            await targetLock.Ensure(run.Deployment);
            await work.Prepare(run);
            return new TaskDone(run.Record.Action ?? "none");
        }
        catch (DeployerException exception) when (!exception.IsTransient)
        {
            await failures.Record(run, exception);
            throw;
        }
    }

    /// <summary>Executes the change set and waits until the stack has settled.</summary>
    [LambdaFunction(ResourceName = "UpdateStackFunction")]
    public Task<TaskDone> UpdateStack(TaskInput input, ILambdaContext context) => waiting.Enter(work, input, context);
}
