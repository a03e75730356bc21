using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Makes the change set of a stack step, and judges it before it is executed.</summary>
internal sealed class StackPreparation(Settings settings, Sources sources, StackComparison comparison, PlannedChanges planned)
{
    /// <inheritdoc cref="StackWork.Prepare"/>
    public async Task<Outcome.Running?> MakeReady(StepRun run)
    {
        if (run.Record.Kept<StackProgress>().Stack is not null || run.Record.State == TaskState.Succeeded)
        {
            return null;
        }

        var cloudFormation = run.Account.CloudFormation;
        if (
            run.Record is { State: TaskState.Begun, Facts: null }
            && await comparison.Compare(run, ComparisonProgress.Whole) is Comparison.NoChanges same
        )
        {
            // It was not known whether it would change when the waves were ordered.
            await run.Save(run.Record with { State = TaskState.Succeeded, Action = StepAction.None, Notices = same.Notices });
            return null;
        }

        if (run.Record.Kept<StackProgress>().ChangeSet is null && await Create(run) is { } busy)
        {
            return busy;
        }

        var changeSet = await Describe(run, run.Record.Kept<StackProgress>().ChangeSet!);
        StackParameters.HideSecrets(run, changeSet.Parameters);
        if (changeSet.Status == ChangeSetStatus.CREATE_COMPLETE)
        {
            var changes = await ChangeSetChanges.Read(cloudFormation, changeSet.StackId, changeSet.ChangeSetId);
            var shown = await planned.RefuseUnplanned(
                run,
                StackChange.Part,
                [.. StackChanges.Describe(changes).Select(change => change.ToPlannedChange())]
            );
            await StackFacts.RefuseIfUpdatedByOthers(run, shown, changeSet.StackId);
            var review = await StackReview.Check(run, changeSet, changes);
            await run.Save(
                run.Record.Keep<StackProgress>(kept => kept with { Stack = changeSet.StackId, UnseenSince = null }) with
                {
                    Notices = [.. run.Record.Notices, .. review.Notices],
                }
            );
        }
        else if (changeSet.Status == ChangeSetStatus.FAILED)
        {
            if (!ChangeSetReasons.IsNothingToDo(changeSet.StatusReason))
            {
                throw await ChangeSetReasons.Failure(run, StackInputs.Resolve(run, settings), changeSet);
            }

            // Written down first: a change set that is gone could not be asked for its reason again.
            await run.Save(
                run.Record.Keep<StackProgress>(kept => kept with { Stack = changeSet.StackId }) with
                {
                    Action = StepAction.None,
                }
            );
            await cloudFormation.DeleteChangeSetAsync(
                new DeleteChangeSetRequest { StackName = changeSet.StackId, ChangeSetName = changeSet.ChangeSetId }
            );
        }
        else
        {
            throw new NotYetException($"the change set of stack {changeSet.StackName} is {changeSet.Status}");
        }

        return null;
    }

    /// <summary>
    /// A change set that was made a moment ago may not be described yet; one that stays away was removed by another operation. IAM judges
    /// the request by the stack (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html), which the
    /// id of a change set that is gone does not lead to: named, it is not found instead of refused.
    /// </summary>
    private static async Task<DescribeChangeSetResponse> Describe(StepRun run, string changeSet)
    {
        try
        {
            return await run.Account.CloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { StackName = run.Text(run.Step<StackStep>().Stack), ChangeSetName = changeSet }
            );
        }
        catch (ChangeSetNotFoundException)
        {
            throw await run.UnseenFor() < StackWork.TimeUntilForeign
                ? new NotYetException($"the change set {changeSet} is not described yet")
                : new StackFailedException(
                    $"the change set {changeSet} is gone: another operation changed the stack in between; redrive to make a new one"
                );
        }
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

        var external = await ExternalInputs.Read(run, inputs, stack);
        var made = await Make(run, inputs, stack, role);
        if (made.Notices.Count > 0)
        {
            await StackSecrets.Read(run, settings);
        }

        await run.Save(
            run.Record.Keep<StackProgress>(kept =>
                kept with
                {
                    ChangeSet = made.Id,
                    Inputs = inputs.Digest,
                    Before = stack?.LastChange(),
                    External = external.Values,
                }
            ) with
            {
                Action = stack is null ? StepAction.Created : StepAction.Updated,
                Notices = [.. made.Notices.Select(run.Secrets.Hide)],
            }
        );
        return null;
    }

    /// <summary>
    /// A change set that is refused because the stack is no more as it was described: somebody has begun to change it, and that is waited
    /// for.
    /// </summary>
    private async Task<MadeChangeSet> Make(StepRun run, StackInputs inputs, Stack? stack, string role)
    {
        try
        {
            return await StackChangeSet.Make(run, inputs, stack, role, sources);
        }
        catch (StackFailedException refused)
        {
            var cloudFormation = run.Account.CloudFormation;
            var last = stack is null
                ? (await cloudFormation.Find(inputs.Stack))?.StackStatus
                : await cloudFormation.LastStatus(stack.StackId);
            if (last is null || last == stack?.StackStatus)
            {
                throw;
            }

            await StackSecrets.Read(run, settings);
            throw new NotYetException(
                $"stack {inputs.Stack} was described as {stack?.StackStatus.Value ?? "missing"} and is {last}: {refused.Message}"
            );
        }
    }
}
