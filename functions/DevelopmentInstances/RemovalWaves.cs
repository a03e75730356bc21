using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.DevelopmentInstances;

/// <summary>
/// The waves in which a development instance is removed: those of its deployment from the last to the first, each step as its kind
/// answers.
/// </summary>
public sealed class RemovalWaves(StepRuns runs, LedgerTable ledger, StepKindRegistry kinds)
{
    /// <summary>The waves.</summary>
    /// <param name="deployment">The deployment that removes the instance.</param>
    /// <param name="source">The service as the kinds of its steps want it for a removal.</param>
    /// <param name="account">The target's account.</param>
    /// <exception cref="DeployerException">What a step made stands that the source has not any more.</exception>
    public async Task<IReadOnlyList<Wave>> Waves(DeploymentRecord deployment, ServiceSource source, TargetAccount account)
    {
        var graph = source.Graph(deployment);
        await CheckAll(deployment, account, [.. graph.Steps.Select(step => step.Name)]);
        var (before, removed) = (new List<WaveStep>(), new List<Wave>());
        foreach (var wave in graph.Waves)
        {
            var steps = new List<WaveStep>();
            foreach (var step in wave)
            {
                var run = await runs.OpenToRead(deployment, source, step.Name, DeploymentWaves.Task, account);
                if (await kinds.Find(step.Kind).Removal(run) is StepRemoval.Branch branch)
                {
                    steps.Add(new WaveStep(step.Name, branch.Name));
                    before.AddRange(branch.Before.Except(before));
                }
            }

            removed.Add(new Wave(steps));
        }

        return [.. removed.Append(new Wave(before)).Reverse().Where(wave => wave.Steps.Count > 0)];
    }

    /// <summary>What a step made that the instance had and its last source has not any more would be left behind.</summary>
    private async Task CheckAll(DeploymentRecord deployment, TargetAccount account, HashSet<string> steps)
    {
        foreach (var released in await ledger.Query(ReleasedStep.All(deployment.Service, deployment.Target)))
        {
            if (steps.Contains(released.Step))
            {
                continue;
            }

            foreach (var kind in kinds.All)
            {
                if (await kind.LeftBehind(released, account) is { } failure)
                {
                    throw failure;
                }
            }
        }
    }
}
