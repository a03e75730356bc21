using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The functions behind the states <c>Begin</c>, <c>Plan</c>, <c>Prove</c> and <c>Finish</c>, and those that settle.</summary>
public sealed class DeploymentHandlers(
    Begin begin,
    WaveOrder waveOrder,
    Proof proof,
    Finish finish,
    Settling settling,
    InstanceRegistry instances,
    LedgerTable ledger
)
{
    /// <summary>Checks the request and takes the lock.</summary>
    [LambdaFunction(ResourceName = "BeginFunction")]
    public Task<TaskDone> Begin(BeginInput input, ILambdaContext context) => begin.Run(input);

    /// <summary>Orders the steps that have something to do.</summary>
    [LambdaFunction(ResourceName = "PlanFunction")]
    public Task<DeploymentWaves> Plan(DeploymentInput input, ILambdaContext context) => waveOrder.Run(input);

    /// <summary>Compares every step once more.</summary>
    [LambdaFunction(ResourceName = "ProveFunction")]
    public Task<ProofAnswer> Prove(DeploymentInput input, ILambdaContext context) => proof.Run(input);

    /// <summary>Publishes outputs, records the success and frees the lock.</summary>
    [LambdaFunction(ResourceName = "FinishFunction")]
    public Task<DeploymentEnd> Finish(DeploymentInput input, ILambdaContext context) => finish.Run(input);

    /// <summary>Settles an execution of <c>deploy</c> when Step Functions says that its status changed.</summary>
    [LambdaFunction(ResourceName = "SettleFunction")]
    public Task Settle(ExecutionStatusEvent input, ILambdaContext context) => settling.Settle(input.Detail.ExecutionArn);

    /// <summary>Settles every deployment whose execution has closed without anyone hearing of it, and begins to remove development instances that have expired.</summary>
    [LambdaFunction(ResourceName = "SweepFunction")]
    public async Task Sweep(ScheduledEvent input, ILambdaContext context)
    {
        foreach (var open in await ledger.Query(OpenDeployment.All))
        {
            if (await settling.Settle(open.Execution))
            {
                context.Logger.LogInformation($"settled {open.Deployment}");
            }
        }

        foreach (var removal in await instances.RemoveExpired(input.Time))
        {
            context.Logger.LogInformation($"started {removal}");
        }
    }
}
