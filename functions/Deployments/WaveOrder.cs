using System.Text.Json;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Capacity;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

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
    Revisions revisions,
    EndpointWork endpoints,
    Failures failures
)
{
    /// <summary>Plans a deployment and keeps the plan in the bucket.</summary>
    /// <exception cref="RevisionNotPromotedException">Ions were not released in the stage before; nothing is changed then.</exception>
    public Task<DeploymentWaves> Run(DeploymentInput input) =>
        failures.Recorded(
            input.Deployment,
            async () =>
            {
                var deployment = await runs.Deployment(input.Deployment);
                var source = await sources.Of(deployment);
                var target = source.Target(deployment);
                using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment));
                var plan = new DeploymentWaves(
                    deployment.Remove ? await removal.Waves(deployment, source, account)
                    : deployment.Capacity is not null ? ComputeGroups.Waves(source.Spec, deployment)
                    : await Changes(deployment, source, account)
                );
                await aws.S3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = settings.Bucket,
                        Key = $"plans/{deployment.Deployment}.json",
                        ContentBody = JsonSerializer.Serialize(plan, StepDocuments.Default.DeploymentWaves),
                    }
                );
                return plan;
            }
        );

    private async Task<List<Wave>> Changes(DeploymentRecord deployment, ServiceSource source, TargetAccount account)
    {
        var waves = new List<Wave>();
        var running = new HashSet<string>(StringComparer.Ordinal);
        var refused = new List<string>();
        foreach (var wave in source.Graph(deployment).Waves)
        {
            var planned = new List<WaveStep>();
            foreach (var step in wave)
            {
                var run = await runs.Look(deployment, source, step.Name, "plan", account);
                if (step.UsedSteps.Any(running.Contains) || !await IsUnchanged(run, step))
                {
                    planned.Add(new WaveStep(step.Name, step.Kind));
                    if (step is IonsStep && await revisions.NotPromoted(run) is { } refusal)
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

        return refused.Count == 0 ? waves : throw new RevisionNotPromotedException(string.Join('\n', refused));
    }

    private async Task<bool> IsUnchanged(StepRun run, StepSpec step) =>
        step switch
        {
            StackStep => StackInputs.AreKnown(run) && await StackWork.IsUnchanged(run, StackInputs.Of(run, settings)),
            IonsStep => await DeployWork.IsUnchanged(run),
            EndpointStep => await endpoints.IsUnchanged(run),
            _ => throw new SpecInvalidException($"{step.Position}: steps of kind '{step.Kind}' are not supported yet"),
        };
}
