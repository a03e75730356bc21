using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>
/// Looks for what somebody has changed by hand. A detection takes minutes: it is begun, written down and looked at again by the state's
/// retries, so that whoever is entered again finds it under way.
/// </summary>
public sealed class DriftLooks(LedgerTable ledger, StepRuns runs, StepKindRegistry kinds)
{
    private const string Task = "drift";

    /// <summary>What of a step's resources has drifted.</summary>
    /// <param name="deployment">The deployment or the plan.</param>
    /// <param name="source">Its source.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="account">The target's account.</param>
    /// <param name="redriveCount">The redrive count of the execution.</param>
    /// <exception cref="NotYetException">A detection runs.</exception>
    public async Task<IReadOnlyList<DriftedResource>> Find(
        DeploymentRecord deployment,
        ServiceSource source,
        string step,
        TargetAccount account,
        int redriveCount
    )
    {
        var key = DriftLook.Key(deployment.Deployment, step);
        var look = await ledger.Read(key);
        if (look is { Found: { } known } && look.RedriveCount == redriveCount)
        {
            return known;
        }

        // What an earlier run of the execution has seen the end of, somebody may have put back since.
        var isOver = look is { Found: not null };
        var detections = new Dictionary<string, string>(isOver ? [] : look?.Detections ?? new Dictionary<string, string>());
        var run = await runs.OpenToRead(deployment, source, step, Task, account);
        IReadOnlyList<DriftedResource>? found = null;
        try
        {
            found = await kinds.Find(run.Record.Kind).Drift(run, detections);
            return found;
        }
        finally
        {
            await ledger.Put(
                key,
                new DriftLook
                {
                    Step = step,
                    RedriveCount = redriveCount,
                    Detections = detections,
                    Found = found,
                    Marks = found is null ? null : [.. found.SelectMany(resource => resource.Marks)],
                },
                run.Expiry
            );
        }
    }

    /// <summary>
    /// What of the steps of a deployment has drifted; all detections are begun before any is waited for.
    /// </summary>
    /// <inheritdoc cref="Find"/>
    public async Task<IReadOnlyList<DriftLook>> LookAtAll(
        DeploymentRecord deployment,
        ServiceSource source,
        TargetAccount account,
        int redriveCount
    )
    {
        NotYetException? underWay = null;
        foreach (var step in source.Graph(deployment).Steps)
        {
            try
            {
                await Find(deployment, source, step.Name, account, redriveCount);
            }
            catch (NotYetException notYet)
            {
                underWay ??= notYet;
            }
        }

        return underWay is null ? await ledger.Query(DriftLook.All(deployment.Deployment)) : throw underWay;
    }
}
