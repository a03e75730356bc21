using Deployer.Functions.Errors;

namespace Deployer.Functions.Steps;

/// <summary>What comparing a step with what runs gave. The order of waves and the plan decide by it.</summary>
public abstract record Comparison
{
    private Comparison() { }

    /// <summary>What is no difference and has to be known, a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

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
    /// <param name="Cause">Why; a <see cref="NotYetException"/> for what is on its way and will settle by itself.</param>
    public sealed record NotReadable(DeployerException Cause) : Comparison;

    /// <summary>Nothing is known to differ, and something of what is wanted cannot be compared: such a step is never left out.</summary>
    /// <param name="Reasons">A sentence for each thing that cannot be compared.</param>
    public sealed record NotComparable(IReadOnlyList<string> Reasons) : Comparison;

    /// <summary>Nothing differs so far; the rest is compared by the next call with the same <see cref="ComparisonProgress"/>.</summary>
    public sealed record Unfinished : Comparison;
}
