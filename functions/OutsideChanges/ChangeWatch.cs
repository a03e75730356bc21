using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.OutsideChanges;

/// <summary>
/// Writes down, at the end of a deployment that succeeded, what a look compares its target with, and what its steps own or read, so that
/// events about that are known to be about the target.
/// </summary>
public sealed class ChangeWatch(LedgerTable ledger, StepRuns runs, StepKindRegistry kinds)
{
    /// <summary>The task's name of steps that are only read.</summary>
    internal const string Task = "look";

    /// <summary>
    /// The steps whose resources are to be written down: those that ran, and all of a target that was deployed by an earlier version of the
    /// deployer.
    /// </summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="source">Its source.</param>
    /// <param name="ran">The steps that ran.</param>
    public async Task<IReadOnlyList<string>> Steps(DeploymentRecord deployment, ServiceSource source, IReadOnlySet<string> ran)
    {
        var present = await ledger.Read(DeployedSteps.Key(deployment.Service, deployment.Target));
        return
        [
            .. source
                .Graph(deployment)
                .Steps.Select(step => step.Name)
                .Where(step => ran.Contains(step) || present?.Steps.ContainsKey(step) != true),
        ];
    }

    /// <summary>Writes down what steps own or read.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="source">Its source.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="account">The target's account.</param>
    /// <returns>What that is, as events name it.</returns>
    public async Task<IReadOnlyList<string>> Watch(
        DeploymentRecord deployment,
        ServiceSource source,
        IReadOnlyList<string> steps,
        TargetAccount account
    )
    {
        var watched = new List<string>();
        foreach (var step in steps)
        {
            var run = await runs.OpenToRead(deployment, source, step, Task, account);
            foreach (var resource in await kinds.Find(run.Record.Kind).Watched(run))
            {
                var watch = new WatchRecord(resource, deployment.Service, deployment.Target);
                await ledger.Change(watch.Key, present => present ?? watch);
                watched.Add(resource);
            }
        }

        return watched;
    }

    /// <summary>Writes down that a deployment is the last that deployed its steps with success.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="source">Its source.</param>
    /// <param name="watched">What its steps own or read, beside what is known.</param>
    public Task Keep(DeploymentRecord deployment, ServiceSource source, IReadOnlyList<string> watched) =>
        ledger.Change(
            DeployedSteps.Key(deployment.Service, deployment.Target),
            present => present is not null && present.Number >= deployment.Number ? present : With(deployment, source, present, watched)
        );

    /// <summary>Makes one more look due after a deployment that others are to follow; doing it again adds nothing.</summary>
    /// <param name="deployment">The deployment, which has done its work.</param>
    /// <param name="followers">The steps that may have to follow.</param>
    /// <param name="at">The moment.</param>
    public Task LookAgain(DeploymentRecord deployment, IReadOnlyList<string> followers, DateTimeOffset at) =>
        ledger.Change(
            PendingChange.Key(deployment.Service, deployment.Target),
            present =>
                (present ?? new PendingChange { Service = deployment.Service, Target = deployment.Target }).Followed(
                    deployment.Deployment,
                    followers,
                    at
                )
        );

    /// <summary>
    /// Writes down that groups are on again, as the last deployment of their steps had left them: it may be deployed again.
    /// </summary>
    public async Task KeepNumber(DeploymentRecord deployment)
    {
        var key = DeployedSteps.Key(deployment.Service, deployment.Target);
        if (await ledger.Read(key) is { } deployed)
        {
            await ledger.Change(
                key,
                present =>
                    (present ?? deployed) is var standing && standing.Number >= deployment.Number
                        ? standing
                        : standing with
                        {
                            Number = deployment.Number,
                        }
            );
        }
    }

    private static DeployedSteps With(
        DeploymentRecord deployment,
        ServiceSource source,
        DeployedSteps? present,
        IReadOnlyList<string> watched
    )
    {
        var steps = new SortedDictionary<string, DeploymentId>(StringComparer.Ordinal);
        foreach (var (step, earlier) in present?.Steps ?? new Dictionary<string, DeploymentId>())
        {
            // What the file does not have any more is nobody's; the file of what is deployed again may be older than the step.
            if (deployment.IsAgain || deployment.RollbackTo is not null || source.Spec.Step(step) is not null)
            {
                steps[step] = earlier;
            }
        }

        foreach (var step in source.Graph(deployment).Steps)
        {
            steps[step.Name] = deployment.Deployment;
        }

        return new DeployedSteps
        {
            // What a look has begun says nothing new: the file that somebody has deployed last stays the one to ask.
            Last = deployment.IsAgain && present is not null ? present.Last : deployment.Deployment,
            Number = deployment.Number,
            Steps = steps,
            Watched = [.. (present?.Watched ?? []).Union(watched).Order(StringComparer.Ordinal)],
        };
    }
}
