namespace Deployer.Functions.Steps;

/// <summary>A permission that a deployment uses.</summary>
/// <param name="Account">The account of the role.</param>
/// <param name="Role">The role's name.</param>
/// <param name="Action">Such as <c>s3:GetObject</c>.</param>
/// <param name="Resource">An ARN of what it is used on, or <c>*</c>.</param>
/// <param name="Needed">Where a role gets it: the name of a template.</param>
public sealed record NeededPermission(string Account, string Role, string Action, string Resource, PermissionSource Needed)
{
    /// <summary>The condition keys that the request has, by name.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = new Dictionary<string, string>();
}

/// <summary>The stack that grants a permission.</summary>
public enum PermissionSource
{
    /// <summary>The deployer's own, <c>template.yaml</c>.</summary>
    Deployer,

    /// <summary>The target account's, <c>templates/target.yaml</c>.</summary>
    Target,

    /// <summary>The role of the service's builds, <c>templates/service-build.yaml</c>.</summary>
    Build,

    /// <summary>The service's access, <c>templates/service-access.yaml</c>.</summary>
    Service,

    /// <summary>None: what it is used on is not called as the templates expect.</summary>
    None,
}
