using System.Diagnostics;
using System.Text.Json;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>
/// Orders the steps that have something to do into waves. A step is left out when it is as the last deployment left it and nothing runs
/// in a wave before its own: what runs before may change its values or what it works on, so that it is judged when its turn comes.
/// </summary>
public sealed class WaveOrder(
    IAws aws,
    Settings settings,
    LedgerTable ledger,
    StepRuns runs,
    RemovalWaves removal,
    CapacityWaves capacity,
    Sources sources,
    StepKindRegistry kinds,
    PlanFreshness freshness,
    Failures failures
)
{
    /// <summary>Orders the steps of a deployment and keeps the waves in the bucket.</summary>
    /// <exception cref="PlanChangedException">What its plan looked at has changed; nothing is changed then.</exception>
    /// <exception cref="Ions.RevisionNotPromotedException">Ions were not released in the stage before; nothing is changed then.</exception>
    public Task<DeploymentWaves> Run(DeploymentInput input) =>
        failures.Recorded(
            input.Deployment,
            input.RedriveCount,
            async () =>
            {
                var deployment = await runs.Deployment(input.Deployment);
                using var source = await sources.Read(deployment);
                var target = source.Target(deployment);
                using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
                await freshness.RefuseIfChanged(deployment, source, account);
                var waves = new DeploymentWaves(
                    deployment.Purpose switch
                    {
                        DeploymentPurpose.RemoveInstance => await removal.Waves(deployment, source, account),
                        DeploymentPurpose.ChangeCapacity => capacity.Waves(source.Spec, deployment),
                        DeploymentPurpose.Deploy or DeploymentPurpose.RollBack => await Changes(
                            deployment,
                            source,
                            account,
                            input.RetryCount
                        ),
                        _ => throw new UnreachableException(),
                    }
                );
                await aws.S3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = settings.Bucket,
                        Key = DeploymentWaves.Key(deployment.Deployment),
                        ContentBody = JsonSerializer.Serialize(waves, WaveDocuments.Default.DeploymentWaves),
                    }
                );
                return waves;
            }
        );

    private async Task<List<Wave>> Changes(DeploymentRecord deployment, ServiceSource source, TargetAccount account, int retryCount)
    {
        var waves = new List<Wave>();
        var comparison = new BatchedComparison(ledger, retryCount);
        var refused = new List<Refusal>();
        var graph = source.Graph(deployment);
        foreach (var wave in graph.Waves)
        {
            var ordered = new List<WaveStep>();
            foreach (var step in wave)
            {
                var run = await runs.OpenToRead(deployment, source, step.Name, DeploymentWaves.Task, account);
                var kind = kinds.Find(step.Kind);
                if (waves.Count > 0 || await comparison.Compare(run, progress => kind.Compare(run, progress)) is not Comparison.NoChanges)
                {
                    ordered.Add(new WaveStep(step.Name, step.Kind));
                    if (await kind.WhyRefused(run) is { } refusal)
                    {
                        refused.Add(refusal);
                    }
                }
            }

            if (ordered.Count > 0)
            {
                waves.Add(new Wave(ordered));
            }
        }

        if (refused is [var first, ..])
        {
            throw first.Failure(string.Join('\n', refused.Select(refusal => refusal.Message)));
        }

        foreach (var dependent in StepGraph.Build(source.Spec).Dependents([.. graph.Steps.Select(step => step.Name)]))
        {
            var run = await runs.OpenToRead(deployment, source, dependent, Proof.Task, account);
            if (deployment.FollowedBy?.Contains(dependent) == true)
            {
                await Proof.AddFollower(run);
            }
            else if (run.Released.ContainsKey(dependent))
            {
                await Proof.AddDependent(run, await comparison.Compare(run, progress => Compared(run, progress)));
            }
        }

        return waves;
    }

    /// <summary>A step that is not part of the deployment does not keep it from beginning.</summary>
    private async Task<Comparison> Compared(StepRun run, ComparisonProgress progress)
    {
        try
        {
            return await kinds.Find(run.Record.Kind).Compare(run, progress);
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets) is { IsTransient: false } or NotYetException)
        {
            var failure = Failure.Translate(exception, run.Secrets);
            failure.Hide(run.Secrets);
            return new Comparison.NotReadable(failure);
        }
    }
}
