using System.Globalization;
using Deployer.Cli.Output;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>What a person decides about a plan.</summary>
/// <param name="Approved">Whether it is deployed.</param>
/// <param name="Digest">The digest that the person has seen; <see langword="null"/> for the plan's own.</param>
/// <param name="Reason">Why, in their words.</param>
internal sealed record PlanDecision(bool Approved, string? Digest, string? Reason)
{
    /// <summary>
    /// The longest reason, in characters: that of the comment of a pipeline's manual approval.
    /// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html
    /// </summary>
    public const int LongestReason = 512;

    /// <summary>What is wrong with a reason; <see langword="null"/> where nothing is.</summary>
    public static string? ProblemOf(string? reason) =>
        reason is null ? null
        : reason.Any(char.IsControl) ? "has a control character, such as a line break; expected text on one line"
        : reason.Length > LongestReason
            ? string.Create(CultureInfo.InvariantCulture, $"has {reason.Length} characters; expected {LongestReason} at most")
        : null;

    /// <summary>
    /// Decides: about a plan of a pipeline by the pipeline's manual approval, whose record the deploy action makes; about another one in
    /// the deployer's records. A rejection is always recorded, so that nothing can deploy the plan any more.
    /// </summary>
    /// <param name="tools">The deployer's account, as the person reaches it.</param>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="found">The plan.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="now">When.</param>
    /// <exception cref="InvalidInputException">Nothing can be decided about the plan, or not any more.</exception>
    public async Task<DecidedPlan> Make(AccountClients tools, LedgerTable ledger, PlanRecord found, string by, DateTimeOffset now)
    {
        var approvals = new PlanApprovals(ledger);
        // Nobody decides about a plan before it is made: an approval ends by AWS's clock, and this machine's may be slow.
        var at = found.BegunAt is { } begun && begun > now ? begun : now;
        var decision = new ApprovalRecord(found.Plan, found.Digest!, Approved, by, at, Reason);
        if (PipelineApprovals.AskAbout(found))
        {
            return await MakeInPipeline(tools, ledger, found, decision);
        }

        if (found.NeedsApproval.Count == 0)
        {
            throw new InvalidInputException(
                "NothingToApprove",
                $"plan {found.Plan} needs no approval, and nothing was recorded"
                    + (found.DeployedBy is { } deployed ? $"; the deployment {deployed.Deployment} has deployed it" : string.Empty)
                    + "; expected a plan that waits for an approval: 'deployer deploy' deploys what needs none"
            );
        }

        var kept = await AsInput(() => approvals.Decide(found, decision));
        return new DecidedPlan(found, kept) { IsOfBefore = kept != decision };
    }

    private async Task<DecidedPlan> MakeInPipeline(AccountClients tools, LedgerTable ledger, PlanRecord found, ApprovalRecord decision)
    {
        var approvals = new PlanApprovals(ledger);
        var before = await ApprovalRecord.Find(ledger, found);
        if (Approved && found.DeployedBy is not null)
        {
            return new DecidedPlan(found, before);
        }

        if (Approved && before is { Approved: false })
        {
            throw new InvalidInputException(nameof(ApprovalNeededException), $"plan {found.Plan} was {before.Sentence}; make another plan");
        }

        if (Approved)
        {
            // Before the approval of the pipeline is used up: its deploy action would only fail.
            await AsInput(async () =>
            {
                await approvals.RefuseSuperseded(found);
                return true;
            });
        }

        var pipeline = new PipelineApprovals(tools);
        var waiting = await pipeline.Find(found);
        if (!Approved)
        {
            // First: whatever becomes of the pipeline then, nothing deploys the plan.
            decision = await AsInput(() => approvals.Decide(found, decision));
        }

        await pipeline.Answer(found, waiting, Approved, Reason);
        return new DecidedPlan(found, decision) { Answered = waiting };
    }

    /// <summary>Reads a plan, and refuses a decision about another digest than its own.</summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="plan">The plan's ARN.</param>
    /// <exception cref="InvalidInputException">There is no such plan, or it has another digest.</exception>
    public async Task<PlanRecord> Find(LedgerTable ledger, string plan)
    {
        var found = await AsInput(() => new PlanApprovals(ledger).Find(new ExecutionArn(plan).Deployment));
        return Digest is null || string.Equals(Digest, found.Digest, StringComparison.OrdinalIgnoreCase)
            ? found
            : throw new InvalidInputException(
                "DigestDiffers",
                $"--digest is '{Digest}', and plan {found.Plan} has {found.Digest}; look at the plan again before you decide"
            );
    }

    private static async Task<T> AsInput<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DeployerException refused) when (refused is ApprovalNeededException or PlanChangedException or SupersededException)
        {
            throw new InvalidInputException(refused.Error, refused.Message, refused);
        }
    }

    /// <summary>The report of a plan that was deployed before, with who has approved it and when.</summary>
    /// <param name="decided">The plan.</param>
    /// <param name="report">The report of its deployment.</param>
    public static DeploymentReport Before(DecidedPlan decided, DeploymentReport report) =>
        report with
        {
            Notices =
            [
                $"nothing was started: this is the deployment of plan {decided.Plan.Plan}, which was already "
                    + (decided.Decision?.Sentence ?? "deployed"),
                .. report.Notices,
            ],
        };

    /// <summary>The report of a plan that is rejected, with who has rejected it before and when.</summary>
    /// <param name="decided">The plan.</param>
    /// <param name="report">The report of a run that deployed nothing.</param>
    public static DeploymentReport Rejected(DecidedPlan decided, DeploymentReport report) =>
        PlannedDeployment.Rejected(decided.Plan.Execution.Value, decided.Plan.Digest, report, decided.IsOfBefore ? decided.Decision : null);

    /// <summary>The request that deploys a plan.</summary>
    public static DeploymentRequest Deploys(PlanRecord plan) => plan.Request with { Plan = plan.Plan.Value, AsksForApproval = false };
}

/// <summary>A plan with what was decided about it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Decision">The decision, which may be one before; <see langword="null"/> where nobody had to make one.</param>
internal sealed record DecidedPlan(PlanRecord Plan, ApprovalRecord? Decision)
{
    /// <summary>Whether the decision was made before, and nothing is recorded now.</summary>
    public bool IsOfBefore { get; init; }

    /// <summary>The manual approval of a pipeline by which it was decided.</summary>
    public WaitingAction? Answered { get; init; }
}
