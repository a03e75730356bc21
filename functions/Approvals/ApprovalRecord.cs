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
    /// Where what people decided about a plan by a command lies: in a partition of its own, so that an IAM policy can leave writing there
    /// to people who may approve (the condition <c>dynamodb:LeadingKeys</c>).
    /// </summary>
    public static LedgerKey<ApprovalRecord> Key(DeploymentId plan) =>
        new($"APPROVAL#{plan}", "RECORD", ApprovalDocuments.Default.ApprovalRecord);

    /// <summary>
    /// Where what a pipeline's manual approval decided about a plan lies: where no people write, since who may approve plans need not be
    /// allowed to answer the pipeline's approvals.
    /// </summary>
    public static LedgerKey<ApprovalRecord> KeyOfPipeline(DeploymentId plan) =>
        new($"PIPELINE-APPROVAL#{plan}", "RECORD", ApprovalDocuments.Default.ApprovalRecord);

    /// <summary>
    /// What was decided about a plan; <see langword="null"/> for nothing yet. Of a plan whose pipeline is known an approval counts that the
    /// deployer has found in the pipeline, and a rejection by whomever.
    /// </summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="plan">The plan.</param>
    public static async Task<ApprovalRecord?> Find(LedgerTable ledger, PlanRecord plan)
    {
        var ofPerson = await ledger.Read(Key(plan.Plan));
        if (ofPerson is not null && (!ofPerson.Approved || plan.Request.Pipeline is null))
        {
            return ofPerson;
        }

        // An earlier version wrote both to one place; what it has let begin goes on.
        return await ledger.Read(KeyOfPipeline(plan.Plan)) ?? (plan.DeployedBy is null ? null : ofPerson);
    }
}
