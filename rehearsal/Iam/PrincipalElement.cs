namespace Deployer.Rehearsal.Iam;

/// <summary>How a Principal element names a caller.</summary>
internal enum PrincipalMatch
{
    None,

    /// <summary>By its account only: the account may let the caller in by an identity policy.</summary>
    Account,

    /// <summary>By its role, its session, its service or the wildcard: the resource policy alone lets it in within one account.</summary>
    Named,
}

/// <summary>
/// A Principal or NotPrincipal element.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
/// </summary>
internal sealed record PrincipalElement(bool Anyone, IReadOnlyList<string> Aws, IReadOnlyList<string> Services, bool Negated)
{
    public PrincipalMatch Covers(AccessCaller caller)
    {
        var match = Match(caller);
        return Negated
            ? match == PrincipalMatch.None
                ? PrincipalMatch.Named
                : PrincipalMatch.None
            : match;
    }

    private PrincipalMatch Match(AccessCaller caller)
    {
        if (Anyone || (caller.Service is { } service && Services.Contains(service, StringComparer.Ordinal)))
        {
            return PrincipalMatch.Named;
        }

        if (
            Aws.Any(arn =>
                string.Equals(arn, caller.Arn, StringComparison.Ordinal) || string.Equals(arn, caller.RoleArn, StringComparison.Ordinal)
            )
        )
        {
            return PrincipalMatch.Named;
        }

        return caller.HasIdentity && Aws.Any(arn => arn == caller.Account || arn == $"arn:aws:iam::{caller.Account}:root")
            ? PrincipalMatch.Account
            : PrincipalMatch.None;
    }
}
