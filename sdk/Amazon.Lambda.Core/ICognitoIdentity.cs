namespace Amazon.Lambda.Core;

/// <summary>The Cognito identity that authorised a call.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</remarks>
public interface ICognitoIdentity
{
    /// <summary>The identity's id.</summary>
    string? IdentityId { get; }

    /// <summary>The pool that holds it.</summary>
    string? IdentityPoolId { get; }
}
