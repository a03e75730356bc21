using Deployer.Functions.Errors;

namespace Deployer.Functions.Steps;

/// <summary>What comparing a step with what runs gave. The order of waves and the plan decide by it.</summary>
public abstract record Comparison
{
    private Comparison() { }

    /// <summary>It needs no changes.</summary>
    public sealed record NoChanges : Comparison;

    /// <summary>Something differs.</summary>
    /// <param name="Differences">A sentence for each difference.</param>
    public sealed record Changes(IReadOnlyList<string> Differences) : Comparison
    {
        /// <summary>A single difference.</summary>
        public Changes(string difference)
            : this([difference]) { }
    }

    /// <summary>What is wanted depends on steps that have not run yet.</summary>
    /// <param name="References">The references without a value, such as <c>steps.group.outputs.LoadBalancer</c>.</param>
    public sealed record KnownAfterApply(IReadOnlyList<string> References) : Comparison;

    /// <summary>What runs cannot be read yet.</summary>
    /// <param name="Cause">Why.</param>
    public sealed record NotReadable(DeployerException Cause) : Comparison;
}
