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
    /// <summary>Writes the decision down.</summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="plan">The plan's ARN.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="now">When.</param>
    /// <exception cref="InvalidInputException">There is no such plan, or nothing can be decided about it any more.</exception>
    public async Task<DecidedPlan> Record(LedgerTable ledger, string plan, string by, DateTimeOffset now)
    {
        var found = await Find(ledger, plan);
        // Nobody decides about a plan before it is made: an approval ends by AWS's clock, and this machine's may be slow.
        var at = found.BegunAt is { } begun && begun > now ? begun : now;
        var decision = new ApprovalRecord(found.Plan, found.Digest!, Approved, by, at, Reason);
        return new DecidedPlan(found, await AsInput(() => new PlanApprovals(ledger).Decide(found, decision)));
    }

    /// <summary>Reads a plan about which a pipeline asks, and refuses a decision about another digest than its own.</summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="plan">The plan's ARN.</param>
    /// <exception cref="InvalidInputException">There is no such plan, or it has another digest.</exception>
    public async Task<PlanRecord> Find(LedgerTable ledger, string plan)
    {
        var found = await AsInput(() => new PlanApprovals(ledger).Find(new ExecutionArn(plan).Deployment));
        return Digest is null || Digest == found.Digest
            ? found
            : throw new InvalidInputException(
                "DigestDiffers",
                $"--digest is {Digest}, and plan {found.Plan} has {found.Digest}; look at the plan again before you decide"
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

    /// <summary>The report of a plan that was approved before, with who has approved it and when.</summary>
    /// <param name="decided">The plan.</param>
    /// <param name="report">The report of its deployment.</param>
    public static RehearsalReport Before(DecidedPlan decided, RehearsalReport report) =>
        report with
        {
            Notices =
            [
                $"plan {decided.Plan.Plan} was {decided.Decision.Sentence} already, and this is its deployment: nothing was started",
                .. report.Notices,
            ],
        };

    /// <summary>The request that deploys a plan.</summary>
    public static DeploymentRequest Deploys(PlanRecord plan) => plan.Request with { Plan = plan.Plan.Value, AsksForApproval = false };
}

/// <summary>A plan with what was decided about it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Decision">The decision, which may be one before.</param>
internal sealed record DecidedPlan(PlanRecord Plan, ApprovalRecord Decision);
