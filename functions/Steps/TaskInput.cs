using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>What the state machine hands to the function behind a task of a step.</summary>
/// <param name="Deployment">The deployment's id: the execution's name.</param>
/// <param name="Step">The step's name in <c>deployer.yaml</c>.</param>
/// <param name="Execution">The execution's ARN.</param>
/// <param name="RedriveCount">How often the execution was redriven.</param>
/// <param name="RetryCount">How often this entry of the state was retried, heartbeats that expired included; 0 again after a
/// redrive.</param>
/// <param name="Token">The task token, for a state that waits.</param>
/// <param name="Batch">Number of the batch, from 0, for a state that works on a part.</param>
public sealed record TaskInput(
    DeploymentId Deployment,
    string Step,
    ExecutionArn Execution,
    int RedriveCount,
    int RetryCount,
    string? Token = null,
    int? Batch = null
);
