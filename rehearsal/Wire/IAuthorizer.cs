namespace Deployer.Rehearsal.Wire;

/// <summary>Whether a request is allowed, and why: the sentence AWS's AccessDenied ends with.</summary>
public sealed record Decision(bool Allowed, string Reason);

/// <summary>A resource that CloudFormation makes.</summary>
/// <param name="Type">CloudFormation's type, such as <c>AWS::EC2::SecurityGroup</c>.</param>
/// <param name="Region">The region.</param>
/// <param name="Account">The account.</param>
/// <param name="Id">Its physical id, which may be its ARN.</param>
public sealed record MadeResource(string Type, string Region, string Account, string Id);

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

    /// <summary>The ARN that an action is judged on where CloudFormation makes, changes or deletes a resource with it.</summary>
    /// <param name="action">Such as <c>ec2:CreateSecurityGroup</c>.</param>
    /// <param name="resource">The resource.</param>
    /// <returns>The ARN; <c>*</c> where the action knows no resources.</returns>
    string ArnOf(string action, MadeResource resource);

    /// <summary>Judges whether a caller may hand a role of its own account to a service that may assume it.</summary>
    /// <param name="principal">Who hands it over.</param>
    /// <param name="roleArn">The role.</param>
    /// <param name="service">The service that will assume it, such as <c>lambda.amazonaws.com</c>.</param>
    /// <param name="untrusted">What the service answers when there is no such role or the role does not trust it.</param>
    /// <param name="sourceArn">What the service will assume it for, where the service says so (<c>aws:SourceArn</c>).</param>
    /// <exception cref="ApiException">AccessDenied for the caller or across accounts; <paramref name="untrusted"/>.</exception>
    void CheckPassRole(Principal principal, string roleArn, string service, ApiException? untrusted, string? sourceArn);
}
