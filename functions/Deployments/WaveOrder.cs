using System.Diagnostics;
using System.Text.Json;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Capacity;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>
/// Orders the steps that have something to do into waves. A step is left out when it is as the last deployment left it;
/// one whose values come from a step that runs is kept, since they are known only after that step.
/// </summary>
public sealed class WaveOrder(
    IAws aws,
    Settings settings,
    StepRuns runs,
    RemovalWaves removal,
    Sources sources,
    StepKindRegistry kinds,
    Failures failures
)
{
    /// <summary>Orders the steps of a deployment and keeps the waves in the bucket.</summary>
    /// <exception cref="RevisionNotPromotedException">Ions were not released in the stage before; nothing is changed then.</exception>
    public Task<DeploymentWaves> Run(DeploymentInput input) =>
        failures.Recorded(
            input.Deployment,
            input.RedriveCount,
            async () =>
            {
                var deployment = await runs.Deployment(input.Deployment);
                var source = await sources.Read(deployment);
                var target = source.Target(deployment);
                using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
                var waves = new DeploymentWaves(
                    deployment.Purpose switch
                    {
                        DeploymentPurpose.RemoveInstance => await removal.Waves(deployment, source, account),
                        DeploymentPurpose.ChangeCapacity => ComputeGroups.Waves(source.Spec, deployment),
                        DeploymentPurpose.Deploy or DeploymentPurpose.RollBack => await Changes(deployment, source, account),
                        _ => throw new UnreachableException(),
                    }
                );
                await aws.S3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = settings.Bucket,
                        Key = $"plans/{deployment.Deployment}.json",
                        ContentBody = JsonSerializer.Serialize(waves, StepDocuments.Default.DeploymentWaves),
                    }
                );
                return waves;
            }
        );

    private async Task<List<Wave>> Changes(DeploymentRecord deployment, ServiceSource source, TargetAccount account)
    {
        var waves = new List<Wave>();
        var running = new HashSet<string>(StringComparer.Ordinal);
        var refused = new List<Refusal>();
        foreach (var wave in source.Graph(deployment).Waves)
        {
            var planned = new List<WaveStep>();
            foreach (var step in wave)
            {
                var run = await runs.Look(deployment, source, step.Name, "plan", account);
                var kind = kinds.Find(step.Kind);
                if (step.UsedSteps.Any(running.Contains) || await kind.Compare(run) is not Comparison.NoChanges)
                {
                    planned.Add(new WaveStep(step.Name, step.Kind));
                    if (await kind.Refuse(run) is { } refusal)
                    {
                        refused.Add(refusal);
                    }
                }
            }

            running.UnionWith(planned.Select(step => step.Name));
            if (planned.Count > 0)
            {
                waves.Add(new Wave(planned));
            }
        }

        return refused is [var first, ..] ? throw first.Failure(string.Join('\n', refused.Select(refusal => refusal.Message))) : waves;
    }
}
