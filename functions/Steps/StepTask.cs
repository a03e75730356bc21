using Deployer.Functions.Errors;
using Deployer.Functions.Lock;

namespace Deployer.Functions.Steps;

/// <summary>One entry of a task of a step: opens its work, and writes down why it failed before the failure leaves the function.</summary>
public sealed class StepTask(StepRuns runs, TargetLock targetLock, Failures failures)
{
    /// <summary>Does what looks, or makes sure of the lock itself.</summary>
    /// <param name="input">What the state machine handed in.</param>
    /// <param name="task">Which of the step's tasks it is.</param>
    /// <param name="work">What is done.</param>
    public async Task<T> Run<T>(TaskInput input, string task, Func<StepRun, Task<T>> work)
    {
        using var run = await failures.Recorded(input.Deployment, input.RedriveCount, () => runs.Enter(input, task));
        DeployerException failure;
        try
        {
            return await work(run);
        }
        catch (Exception exception)
        {
            failure = Failure.Translate(exception, run.Secrets);
        }

        failure.Hide(run.Secrets);
        if (!failure.IsTransient)
        {
            await failures.Record(run, input.RedriveCount, failure);
        }

        throw failure;
    }

    /// <summary>Does what may change the target: only as the owner of its lock.</summary>
    /// <inheritdoc cref="Run{T}"/>
    /// <exception cref="TargetBusyException">A deployment that is still running holds the lock.</exception>
    /// <exception cref="SupersededException">A newer deployment has already changed things.</exception>
    public Task<T> RunLocked<T>(TaskInput input, string task, Func<StepRun, Task<T>> work) =>
        Run(
            input,
            task,
            async run =>
            {
                await targetLock.Ensure(run.Deployment, input.RedriveCount);
                return await work(run);
            }
        );
}
