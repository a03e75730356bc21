namespace Deployer.Rehearsal.Iam;

/// <summary>The answer to an <see cref="AccessQuestion"/>.</summary>
/// <param name="Allowed">Whether the request may go on.</param>
/// <param name="Reason">
/// For a refusal the end of AWS's message ("because no identity-based policy allows the s3:GetObject action"), for a permission the statement that gives it.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
/// </param>
/// <param name="Question">What was asked.</param>
public sealed record Decision(bool Allowed, string Reason, AccessQuestion Question)
{
    /// <summary>The message of AWS's AccessDenied error.</summary>
    public string Message =>
        $"User: {Question.Caller.Arn} is not authorized to perform: {Question.Action} on resource: {Question.Resource} {Reason}";
}
