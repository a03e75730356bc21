using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Brings a stack to where a change set can be made of it, as far as that loses nothing: waits for what runs, continues a stuck
/// rollback, removes what was never created. What it begins has a client request token of its own, so that it is begun once.
/// </summary>
/// <param name="run">The step.</param>
/// <param name="name">The stack's name.</param>
/// <param name="role">The role with which CloudFormation works.</param>
internal sealed class StackMending(StepRun run, string name, string role)
{
    private IAmazonCloudFormation CloudFormation => run.Account.CloudFormation;

    private string Token => $"{run.RequestToken}{Names.MendSuffix}";

    /// <summary>Looks at the stack and does what is to be done about it.</summary>
    /// <returns>The stack as it can be updated, <see langword="null"/> for one to create; or what is waited for.</returns>
    /// <exception cref="StackFailedException">A person has to look at the stack.</exception>
    public async Task<(Stack? Stack, Outcome.Running? Busy)> Advance()
    {
        var stack = await Find();
        if (stack is not null && stack.StackStatus.Found is not (StackFound.Update or StackFound.Create or StackFound.Refuse))
        {
            stack = await run.WaitAndLookAgain(stack);
        }

        switch (stack?.StackStatus.Found ?? StackFound.Create)
        {
            case StackFound.Create:
                return (null, null);
            case StackFound.Update:
                return (stack, null);
            case StackFound.Refuse:
                throw await Refused(stack!);
            case StackFound.Wait:
                await Save(run.Record);
                return (null, new Outcome.Running($"stack {name} is still {stack!.StackStatus}, by an operation that was begun before"));
            case StackFound.Remove when await CloudFormation.LastStatus(stack!.StackId) is { } last && last != stack.StackStatus:
                await Save(run.Record);
                return (null, new Outcome.Running($"stack {name} is described as {stack.StackStatus}, and its last event says {last}"));
            default:
                await Mend(stack!);
                return (null, new Outcome.Running($"stack {name} was {stack!.StackStatus}; {Begun(stack)}"));
        }
    }

    /// <summary>By id once something was begun on it: a deleted stack is not to be taken for another one of its name.</summary>
    private Task<Stack?> Find() => CloudFormation.Find(run.Record.Kept<StackProgress>().Mended ?? name);

    private async Task Mend(Stack stack)
    {
        if (run.Record.Kept<StackProgress>().Mended is null)
        {
            if (stack.StackStatus.Found == StackFound.Remove)
            {
                await CheckRemovable(stack);
            }

            await Save(run.Record.Keep<StackProgress>(kept => kept with { Mended = stack.StackId }));
        }
        else if (await CloudFormation.CameToItsStatus(stack, Token))
        {
            throw await Refused(stack);
        }

        await Begin(stack);
    }

    private async Task Begin(Stack stack)
    {
        switch (stack.StackStatus.Found)
        {
            case StackFound.ContinueRollback:
                await CloudFormation
                    .ContinueUpdateRollbackAsync(
                        new ContinueUpdateRollbackRequest
                        {
                            StackName = stack.StackId,
                            ClientRequestToken = Token,
                            RoleARN = role,
                        }
                    )
                    .ReportRefusal(name);
                break;
            case StackFound.RollBack:
                await CloudFormation
                    .RollbackStackAsync(
                        new RollbackStackRequest
                        {
                            StackName = stack.StackId,
                            ClientRequestToken = Token,
                            RoleARN = role,
                        }
                    )
                    .ReportRefusal(name);
                break;
            default:
                await CloudFormation
                    .DeleteStackAsync(
                        new DeleteStackRequest
                        {
                            StackName = stack.StackId,
                            ClientRequestToken = Token,
                            RoleARN = role,
                        }
                    )
                    .ReportRefusal(name);
                break;
        }
    }

    private async Task CheckRemovable(Stack stack)
    {
        if (stack.EnableTerminationProtection == true)
        {
            throw new StackFailedException(
                $"stack {name} is {stack.StackStatus} and has to be removed before it can be created, "
                    + "but it is protected from termination; turn the protection off, then redrive"
            );
        }

        if (await CloudFormation.HeldResources(stack.StackId) is { Count: > 0 } held)
        {
            throw new StackFailedException(
                $"stack {name} is {stack.StackStatus} and is not removed, because it still holds {string.Join(", ", held)}; "
                    + "keep or delete these by hand, delete the stack, then redrive"
            );
        }
    }

    private async Task<StackFailedException> Refused(Stack stack) =>
        new(
            run.Record.Kept<StackProgress>().Mended is null
                ? $"stack {name} is {stack.StackStatus}: {stack.StackStatusReason ?? "no reason is recorded"}; repair "
                    + "it by hand, then redrive"
                : $"{await StackCause.Explain(CloudFormation, stack, Token)}; it could not be repaired; repair it by hand, then redrive"
        );

    private static string Begun(Stack stack) =>
        stack.StackStatus.Found switch
        {
            StackFound.ContinueRollback => "its rollback is being continued",
            StackFound.RollBack => "it is being rolled back",
            _ => "it is being removed",
        };

    /// <summary>Events are listened to from now on.</summary>
    private Task Save(TaskRecord record) => run.Save(record with { State = TaskState.Running });
}
