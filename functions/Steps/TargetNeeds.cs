namespace Deployer.Functions.Steps;

/// <summary>Permissions of the deployer's roles in a target's account.</summary>
/// <param name="stage">The deployer's stage, which is in the roles' names.</param>
/// <param name="run">The check that asks.</param>
public sealed class TargetNeeds(string stage, CheckRun run)
{
    /// <summary>The role that steps use.</summary>
    public const string Steps = "target";

    /// <summary>What the role of steps needs on every resource, since the action knows none.</summary>
    public NeededPermission Target(string action) => Target(Steps, action, "*");

    /// <summary>What the account's own stack grants, <c>templates/target.yaml</c>.</summary>
    /// <param name="role">The role's name after <c>deployer-STAGE-</c>.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">An ARN of what it is used on, or <c>*</c>.</param>
    public NeededPermission Target(string role, string action, string resource) => Need(role, action, resource, PermissionSource.Target);

    /// <summary>What the access of the service grants the role of steps, <c>templates/service-access.yaml</c>.</summary>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">An ARN of what it is used on.</param>
    public NeededPermission Service(string action, string resource) => Service(Steps, action, resource);

    /// <summary>What the access of the service grants, <c>templates/service-access.yaml</c>.</summary>
    /// <param name="role">The role's name after <c>deployer-STAGE-</c>.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">An ARN of what it is used on.</param>
    public NeededPermission Service(string role, string action, string resource) => Need(role, action, resource, PermissionSource.Service);

    /// <summary>The same, for a request that says which account the resource has to be in.</summary>
    /// <param name="role">The role's name after <c>deployer-STAGE-</c>.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">An ARN of what it is used on.</param>
    public NeededPermission InAccount(string role, string action, string resource) =>
        Service(role, action, resource) with
        {
            Context = new Dictionary<string, string> { ["aws:ResourceAccount"] = run.Target.Account },
        };

    private NeededPermission Need(string role, string action, string resource, PermissionSource source) =>
        new(run.Target.Account, $"deployer-{stage}-{role}", action, resource, source);
}
