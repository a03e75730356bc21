using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.OutsideChanges;

/// <summary>What of a target is not as it was deployed.</summary>
/// <param name="Sentences">A sentence for each difference.</param>
/// <param name="Unreadable">Whether a step could not be compared.</param>
/// <param name="Again">What is deployed again first; <see langword="null"/> where nothing differs.</param>
public sealed record TargetDifferences(IReadOnlyList<string> Sentences, bool Unreadable, DifferingDeployment? Again);

/// <summary>Compares the steps of a target with what was deployed last, each by the deployment that did it, as its kind compares.</summary>
public sealed class TargetComparison(IAws aws, Sources sources, StepRuns runs, StepKindRegistry kinds)
{
    /// <summary>What the target says about changes by others, in the source that was deployed last.</summary>
    public async Task<StackChangePolicy> Policy(DeployedSteps deployed)
    {
        var last = await runs.Deployment(deployed.Last);
        using var source = await sources.Read(last);
        return source.Target(last).OnStackChange;
    }

    /// <summary>Compares every step of a target.</summary>
    /// <returns>What differs; <see langword="null"/> while something is on its way.</returns>
    public async Task<TargetDifferences?> Differences(DeployedSteps deployed)
    {
        var deployments = new List<DeploymentRecord>();
        foreach (var deployment in deployed.Steps.Values.Distinct())
        {
            deployments.Add(await runs.Deployment(deployment));
        }

        var entry = new Entry();
        var parts = new List<DeployedPart>();
        foreach (var deployment in deployments.OrderBy(deployment => deployment.Number))
        {
            using var source = await sources.Read(deployment);
            var target = source.Target(deployment);
            using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
            var part = new DeployedPart(deployment, target, StepGraph.Build(source.Spec));
            foreach (var step in source.Graph(deployment).Steps.Select(step => step.Name))
            {
                if (deployed.Steps.GetValueOrDefault(step) != deployment.Deployment)
                {
                    continue;
                }

                part.Own.Add(step);
                var before = entry.Sentences.Count;
                await Compare(await runs.OpenToRead(deployment, source, step, ChangeWatch.Task, account), entry);
                if (entry.Sentences.Count > before)
                {
                    part.Differing.Add(step);
                }
            }

            parts.Add(part);
        }

        return entry.Underway ? null : new TargetDifferences(entry.Sentences, entry.Unreadable, DifferingDeployment.First(parts));
    }

    private async Task Compare(StepRun run, Entry entry)
    {
        try
        {
            switch (await kinds.Find(run.Record.Kind).Compare(run, ComparisonProgress.Whole))
            {
                case Comparison.Changes changes:
                    entry.Sentences.AddRange(changes.Differences.Select(difference => Sentence(run, difference)));
                    break;
                case Comparison.KnownAfterApply unknown:
                    entry.Sentences.Add(Sentence(run, $"{string.Join(", ", unknown.References)} has no value"));
                    break;
                case Comparison.NotReadable { Cause: NotYetException }:
                    entry.Underway = true;
                    break;
                case Comparison.NotReadable unreadable:
                    Unreadable(unreadable.Cause);
                    break;
            }
        }
        catch (Exception exception)
        {
            var failure = Failure.Translate(exception, run.Secrets);
            failure.Hide(run.Secrets);
            if (failure is NotYetException)
            {
                entry.Underway = true;
                return;
            }

            if (failure.IsTransient)
            {
                throw failure;
            }

            Unreadable(failure);
        }

        void Unreadable(DeployerException failure)
        {
            entry.Unreadable = true;
            entry.Sentences.Add(Sentence(run, failure.Message));
        }
    }

    private static string Sentence(StepRun run, string difference) => $"step '{run.Name}': {difference}";

    /// <summary>What was found so far.</summary>
    private sealed class Entry
    {
        public List<string> Sentences { get; } = [];

        public bool Underway { get; set; }

        public bool Unreadable { get; set; }
    }
}
