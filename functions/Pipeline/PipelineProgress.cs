using System.Text.Json;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Pipeline;

/// <summary>How far a deployment that runs has come.</summary>
/// <param name="Words">For people.</param>
/// <param name="Percent">0 to 99; <see langword="null"/> while nothing of its steps has begun.</param>
public sealed record DeploymentProgress(string Words, int? Percent);

/// <summary>How far the deployment of a pipeline's action has come, by the records of its tasks and the order of its steps.</summary>
public sealed class PipelineProgress(IAws aws, Settings settings, LedgerTable ledger)
{
    /// <summary>A step counts as done once a later wave has begun, since some of its tasks may not have.</summary>
    public async Task<DeploymentProgress> Read(DeploymentId deployment)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal);
        var proven = new HashSet<string>(StringComparer.Ordinal);
        foreach (var task in await ledger.Query(TaskRecord.All(deployment)))
        {
            if (task.Task == Proof.Task)
            {
                proven.Add(task.Step);
            }
            else
            {
                begun.Add(task.Step);
            }
        }

        if (begun.Count == 0)
        {
            return new DeploymentProgress("running", null);
        }

        var waves = await Waves(deployment);
        var current = waves.FindLastIndex(wave => wave.Steps.Any(step => begun.Contains(step.Name)));
        var total = waves.Sum(wave => wave.Steps.Count);
        var done = waves.Take(current).Sum(wave => wave.Steps.Count);
        // What depends on the steps is listed for the proof from the beginning; the steps themselves once they are compared.
        return proven.Overlaps(begun)
            ? new DeploymentProgress($"{total} of {total} steps done, comparing all once more", 99)
            : new DeploymentProgress(
                $"{done} of {total} steps done, at {string.Join(", ", waves[current].Steps.Select(step => step.Name))}",
                done * 100 / total
            );
    }

    private async Task<List<Wave>> Waves(DeploymentId deployment)
    {
        using var answer = await aws.S3.GetObjectAsync(settings.Bucket, DeploymentWaves.Key(deployment));
        var waves = await JsonSerializer.DeserializeAsync(answer.ResponseStream, WaveDocuments.Default.DeploymentWaves);
        return [.. waves!.Waves];
    }
}
