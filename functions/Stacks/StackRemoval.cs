using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Deletes a stack of a development instance, waits until it is gone, and removes what was published of it.</summary>
public sealed class StackRemoval(Settings settings, LedgerTable ledger) : IStepWork
{
    /// <summary>The branch of the machine <c>deploy</c> that deletes a stack.</summary>
    public const string Branch = "removal";

    /// <inheritdoc/>
    public string Task => "remove";

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [StackEvents.Ends];

    /// <summary>
    /// Network interfaces of Lambda functions may keep a stack for two hours (https://docs.datomic.com/operation/deleting.html).
    /// </summary>
    public TimeSpan Limit(StepRun run) => TimeSpan.FromMinutes(150);

    /// <inheritdoc/>
    public Task<Outcome> Advance(StepRun run) => StackSecrets.HiddenFrom(run, settings, () => Remove(run));

    private async Task<Outcome> Remove(StepRun run)
    {
        var cloudFormation = run.Account.CloudFormation;
        var stack = await cloudFormation.Find(
            run.Record.Resource ?? run.Record.Kept<StackProgress>().Stack ?? run.Text(run.Step<StackStep>().Stack)
        );
        if (run.Record.Resource is null && stack is not null)
        {
            stack = await run.WaitAndLookAgain(stack);
        }

        if (stack is null && run.Record.Kept<StackProgress>().Stack is { } known)
        {
            // By its id a deleted stack is described too: this answer is older than the stack.
            return new Outcome.Running($"the stack {known} is not described");
        }

        if (stack is null || stack.StackStatus == StackStatus.DELETE_COMPLETE)
        {
            await Forget(run, stack);
            return new Outcome.Succeeded(run.Record.Kept<StackProgress>().Stack is null ? StepAction.None : StepAction.Removed);
        }

        if (run.Record.Resource is null)
        {
            if (stack.StackStatus.Found == StackFound.Wait && run.Record.Kept<StackProgress>().Stack is null)
            {
                await run.Save(run.Record with { State = TaskState.Running });
                return new Outcome.Running(
                    $"stack {stack.StackName} is still {stack.StackStatus}, by an operation that is not this deployment's"
                );
            }

            await Begin(run, stack);
            return new Outcome.Running($"stack {stack.StackName} is being deleted");
        }

        return stack.StackStatus == StackStatus.DELETE_FAILED && await cloudFormation.CameToItsStatus(stack, run.RequestToken)
            ? new Outcome.Failed(
                new StackFailedException(
                    $"{await StackCause.Explain(cloudFormation, stack, run.RequestToken)}; remove what holds it, then redrive"
                )
            )
            : new Outcome.Running($"stack {stack.StackName} is still {stack.StackStatus}");
    }

    private async Task Begin(StepRun run, Stack stack)
    {
        if (stack.EnableTerminationProtection == true)
        {
            throw new StackFailedException($"stack {stack.StackName} is protected from termination; turn the protection off, then redrive");
        }

        // Written down first: found again being deleted, it is this deployment's.
        await run.Save(run.Record.Keep<StackProgress>(kept => kept with { Stack = stack.StackId }));
        await run
            .Account.CloudFormation.DeleteStackAsync(
                new DeleteStackRequest
                {
                    StackName = stack.StackId,
                    ClientRequestToken = run.RequestToken,
                    RoleARN = settings.CloudFormationRole(run.Target.Account),
                }
            )
            .ReportRefusal(stack.StackName);
        await run.Save(run.Record with { Resource = stack.StackId, State = TaskState.Running });
    }

    /// <summary>What a template keeps on purpose stays, and is reported.</summary>
    private async Task Forget(StepRun run, Stack? stack)
    {
        if (
            stack is not null
            && run.Record.Kept<StackProgress>().Stack is not null
            && await run.Account.CloudFormation.HeldResources(stack.StackId) is { Count: > 0 } kept
        )
        {
            await run.Save(
                run.Record with
                {
                    Notices = [$"stack {stack.StackName} is deleted; its template keeps {string.Join(", ", kept)}"],
                }
            );
        }

        await ledger.Delete(GroupCapacity.Key(run.Deployment.Service, run.Deployment.Target, run.Text(run.Step<StackStep>().Stack)));
        if (run.LastRelease is not { } released)
        {
            return;
        }

        if (run.Step<StackStep>().Publish is { } publish)
        {
            var path = run.Text(publish).TrimEnd('/');
            foreach (var some in released.Outputs.Keys.Select(output => $"{path}/{output}").Chunk(10))
            {
                await run.Account.Parameters.DeleteParametersAsync(new DeleteParametersRequest { Names = [.. some] });
            }
        }

        await ledger.Delete(ReleasedStep.Key(run.Deployment.Service, run.Deployment.Target, run.Name));
    }
}
