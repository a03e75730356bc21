using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>The ECS services that steps roll: that they are there, and that ECS itself deploys them.</summary>
public sealed class ServiceCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "service";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var results = new List<CheckResult>();
        foreach (var step in run.Source.Spec.Steps.OfType<ServiceStep>())
        {
            results.Add(await EcsServiceCheck.CheckServices(run, $"{Name} {step.Name}", run.Text(step.Cluster), run.Text(step.Service)));
        }

        return results;
    }
}
