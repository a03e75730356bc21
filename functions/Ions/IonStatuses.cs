using Amazon.CodeDeploy;
using Amazon.StepFunctions;

namespace Deployer.Functions.Ions;

/// <summary>What the status of one half of an ion deployment says: of the execution of <c>datomic-GROUP</c>, or of its code.</summary>
public enum IonState
{
    /// <summary>Not decided yet.</summary>
    Running,

    /// <summary>Done: for code, on the instances that were asked for.</summary>
    Succeeded,

    /// <summary>Not done, and nothing goes on: for code, usually rolled back.</summary>
    Failed,
}

/// <summary>
/// The statuses of CodeDeploy and Step Functions, each named once (API references, DeploymentInfo and DescribeExecution). One that
/// is not known yet counts as running, so that nothing is called done too soon.
/// </summary>
public static class IonStatuses
{
    private static readonly Dictionary<DeploymentStatus, IonState> Code = new()
    {
        [DeploymentStatus.Created] = IonState.Running,
        [DeploymentStatus.Queued] = IonState.Running,
        [DeploymentStatus.InProgress] = IonState.Running,
        [DeploymentStatus.Baking] = IonState.Running,
        [DeploymentStatus.Ready] = IonState.Running,
        [DeploymentStatus.Succeeded] = IonState.Succeeded,
        [DeploymentStatus.Failed] = IonState.Failed,
        [DeploymentStatus.Stopped] = IonState.Failed,
    };

    private static readonly Dictionary<ExecutionStatus, IonState> Deploy = new()
    {
        [ExecutionStatus.RUNNING] = IonState.Running,
        [ExecutionStatus.PENDING_REDRIVE] = IonState.Running,
        [ExecutionStatus.SUCCEEDED] = IonState.Succeeded,
        [ExecutionStatus.FAILED] = IonState.Failed,
        [ExecutionStatus.TIMED_OUT] = IonState.Failed,
        [ExecutionStatus.ABORTED] = IonState.Failed,
    };

    /// <summary>What the status of the code's deployment says.</summary>
    public static IonState Classify(DeploymentStatus status) => Code.GetValueOrDefault(status, IonState.Running);

    /// <summary>What the status of the execution says.</summary>
    public static IonState Classify(ExecutionStatus status) => Deploy.GetValueOrDefault(status, IonState.Running);
}
