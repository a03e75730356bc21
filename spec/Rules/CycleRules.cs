using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>No step waits for itself, directly or through others.</summary>
internal static class CycleRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var cycle in StepCycles.Find(spec.Steps))
        {
            var edges = string.Join(", ", cycle.Select(edge => $"{edge.Step} waits for {edge.Before} ({edge.Reason})"));
            faults.Add(
                cycle[0].Position,
                $"the steps form a cycle: {edges}",
                "an order in which each step comes after those that it waits for"
            );
        }
    }
}
