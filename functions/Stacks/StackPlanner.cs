using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Finds out what a stack step would change, by a change set that is made, read and removed again.</summary>
public sealed class StackPlanner(Settings settings, Sources sources)
{
    /// <summary>Plans a stack.</summary>
    /// <exception cref="NotYetException">The change set is being made.</exception>
    public async Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison)
    {
        plan = await StackSecrets.HiddenFrom(run, settings, () => ByChangeSet(run, plan, comparison));
        if (plan.Problem is null && plan.Notices.Count == 0)
        {
            return plan;
        }

        await StackSecrets.Read(run, settings);
        return plan with
        {
            Problem = plan.Problem is null ? null : run.Secrets.Hide(plan.Problem),
            MissingInputs = plan.MissingInputs?.Select(run.Secrets.Hide).ToList(),
            Notices = [.. plan.Notices.Select(run.Secrets.Hide)],
        };
    }

    private async Task<StepPlan> ByChangeSet(StepRun run, StepPlan plan, Comparison comparison)
    {
        var name = run.Text(run.Step<StackStep>().Stack);
        var found = await run.Account.CloudFormation.Find(name);
        var stack = found?.StackStatus == StackStatus.REVIEW_IN_PROGRESS ? null : found;
        plan = plan with
        {
            Subject = name,
            Action = stack is null ? PlannedAction.Create : PlannedAction.Update,
            LimitMinutes = StepPlan.Minutes(StackWork.LongestWait),
            // Of a stack that was never deployed from here it says enough that it would be created or updated.
            Notices =
            [
                .. comparison is Comparison.Changes changes && run.Released.ContainsKey(run.Name) ? changes.Differences : [],
                .. comparison.Notices,
            ],
        };
        if (comparison is Comparison.NoChanges)
        {
            return (plan with { Action = PlannedAction.None }).With(StackChange.Part, []);
        }

        // The stack without resources that an earlier plan made goes within seconds, and nothing can be said of it until then.
        if (stack?.StackStatus == StackStatus.DELETE_IN_PROGRESS && await run.UnseenFor() < StackWork.TimeUntilForeign)
        {
            throw new NotYetException($"stack {name} is being deleted");
        }

        // How the stack is decides what is done to it, whether its values are known or not.
        if (Standing(stack) is { } first)
        {
            return first.Problem is null
                ? plan with
                {
                    Action = first.Action,
                    Notices = [.. plan.Notices, first.Notice!],
                }
                : plan with
                {
                    Problem = first.Problem,
                };
        }

        if (comparison is Comparison.KnownAfterApply)
        {
            return plan;
        }

        try
        {
            return await Compare(run, plan, StackInputs.Resolve(run, settings), stack);
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets) is { IsTransient: false } failure)
        {
            return plan with
            {
                Problem = $"{failure.Error}: {failure.Message}",
                MissingInputs = failure is StackFailedException { MissingInputs: { Count: > 0 } missing } ? missing : null,
            };
        }
    }

    /// <summary>What has to happen to a stack before it can be compared with its template.</summary>
    private static (PlannedAction Action, string? Notice, string? Problem)? Standing(Stack? stack) =>
        stack?.StackStatus.Found switch
        {
            null or StackFound.Update => null,
            StackFound.Create => null,
            StackFound.Remove => (
                PlannedAction.Create,
                $"stack {stack.StackName} is {stack.StackStatus}: it would be removed and created again",
                null
            ),
            StackFound.Refuse => (
                PlannedAction.Update,
                null,
                $"{nameof(StackFailedException)}: stack {stack.StackName} is {stack.StackStatus}: "
                    + $"{stack.StackStatusReason ?? "no reason is recorded"}; repair it by hand first"
            ),
            StackFound.Wait => (
                stack.StackStatus == StackStatus.DELETE_IN_PROGRESS ? PlannedAction.Create : PlannedAction.Update,
                $"stack {stack.StackName} is {stack.StackStatus}: the end of that operation would be waited for first; a plan that needs "
                    + "an approval is refused after that end, so plan again then",
                null
            ),
            _ => (PlannedAction.Update, $"stack {stack.StackName} is {stack.StackStatus}: its rollback would be finished first", null),
        };

    private async Task<StepPlan> Compare(StepRun run, StepPlan plan, StackInputs inputs, Stack? stack)
    {
        var cloudFormation = run.Account.CloudFormation;
        var id = run.Record.Kept<StackProgress>().ChangeSet;
        if (id is null)
        {
            var made = await StackChangeSet.Make(run, inputs, stack, settings.CloudFormationRole(run.Target.Account), sources);
            id = made.Id;
            if (made.Notices.Count > 0)
            {
                await StackSecrets.Read(run, settings);
            }

            await run.Save(
                run.Record.Keep<StackProgress>(kept => kept with { ChangeSet = id }) with
                {
                    Notices = [.. made.Notices.Select(run.Secrets.Hide)],
                }
            );
        }

        DescribeChangeSetResponse changeSet;
        try
        {
            // With the stack, by which IAM judges the request: see StackWork.
            changeSet = await cloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { StackName = plan.Subject, ChangeSetName = id }
            );
        }
        catch (ChangeSetNotFoundException)
        {
            // An earlier try removed it and was cut off before it could write down what it had read.
            await run.Save(run.Record with { Facts = null });
            throw new NotYetException($"the change set of stack {plan.Subject} is made again");
        }

        if (changeSet.Status != ChangeSetStatus.CREATE_COMPLETE && changeSet.Status != ChangeSetStatus.FAILED)
        {
            throw new NotYetException($"the change set of stack {plan.Subject} is {changeSet.Status}");
        }

        try
        {
            return await Read(run, inputs, plan, changeSet);
        }
        finally
        {
            await cloudFormation.DeleteChangeSetAsync(new DeleteChangeSetRequest { StackName = plan.Subject, ChangeSetName = id });
            await RemoveEmpty(run, changeSet.StackId);
        }
    }

    private static async Task<StepPlan> Read(StepRun run, StackInputs inputs, StepPlan plan, DescribeChangeSetResponse changeSet)
    {
        if (changeSet.Status == ChangeSetStatus.CREATE_COMPLETE)
        {
            var changes = await ChangeSetChanges.Read(run.Account.CloudFormation, changeSet.StackId, changeSet.ChangeSetId);
            return plan.With(StackChange.Part, StackChanges.Describe(changes)) with
            {
                Notices = [.. plan.Notices, .. run.Record.Notices, .. (await StackReview.Check(run, changeSet, changes)).Notices],
            };
        }

        if (!ChangeSetReasons.IsNothingToDo(changeSet.StatusReason))
        {
            throw await ChangeSetReasons.Failure(run, inputs, changeSet);
        }

        var published = run.LastRelease is { } released
            ? await PublishedOutputs.Differing(run, released.Outputs)
            : new Dictionary<string, string>();
        return plan.With(StackChange.Part, []) with
        {
            Action = published.Count > 0 ? PlannedAction.Update : PlannedAction.None,
            Notices =
            [
                .. plan.Notices,
                .. run.Record.Notices,
                .. published.Keys.Select(name => $"the parameter {name} would be written again"),
            ],
        };
    }

    /// <summary>
    /// A change set for a stack that is to be created makes that stack, without resources; unless somebody else reviews one of theirs,
    /// it goes too.
    /// </summary>
    private static async Task RemoveEmpty(StepRun run, string stack)
    {
        var cloudFormation = run.Account.CloudFormation;
        if (
            await cloudFormation.LastStatus(stack) == StackStatus.REVIEW_IN_PROGRESS
            && (await cloudFormation.ListChangeSetsAsync(new ListChangeSetsRequest { StackName = stack })).Summaries is not { Count: > 0 }
        )
        {
            await cloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = stack, ClientRequestToken = run.RequestToken });
        }
    }
}
