namespace Deployer.Rehearsal.Iam;

/// <summary>Who asks, with the policies attached to him.</summary>
/// <param name="Account">The caller's account; empty for a service and for a caller without credentials.</param>
/// <param name="Arn">The caller's ARN, as GetCallerIdentity gives it; for a service its name.</param>
public sealed record AccessCaller(string Account, string Arn)
{
    /// <summary>The name of the service that calls, such as <c>events.amazonaws.com</c>; null for any other caller.</summary>
    public string? Service { get; init; }

    /// <summary>Whether identity policies can speak for the caller; a service and a caller without credentials have only the resource's
    /// policy.</summary>
    internal bool HasIdentity => Account.Length > 0;

    /// <summary>Whether this is the administrator of the account, whom no identity policy limits.</summary>
    public bool Administrator { get; init; }

    /// <summary>The ARN of the role, path included, when the caller is a session of one.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Inline and managed policies.</summary>
    public IReadOnlyList<PolicyDocument> Policies { get; init; } = [];

    /// <summary>The permissions boundary, when there is one.</summary>
    public PolicyDocument? Boundary { get; init; }

    /// <summary>The policy passed with AssumeRole, when there was one.</summary>
    public PolicyDocument? SessionPolicy { get; init; }
}
