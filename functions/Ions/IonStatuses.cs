using Amazon.CodeDeploy;

namespace Deployer.Functions.Ions;

/// <summary>What a CodeDeploy status says about the code.</summary>
public enum CodeState
{
    /// <summary>Not decided yet.</summary>
    Running,

    /// <summary>On the instances that were asked for.</summary>
    Succeeded,

    /// <summary>Not on all of them; usually rolled back.</summary>
    Failed,
}

/// <summary>The statuses of CodeDeploy, each named once (API reference, DeploymentInfo).</summary>
public static class IonStatuses
{
    private static readonly Dictionary<DeploymentStatus, CodeState> States = new()
    {
        [DeploymentStatus.Created] = CodeState.Running,
        [DeploymentStatus.Queued] = CodeState.Running,
        [DeploymentStatus.InProgress] = CodeState.Running,
        [DeploymentStatus.Baking] = CodeState.Running,
        [DeploymentStatus.Ready] = CodeState.Running,
        [DeploymentStatus.Succeeded] = CodeState.Succeeded,
        [DeploymentStatus.Failed] = CodeState.Failed,
        [DeploymentStatus.Stopped] = CodeState.Failed,
    };

    /// <summary>What a status says; one that is not known yet counts as running, so that nothing is called done too soon.</summary>
    public static CodeState Of(DeploymentStatus status) => States.GetValueOrDefault(status, CodeState.Running);
}
