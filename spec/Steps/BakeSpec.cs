namespace Deployer.Spec.Steps;

/// <summary>How a revision that is live is watched before it counts as released.</summary>
/// <param name="Window">How long.</param>
/// <param name="FreeMemory">The percentage of the free memory after its start below which a node is short of it; 0 for never.</param>
/// <param name="Throttled">How many requests may be turned away because the nodes are busy.</param>
public sealed record BakeSpec(TimeSpan Window, int FreeMemory = BakeSpec.LowMemory, int Throttled = 0)
{
    /// <summary>
    /// What Datomic calls memory pressure: less than this percentage of the free memory after the start, for an extended period.
    /// </summary>
    /// <remarks>https://docs.datomic.com/operation/cloud-troubleshooting.html, "Check Memory Second".</remarks>
    public const int LowMemory = 15;
}
