namespace Deployer.Functions.Steps;

/// <summary>Knows permissions that a deployment uses.</summary>
public interface IPermissionNeeds
{
    /// <summary>The permissions for a service and its target.</summary>
    IEnumerable<NeededPermission> For(CheckRun run);
}
