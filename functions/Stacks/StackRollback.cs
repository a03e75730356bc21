using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Takes up the rollback of our own update where CloudFormation got stuck, so that the stack is left in a status from which it can be
/// updated.
/// </summary>
/// <param name="run">The step.</param>
/// <param name="role">The role with which CloudFormation works.</param>
internal sealed class StackRollback(StepRun run, string role)
{
    private string Token => TokenOf(run);

    /// <summary>The client request token of the rollback that is continued.</summary>
    public static string TokenOf(StepRun run) => $"{run.RequestToken}{Names.RollbackSuffix}";

    /// <summary>
    /// Why the update failed and that its rollback was continued, once that has ended; <see langword="null"/> when none was.
    /// </summary>
    public static string? Cause(StepRun run, Stack stack) =>
        run.Record.Kept<StackProgress>().Cause is { } cause
            ? $"{cause} and was continued; stack {stack.StackName} is {stack.StackStatus}"
            : null;

    /// <summary>Continues the rollback, once; the cause is kept first, since events of the rollback come after it.</summary>
    public async Task<Outcome> Continue(Stack stack)
    {
        var cloudFormation = run.Account.CloudFormation;
        if (run.Record.Kept<StackProgress>().Cause is null)
        {
            var first =
                await StackCause.First(cloudFormation, stack, run.RequestToken)
                ?? $"CloudFormation recorded no failed resource in the events of the operation {run.RequestToken}";
            await run.Save(
                run.Record.Keep<StackProgress>(kept =>
                    kept with
                    {
                        Cause = run.Secrets.Hide($"{first}; its rollback failed ({stack.StackStatusReason})"),
                    }
                )
            );
        }
        else if (await cloudFormation.CameToItsStatus(stack, Token))
        {
            return new Outcome.Failed(
                new StackFailedException(
                    $"{Cause(run, stack)}, because the continued rollback failed too: "
                        + $"{await StackCause.Explain(cloudFormation, stack, Token)}; repair it by hand, then redrive"
                )
            );
        }

        await cloudFormation.ContinueUpdateRollbackAsync(
            new ContinueUpdateRollbackRequest
            {
                StackName = stack.StackId,
                ClientRequestToken = Token,
                RoleARN = role,
            }
        );
        return new Outcome.Running($"stack {stack.StackName} was {stack.StackStatus}; its rollback is being continued");
    }
}
