namespace Deployer.Rehearsal.World;

/// <summary>Whether a request is allowed, and why: the sentence AWS's AccessDenied ends with.</summary>
public sealed record Decision(bool Allowed, string Reason);

/// <summary>Judges requests by the policies of the world.</summary>
public interface IAuthorizer
{
    /// <summary>Decides one action on one resource.</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">The resource's ARN, or <c>*</c>.</param>
    /// <param name="resourceAccount">The account that owns the resource.</param>
    /// <param name="resourcePolicy">The resource's own policy document (JSON), where it has one.</param>
    /// <param name="conditionKeys">Condition keys of this request beside the global ones.</param>
    Decision Decide(
        Principal principal,
        string action,
        string resource,
        string resourceAccount,
        string? resourcePolicy,
        IReadOnlyDictionary<string, string> conditionKeys
    );
}
