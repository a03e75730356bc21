using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;

namespace Deployer.Cli.Places;

/// <summary>
/// A newer deployment of the same service and target that has begun to change things: the older one changes nothing any more, also when it
/// is redriven.
/// </summary>
/// <param name="Number">Its number, which grows with each deployment of the service and target.</param>
/// <param name="Deployment">ARN of its execution; <see langword="null"/> where another one has been given a number since.</param>
/// <param name="Status">How its execution stands, as Step Functions says; <see langword="null"/> where that is not known.</param>
public sealed record NewerDeployment(long Number, string? Deployment, string? Status)
{
    /// <summary>Looks for one by the lock.</summary>
    /// <param name="tools">The account of the deployer.</param>
    /// <param name="stage">The deployer's stage.</param>
    /// <param name="older">The deployment.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    internal static async Task<NewerDeployment?> Find(AccountClients tools, string stage, DeploymentRecord older)
    {
        if (await tools.Ledger(stage).Read(LockRecord.Key(older.Service, older.Target)) is not { } held || held.Changed <= older.Number)
        {
            return null;
        }

        if ((held.Owner?.Number == held.Changed ? held.Owner.Deployment : LastGiven(held)) is not { } deployment)
        {
            return new NewerDeployment(held.Changed, null, null);
        }

        var arn = tools.Deployer(stage).ExecutionArn(DeployerMachine.Deploy, deployment.Value);
        try
        {
            var described = await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn });
            return new NewerDeployment(held.Changed, arn, described.Status.Value);
        }
        catch (ExecutionDoesNotExistException)
        {
            // Step Functions forgets an execution 90 days after it has closed.
            return new NewerDeployment(held.Changed, arn, null);
        }
    }

    private static DeploymentId? LastGiven(LockRecord held) => held.LastNumber == held.Changed ? held.LastGivenTo : null;
}
