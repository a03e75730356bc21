namespace Deployer.Rehearsal.Wire;

/// <summary>What kind of caller a principal is.</summary>
public enum PrincipalKind
{
    /// <summary>An account's administrator: the caller with the account's own 12 digits as access key.</summary>
    Root,

    /// <summary>A session of a role.</summary>
    AssumedRole,

    /// <summary>An AWS service acting for an account, such as <c>events.amazonaws.com</c>.</summary>
    Service,

    /// <summary>A request without credentials.</summary>
    Anonymous,
}

/// <summary>Who makes a request. Every request has one.</summary>
/// <param name="Account">Twelve digits; for a service the account that it acts for.</param>
/// <param name="Arn">The principal's ARN, or the service's host name.</param>
/// <param name="Kind">What kind of caller it is.</param>
/// <param name="Role">The role's name (without its path), for a session.</param>
/// <param name="Session">The session's name, for a session.</param>
public sealed record Principal(string Account, string Arn, PrincipalKind Kind, string? Role = null, string? Session = null)
{
    /// <summary>The administrator of an account.</summary>
    public static Principal Root(string account) => new(account, $"arn:aws:iam::{account}:root", PrincipalKind.Root);

    /// <summary>A session of a role.</summary>
    public static Principal AssumedRole(string account, string role, string session) =>
        new(account, $"arn:aws:sts::{account}:assumed-role/{role}/{session}", PrincipalKind.AssumedRole, role, session);

    /// <summary>For a service: the resource that makes it call, such as a rule (<c>aws:SourceArn</c>).</summary>
    public string? SourceArn { get; init; }

    /// <summary>A service, named by its host name, acting for an account and, where it is known, for one of its resources.</summary>
    public static Principal Service(string host, string account, string? sourceArn = null) =>
        new(account, host, PrincipalKind.Service) { SourceArn = sourceArn };

    /// <summary>For a session: the policy that narrows it, where one was passed.</summary>
    public string? SessionPolicy { get; init; }

    /// <summary>How the audit names the caller: the role, the service, or <c>root</c>.</summary>
    public string Name =>
        Kind switch
        {
            PrincipalKind.AssumedRole => Role!,
            PrincipalKind.Service => Arn,
            PrincipalKind.Root => "root",
            _ => "anonymous",
        };
}
