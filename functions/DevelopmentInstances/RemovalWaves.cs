using Amazon.CloudFormation;
using Deployer.Functions.Accounts;
using Deployer.Functions.Capacity;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.DevelopmentInstances;

/// <summary>
/// The waves in which a development instance is removed: those of its deployment from the last to the first. The emptied ions are deployed
/// where their group still stands, turned on again if it was off; stacks are looked for whether they were released or not; variables that
/// were written into functions go with the stacks that made these.
/// </summary>
public sealed class RemovalWaves(StepRuns runs, LedgerTable ledger)
{
    /// <summary>The waves.</summary>
    /// <param name="deployment">The deployment that removes the instance.</param>
    /// <param name="source">The service with its ions emptied.</param>
    /// <param name="account">The target's account.</param>
    public async Task<IReadOnlyList<Wave>> Waves(DeploymentRecord deployment, ServiceSource source, TargetAccount account)
    {
        var steps = source.Graph(deployment).Waves;
        await CheckAll(deployment, account, [.. steps.SelectMany(wave => wave).Select(step => step.Name)]);
        var groups = await GroupsWithLambdas(deployment, source, account, steps.SelectMany(wave => wave).OfType<IonsStep>());
        var off = new List<WaveStep>();
        foreach (var group in steps.SelectMany(wave => wave).OfType<StackStep>())
        {
            var name = (await runs.Look(deployment, source, group.Name, "plan", account)).Text(group.Stack);
            if (groups.FirstOrDefault(found => found.Value.Name == name).Value is { } turned && await turned.IsOff())
            {
                off.Add(new WaveStep(group.Name, ComputeGroups.Kind));
            }
        }

        var removal = steps
            .Reverse()
            .Select(wave =>
                wave.Where(step => step is StackStep || groups.ContainsKey(step.Name))
                    .Select(step => new WaveStep(step.Name, step is StackStep ? StackRemoval.Kind : step.Kind))
            );
        return [.. removal.Prepend(off).Select(wave => new Wave([.. wave])).Where(wave => wave.Steps.Count > 0)];
    }

    /// <summary>A step that the instance had and its last source has not any more would be left behind.</summary>
    private async Task CheckAll(DeploymentRecord deployment, TargetAccount account, HashSet<string> steps)
    {
        foreach (var released in await ledger.Query(ReleasedStep.All(deployment.Service, deployment.Target)))
        {
            if (
                !steps.Contains(released.Step)
                && released.Resource.StartsWith("arn:aws:cloudformation:", StringComparison.Ordinal)
                && await account.CloudFormation.Find(released.Resource) is { } stack
                && stack.StackStatus != StackStatus.DELETE_COMPLETE
            )
            {
                throw new StackFailedException(
                    $"stack {stack.StackName} is of the step '{released.Step}', which the instance does not have "
                        + "any more; delete it by hand, or deploy the instance with that step once more, then remove it"
                );
            }
        }
    }

    /// <summary>The groups that still have to be emptied, by their ions steps.</summary>
    private async Task<IReadOnlyDictionary<string, IonGroup>> GroupsWithLambdas(
        DeploymentRecord deployment,
        ServiceSource source,
        TargetAccount account,
        IEnumerable<IonsStep> steps
    )
    {
        var groups = new Dictionary<string, IonGroup>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            var run = await runs.Look(deployment, source, step.Name, "plan", account);
            if (
                run.Evaluate(step.Group).Value is { } group
                && await account.CloudFormation.Find(group) is { StackStatus.Found: StackFound.Update }
                && await IonsComparison.Compare(run, ComparisonProgress.Whole) is not Comparison.NoChanges
            )
            {
                groups[step.Name] = new IonGroup(
                    account.CodeDeploy,
                    account.AutoScaling,
                    IonFiles.Application(source, step).Config.AppName,
                    group
                );
            }
        }

        return groups;
    }
}
