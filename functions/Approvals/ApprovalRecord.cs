using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Approvals;

/// <summary>What a person has decided about a plan. It is written once: whoever comes later is refused.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Digest">The digest that was decided about.</param>
/// <param name="Approved">Whether it may be deployed.</param>
/// <param name="By">Who decided.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why, in their words.</param>
public sealed record ApprovalRecord(DeploymentId Plan, string Digest, bool Approved, string By, DateTimeOffset At, string? Reason = null)
{
    /// <summary>What was decided, by whom, when, and why: <c>rejected by jane at 2026-11-27 10:00:00Z: not today</c>.</summary>
    public string Sentence => PrintableText.OnOneLine($"{Decision} by {By} at {At:u}{(SaysMore ? $": {Reason}" : string.Empty)}");

    private string Decision => Approved ? "approved" : "rejected";

    /// <summary>Whether the reason is more than the decision itself, which a pipeline's own comment may be.</summary>
    private bool SaysMore => !string.IsNullOrWhiteSpace(Reason) && !Reason.Trim().Equals(Decision, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Where what was decided about a plan lies: in a partition of its own, so that an IAM policy can leave writing there to people who
    /// may approve (the condition <c>dynamodb:LeadingKeys</c>).
    /// </summary>
    public static LedgerKey<ApprovalRecord> Key(DeploymentId plan) =>
        new($"APPROVAL#{plan}", "RECORD", ApprovalDocuments.Default.ApprovalRecord);
}
