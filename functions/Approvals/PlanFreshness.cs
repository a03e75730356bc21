using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Approvals;

/// <summary>Compares what a plan looked at with what there is now, once the deployment owns the lock.</summary>
public sealed class PlanFreshness(LedgerTable ledger, StepRuns runs, StepKindRegistry kinds)
{
    /// <summary>The name under which steps are looked at; nothing is recorded under it.</summary>
    private const string Task = "look";

    /// <summary>Refuses a deployment whose plan looked at something else than what there is now.</summary>
    /// <exception cref="PlanChangedException">Something differs; the message names each thing.</exception>
    public async Task RefuseIfChanged(DeploymentRecord deployment, ServiceSource source, TargetAccount account)
    {
        if (deployment.Plan is not { } plan)
        {
            return;
        }

        var record = await ledger.Read(PlanRecord.Key(plan)) ?? throw new PlanChangedException($"plan {plan} has expired; plan again");
        var changed = new List<string>();
        foreach (var planned in record.LookedAt)
        {
            var run = await runs.OpenToRead(deployment, source, planned.Step, Task, account);
            var now = await LiveState.Read(run, kinds.Find(run.Record.Kind));
            changed.AddRange(Differences(planned, now));
        }

        if (changed.Count > 0)
        {
            throw new PlanChangedException($"{await Why(record, deployment)}; plan again\n{string.Join('\n', changed)}");
        }
    }

    /// <summary>What has changed may be what the plan itself was for: the same input can be given to another execution.</summary>
    private async Task<string> Why(PlanRecord plan, DeploymentRecord deployment) =>
        plan.DeployedBy is { } before
        && before != deployment.Execution
        && await ledger.Read(DeploymentRecord.Key(before.Deployment)) is { } record
            ? record.Succeeded
                ? $"plan {plan.Plan} was deployed already, by the deployment {before.Deployment}; what it looked at is other since, and "
                    + "nothing was deployed again"
                : $"plan {plan.Plan} is deployed by the deployment {before.Deployment} already, which "
                    + $"{(record.Closed ? "has failed: redrive that one" : "has not ended")}; what the plan looked at is other since, and "
                    + "nothing more was deployed"
            : $"what plan {plan.Plan} looked at has changed since, and nothing was deployed";

    private static IEnumerable<string> Differences(LookedAtStep planned, IReadOnlyList<LiveFact> now)
    {
        foreach (var before in planned.Facts)
        {
            var after = now.FirstOrDefault(fact => fact.Thing == before.Thing)?.State ?? "not there";
            if (after != before.State)
            {
                yield return $"step {planned.Step}: {before.Thing}: when it was planned {before.State}, now {after}";
            }
        }
    }
}
