namespace Deployer.Rehearsal.Iam;

/// <summary>What a statement says about the requests that it covers.</summary>
public enum PolicyEffect
{
    /// <summary>The statement allows them.</summary>
    Allow,

    /// <summary>The statement denies them, whatever else allows them.</summary>
    Deny,
}

/// <summary>One statement of a policy.</summary>
public sealed record PolicyStatement
{
    internal PolicyStatement(PolicyEffect effect, MatchElement action) => (Effect, Action) = (effect, action);

    /// <summary>The statement's name in its policy, when it has one.</summary>
    public string? Sid { get; init; }

    /// <summary>Allow or Deny.</summary>
    public PolicyEffect Effect { get; }

    internal PrincipalElement? Principal { get; init; }

    internal MatchElement Action { get; }

    internal MatchElement? Resource { get; init; }

    internal IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>Policy variables are text, not variables, in documents of version 2008-10-17.</summary>
    internal bool HasVariables { get; init; }

    internal bool Covers(AccessQuestion question)
    {
        var variables = HasVariables ? question.Keys : null;
        return (Principal is null || Principal.Covers(question.Caller) is not PrincipalMatch.None)
            && Action.Covers(question.Action, variables: null, ignoreCase: true)
            && (Resource is null || Resource.Covers(question.Resource, variables, ignoreCase: false))
            && Conditions.All(condition => condition.Holds(question.Keys, HasVariables));
    }
}
