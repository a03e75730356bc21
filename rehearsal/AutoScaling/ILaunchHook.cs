namespace Deployer.Rehearsal.AutoScaling;

/// <summary>A lifecycle hook on the launch of instances, as CodeDeploy puts one on the groups that it deploys to.</summary>
public interface ILaunchHook
{
    /// <summary>
    /// An instance has started and waits. Whoever holds it calls <see cref="ScalingGroups.CompleteLaunch"/> later.
    /// </summary>
    /// <returns>Whether it is held.</returns>
    bool Hold(ScalingGroup group, string instance);
}
