using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Bootstrap;

/// <summary>The deployments and plans that run by a deployer while it is updated.</summary>
/// <param name="Executions">Their ARNs, those of deployments first.</param>
internal sealed record RunningExecutions(IReadOnlyList<string> Executions)
{
    /// <summary>Finds those of a stage; none where it has no deployer, or none of its own.</summary>
    /// <param name="access">The deployer's account.</param>
    /// <param name="stage">The deployer's stage.</param>
    /// <param name="cancellation">Ends reading.</param>
    public static async Task<RunningExecutions> Find(AwsAccess access, string stage, CancellationToken cancellation)
    {
        using var tools = new AccountClients(access.Connection, access.Account);
        var deployer = tools.Deployer(stage);
        return new RunningExecutions([
            .. await List(tools.StepFunctions, deployer.MachineArn(DeployerMachine.Deploy), cancellation),
            .. await List(tools.StepFunctions, deployer.MachineArn(DeployerMachine.Plan), cancellation),
        ]);
    }

    private static async Task<IReadOnlyList<string>> List(
        IAmazonStepFunctions stepFunctions,
        string machine,
        CancellationToken cancellation
    )
    {
        try
        {
            return await Pages.All<ListExecutionsResponse, string>(
                next =>
                    stepFunctions.ListExecutionsAsync(
                        new ListExecutionsRequest
                        {
                            StateMachineArn = machine,
                            StatusFilter = ExecutionStatus.RUNNING,
                            NextToken = next,
                        },
                        cancellation
                    ),
                page => page.Executions?.Select(execution => execution.ExecutionArn),
                page => page.NextToken
            );
        }
        catch (StateMachineDoesNotExistException)
        {
            // The stack failed before it had one.
            return [];
        }
    }
}

/// <summary>
/// What an update means for what runs: an execution keeps the definition that it began with, and calls the functions as they are then.
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
/// </summary>
internal sealed class RunningExecutionsView : IView<RunningExecutions>
{
    /// <inheritdoc/>
    public void Show(RunningExecutions result, Screen screen)
    {
        var (count, verb) = result.Executions is [_] ? ("1 execution", "runs") : ($"{result.Executions.Count} executions", "run");
        screen.Paragraph(
            $"! {count} of this deployer {verb} and may go on during the update: with the definition that it began with, and the functions "
                + "that are installed then. What fails can be redriven afterwards.",
            hanging: 2
        );
        foreach (var execution in result.Executions)
        {
            screen.Line($"  {execution}");
        }
    }
}
