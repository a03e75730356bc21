using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Brings a stack to its template: a change set is executed, and the stack waited for until it has settled.</summary>
public sealed class StackWork(Settings settings, Sources sources, StackComparison comparison, PlannedChanges planned) : IStepWork
{
    private readonly StackPreparation _preparation = new(settings, sources, comparison, planned);

    /// <inheritdoc/>
    public string Task => "stack";

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [StackEvents.Ends];

    /// <summary>After so long in which no look has found it, an operation without an event is none of this deployment.</summary>
    public static readonly TimeSpan TimeUntilForeign = TimeSpan.FromSeconds(25);

    /// <summary>A Datomic stack takes up to 25 minutes (Datomic's documentation); the rest is for clean-up.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(40);

    /// <inheritdoc/>
    public TimeSpan Limit(StepRun run) => LongestWait;

    /// <summary>Makes the change set of this attempt and waits, by trying again, until it can be executed.</summary>
    /// <returns><see langword="null"/> when it can be executed; otherwise what is waited for until it can be made.</returns>
    /// <exception cref="NotYetException">The change set is being made.</exception>
    /// <exception cref="StackFailedException">There can be no change set.</exception>
    public Task<Outcome.Running?> Prepare(StepRun run) => StackSecrets.HiddenFrom(run, settings, () => _preparation.MakeReady(run));

    /// <inheritdoc/>
    public Task<Outcome> Advance(StepRun run) => StackSecrets.HiddenFrom(run, settings, () => Work(run));

    private async Task<Outcome> Work(StepRun run)
    {
        if (await _preparation.MakeReady(run) is { } busy)
        {
            return busy;
        }

        if (run.Record.State == TaskState.Succeeded)
        {
            return new Outcome.Succeeded(run.Record.Action!.Value);
        }

        var cloudFormation = run.Account.CloudFormation;
        var id = run.Record.Kept<StackProgress>().Stack!;
        if (run.Record.Action != StepAction.None)
        {
            await run.WaitFor(id);
            await Execute(run, id);
        }

        // A deleted stack is still described by its id: one that is not is not described yet.
        if (await cloudFormation.Find(id) is not { } stack)
        {
            return new Outcome.Running($"the stack {id} is not described yet");
        }

        StackParameters.HideSecrets(run, stack.Parameters);
        var (end, isLast) = await Standing(run, stack);
        switch (end)
        {
            case StackEnd.Running:
                return await Running(run, stack);
            case StackEnd.RollbackFailed:
                await StackSecrets.Read(run, settings);
                return await new StackRollback(run, settings.CloudFormationRole(run.Target.Account)).Continue(stack);
            case StackEnd.Failed:
                return new Outcome.Failed(
                    new StackFailedException(
                        StackRollback.Cause(run, stack) ?? await StackCause.Explain(cloudFormation, stack, run.RequestToken)
                    )
                );
        }

        var outputs = stack.OutputValues();
        await PublishedOutputs.Publish(run, outputs);
        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = run.Record.Kept<StackProgress>().Inputs!,
                Outputs = outputs,
                Resource = stack.StackId,
                // What another operation has done to it since is not what was deployed.
                LastChanged = isLast ? stack.LastChange() : string.Empty,
            }.Keep(
                new ReleasedStack
                {
                    External = run.Record.Kept<StackProgress>().External,
                    Nested = await NestedStacks.Read(cloudFormation, stack.StackId),
                }
            ),
            wasFound: run.Record.Action == StepAction.None
        );
        return new Outcome.Succeeded(run.Record.Action!.Value);
    }

    /// <summary>
    /// How the operation stands, by its own events; where there was nothing to do, the stack is unchanged whenever it could be updated.
    /// </summary>
    private static async Task<(StackEnd End, bool IsLast)> Standing(StepRun run, Stack stack)
    {
        if (run.Record.Action == StepAction.None)
        {
            var end = stack.StackStatus.Found switch
            {
                StackFound.Update => StackEnd.Succeeded,
                StackFound.Wait => StackEnd.Running,
                _ => StackEnd.Failed,
            };
            return (end, IsLast: true);
        }

        var progress = run.Record.Kept<StackProgress>();
        var operation = await StackOperation.Read(
            run.Account.CloudFormation,
            stack,
            progress.Before,
            run.RequestToken,
            StackRollback.TokenOf(run)
        );
        if (!operation.Seen && progress.Doubt is { } doubt)
        {
            throw await run.UnseenFor() < TimeUntilForeign
                ? new NotYetException($"{doubt}; no event of stack {stack.StackName} is of this deployment yet")
                : new StackFailedException(
                    $"{doubt}, and no event of stack {stack.StackName} is of this deployment: "
                        + "another operation changed the stack in between; redrive to make a new one"
                );
        }

        return (operation.End, operation.IsLast);
    }

    /// <summary>
    /// An operation of ours that runs. While it rolls back its cause is known already, and a limit that is reached then names it.
    /// </summary>
    private static async Task<Outcome.Running> Running(StepRun run, Stack stack)
    {
        var still =
            stack.StackStatus.Found == StackFound.Wait
                ? $"stack {stack.StackName} is still {stack.StackStatus}"
                : $"stack {stack.StackName} is described as {stack.StackStatus}, which is not the end of this deployment's operation";
        if (!stack.StackStatus.IsRollback || run.Record.Action == StepAction.None)
        {
            return new Outcome.Running(still);
        }

        var first = await StackCause.First(run.Account.CloudFormation, stack, run.RequestToken);
        return new Outcome.Running(first is null ? still : $"{first}; {still}", IsLost: true);
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
            await KeepDoubt(run, $"the change set {changeSet} is {status}");
        }
        catch (ChangeSetNotFoundException)
        {
            // Its own execution removes it at some time, and so does that of any other change set of the stack
            // (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html).
            await KeepDoubt(run, $"the change set {changeSet} is gone");
        }

        await run.Save(run.Record with { Resource = stack, State = TaskState.Running });
    }

    private static Task KeepDoubt(StepRun run, string doubt) =>
        run.Save(run.Record.Keep<StackProgress>(kept => kept with { Doubt = doubt }));
}
