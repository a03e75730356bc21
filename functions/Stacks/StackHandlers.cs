using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Logs;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>The functions behind the states <c>PrepareStack</c>, <c>UpdateStack</c> and <c>RemoveStack</c>.</summary>
public sealed class StackHandlers(StackWork work, StackRemoval removal, StepTask task, WaitingTask waiting)
{
    /// <summary>Packages the template and makes its change set.</summary>
    [LambdaFunction(ResourceName = "PrepareStackFunction")]
    public Task<TaskDone> PrepareStack(TaskInput input, ILambdaContext context)
    {
        var scope = input.LogScope(work.Task);
        return context.Logged(
            scope,
            () =>
                task.RunLocked(
                    input,
                    work.Task,
                    async run =>
                    {
                        scope.Account = run.Target.Account;
                        return new TaskDone(await work.Prepare(run) is null ? TaskOutcome.Succeeded : TaskOutcome.Running);
                    }
                ),
            done => $"prepared: {done.Outcome}"
        );
    }

    /// <summary>Executes the change set and waits until the stack has settled.</summary>
    [LambdaFunction(ResourceName = "UpdateStackFunction")]
    public Task<TaskDone> UpdateStack(TaskInput input, ILambdaContext context) => waiting.Enter(work, input, context);

    /// <summary>Deletes a development instance's stack and waits until it is gone.</summary>
    [LambdaFunction(ResourceName = "RemoveStackFunction")]
    public Task<TaskDone> RemoveStack(TaskInput input, ILambdaContext context) => waiting.Enter(removal, input, context);
}
