using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Brings a stack to its template: a change set, its execution, and the wait until the stack has settled.</summary>
public sealed class StackWork(Settings settings, Sources sources) : IStepWork
{
    /// <inheritdoc/>
    public string Task => "stack";

    /// <inheritdoc/>
    public TimeSpan Heartbeat => TimeSpan.FromSeconds(300);

    /// <summary>A Datomic stack takes up to 25 minutes (Datomic's documentation); the rest is for clean-up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(40);

    /// <inheritdoc/>
    public TimeSpan Limit(StepRun run) => LongestWait;

    /// <summary>Makes the change set of this attempt and waits, by trying again, until it can be executed.</summary>
    /// <returns><see langword="null"/> when it can be executed; otherwise what is waited for until it can be made.</returns>
    /// <exception cref="NotYetException">The change set is being made.</exception>
    /// <exception cref="StackFailedException">There can be no change set.</exception>
    public async Task<Outcome.Running?> Prepare(StepRun run)
    {
        if (run.Record.Kept<StackProgress>().Stack is not null || run.Record.State == TaskState.Succeeded)
        {
            return null;
        }

        var cloudFormation = run.Account.CloudFormation;
        if (run.Record.Kept<StackProgress>().ChangeSet is null && await Create(run) is { } busy)
        {
            return busy;
        }

        var changeSet = await cloudFormation.DescribeChangeSetAsync(
            new DescribeChangeSetRequest { ChangeSetName = run.Record.Kept<StackProgress>().ChangeSet }
        );
        StackParameters.HideSecrets(run, changeSet.Parameters);
        if (changeSet.Status == ChangeSetStatus.CREATE_COMPLETE)
        {
            var review = await StackReview.Check(run, changeSet, await ChangeSetChanges.Read(cloudFormation, changeSet.ChangeSetId));
            await run.Save(
                run.Record.Keep<StackProgress>(kept => kept with { Stack = changeSet.StackId }) with
                {
                    Notices = review.Notices,
                }
            );
        }
        else if (changeSet.Status == ChangeSetStatus.FAILED)
        {
            if (!ChangeSetReasons.IsNothingToDo(changeSet.StatusReason))
            {
                throw await ChangeSetReasons.Failure(cloudFormation, changeSet);
            }

            // Written down first: a change set that is gone could not be asked for its reason again.
            await run.Save(
                run.Record.Keep<StackProgress>(kept => kept with { Stack = changeSet.StackId }) with
                {
                    Action = StepAction.None,
                }
            );
            await cloudFormation.DeleteChangeSetAsync(new DeleteChangeSetRequest { ChangeSetName = changeSet.ChangeSetId });
        }
        else
        {
            throw new NotYetException($"the change set of stack {changeSet.StackName} is {changeSet.Status}");
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        if (await Prepare(run) is { } busy)
        {
            return busy;
        }

        var cloudFormation = run.Account.CloudFormation;
        var id = run.Record.Kept<StackProgress>().Stack!;
        if (run.Record.Action != StepAction.None)
        {
            await run.WaitFor(id);
            await Execute(run, id);
        }

        var stack = await cloudFormation.Find(id) ?? throw new StackFailedException($"the stack {id} does not exist any more");
        StackParameters.HideSecrets(run, stack.Parameters);
        switch (Standing(run, stack))
        {
            case StackEnd.Running:
                return await Running(run, stack);
            case StackEnd.RollbackFailed:
                return await new StackRollback(run, settings.CloudFormationRole(run.Target.Account)).Continue(stack);
            case StackEnd.Failed:
                return new Outcome.Failed(
                    new StackFailedException(
                        StackRollback.Cause(run, stack) ?? await StackCause.Explain(cloudFormation, stack, run.RequestToken)
                    )
                );
        }

        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = run.Record.Kept<StackProgress>().Inputs!,
                Outputs = stack.OutputValues(),
                Resource = stack.StackId,
                LastChanged = stack.LastChange(),
            }
        );
        return new Outcome.Succeeded(run.Record.Action!.Value);
    }

    /// <summary>How the stack stands; where there was nothing to do, it is unchanged whenever it could be updated.</summary>
    private static StackEnd Standing(StepRun run, Stack stack) =>
        run.Record.Action != StepAction.None ? stack.StackStatus.Ended
        : stack.StackStatus.Found == StackFound.Update ? StackEnd.Succeeded
        : stack.StackStatus.Found == StackFound.Wait ? StackEnd.Running
        : StackEnd.Failed;

    /// <summary>
    /// An operation of ours that runs. While it rolls back its cause is known already, and a limit that is reached then names it.
    /// </summary>
    private static async Task<Outcome.Running> Running(StepRun run, Stack stack)
    {
        var still = $"stack {stack.StackName} is still {stack.StackStatus}";
        if (!stack.StackStatus.IsRollback || run.Record.Action == StepAction.None)
        {
            return new Outcome.Running(still);
        }

        var first = await StackCause.First(run.Account.CloudFormation, stack, run.RequestToken);
        return new Outcome.Running(first is null ? still : $"{first}; {still}", IsLost: true);
    }

    private async Task<Outcome.Running?> Create(StepRun run)
    {
        var inputs = StackInputs.Resolve(run, settings);
        var role = settings.CloudFormationRole(run.Target.Account);
        var (stack, busy) = await new StackMending(run, inputs.Stack, role).Advance();
        if (busy is not null)
        {
            return busy;
        }

        var id = await StackChangeSet.Make(run, inputs, stack, role, sources);
        await run.Save(
            run.Record.Keep<StackProgress>(kept => kept with { ChangeSet = id, Inputs = inputs.Digest }) with
            {
                Action = stack is null ? StepAction.Created : StepAction.Updated,
            }
        );
        return null;
    }

    private static async Task Execute(StepRun run, string stack)
    {
        if (run.Record.Resource is not null)
        {
            return;
        }

        var changeSet = run.Record.Kept<StackProgress>().ChangeSet!;
        try
        {
            await run.Account.CloudFormation.ExecuteChangeSetAsync(
                // The policy names stacks: without the stack, a change set that is gone would be a missing permission.
                new ExecuteChangeSetRequest
                {
                    StackName = stack,
                    ChangeSetName = changeSet,
                    ClientRequestToken = run.RequestToken,
                }
            );
        }
        catch (InvalidChangeSetStatusException)
        {
            var status = (
                await run.Account.CloudFormation.DescribeChangeSetAsync(
                    new DescribeChangeSetRequest { StackName = stack, ChangeSetName = changeSet }
                )
            ).ExecutionStatus;
            if (status == ExecutionStatus.AVAILABLE || status == ExecutionStatus.UNAVAILABLE || status == ExecutionStatus.OBSOLETE)
            {
                throw new StackFailedException(
                    $"the change set {changeSet} is {status}: another operation changed the stack in between; redrive to make a new one"
                );
            }
        }
        catch (ChangeSetNotFoundException)
        {
            // Executed before: CloudFormation removes the change sets of a stack that one of them has updated.
        }

        await run.Save(run.Record with { Resource = stack, State = TaskState.Running });
    }
}
