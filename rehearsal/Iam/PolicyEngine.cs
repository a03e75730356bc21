using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Iam;

/// <summary>
/// Judges requests: an explicit deny wins; in one account the identity policies or the resource policy must allow, across accounts both; a
/// role's trust policy must always allow; a permissions boundary and a session policy limit what identity policies give.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
/// </summary>
public static class PolicyEngine
{
    /// <summary>Judges one request on one resource.</summary>
    /// <returns>
    /// For a refusal the reason is the end of AWS's message ("because no identity-based policy allows the s3:GetObject action"), for a
    /// permission the statement that gives it. See https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
    /// </returns>
    public static Decision Decide(AccessQuestion question)
    {
        var caller = question.Caller;
        var resourceKind = question.IsTrust ? "role trust" : "resource-based";
        if (ExplicitDeny(question, resourceKind) is { } denied)
        {
            return new(Allowed: false, denied);
        }

        var onResource = question.ResourcePolicy?.First(PolicyEffect.Allow, question);
        var resourceMatch = ResourceMatch(question);
        if (!caller.HasIdentity)
        {
            return onResource is null ? Missing(resourceKind) : Allow(onResource, resourceKind);
        }

        var crossesAccounts = caller.Account != question.ResourceAccount;
        if ((crossesAccounts || question.IsTrust) && onResource is null)
        {
            return Missing(resourceKind);
        }

        if (!crossesAccounts && resourceMatch == PrincipalMatch.Named && onResource is not null)
        {
            return Allow(onResource, resourceKind);
        }

        if (caller.Administrator)
        {
            return new(Allowed: true, $"the administrator of {caller.Account}");
        }

        var given = caller.Policies.Select(policy => policy.First(PolicyEffect.Allow, question)).FirstOrDefault(found => found is not null);
        return given is null ? Missing("identity-based")
            : caller.Boundary is { } boundary && boundary.First(PolicyEffect.Allow, question) is null ? Missing("permissions boundary")
            : caller.SessionPolicy is { } session && session.First(PolicyEffect.Allow, question) is null ? Missing("session")
            : Allow(given, "identity-based");

        Decision Allow(PolicyStatement statement, string kind) =>
            new(Allowed: true, $"{kind} policy, statement {statement.Sid ?? "without a Sid"}");

        Decision Missing(string kind) =>
            new(
                Allowed: false,
                kind == "permissions boundary"
                    ? $"because no permissions boundary allows the {question.Action} action"
                    : $"because no {kind} policy allows the {question.Action} action"
            );
    }

    private static string? ExplicitDeny(AccessQuestion question, string resourceKind)
    {
        bool Denies(PolicyDocument? policy) => policy?.First(PolicyEffect.Deny, question) is not null;

        return question.Caller.Policies.Any(Denies) ? "with an explicit deny in an identity-based policy"
            : Denies(question.ResourcePolicy) ? $"with an explicit deny in a {resourceKind} policy"
            : Denies(question.Caller.Boundary) ? "with an explicit deny in a permissions boundary"
            : Denies(question.Caller.SessionPolicy) ? "with an explicit deny in a session policy"
            : null;
    }

    // The strongest way in which an allowing statement names the caller: by name it lets him in alone, by account only together with an
    // identity policy.
    private static PrincipalMatch ResourceMatch(AccessQuestion question) =>
        question.ResourcePolicy is null
            ? PrincipalMatch.None
            : question
                .ResourcePolicy.Statements.Where(statement => statement.Effect == PolicyEffect.Allow && statement.Covers(question))
                .Select(statement => statement.Principal!.Covers(question.Caller))
                .DefaultIfEmpty(PrincipalMatch.None)
                .Max();
}
