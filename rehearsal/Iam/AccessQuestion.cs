namespace Deployer.Rehearsal.Iam;

/// <summary>May this caller do this action on this resource?</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Action">The action, such as <c>s3:GetObject</c>.</param>
/// <param name="Resource">The ARN of the resource, or <c>*</c> for an action that has none.</param>
/// <param name="ResourceAccount">The account that owns the resource.</param>
/// <param name="Keys">The request's condition keys.</param>
public sealed record AccessQuestion(AccessCaller Caller, string Action, string Resource, string ResourceAccount, ConditionKeys Keys)
{
    /// <summary>The policy on the resource, when it has one.</summary>
    public PolicyDocument? ResourcePolicy { get; init; }

    /// <summary>Whether <see cref="ResourcePolicy"/> is a role's trust policy, which must allow even in the same account.</summary>
    public bool IsTrust { get; init; }
}
