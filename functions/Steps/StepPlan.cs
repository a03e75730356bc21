using Deployer.Functions.Ledger;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Steps;

/// <summary>What a step would do to its target.</summary>
public sealed record StepPlan
{
    /// <summary>The action of a step without changes.</summary>
    public const string NoChanges = "none";

    /// <summary>The action of a step without changes that is judged again when its turn comes, because steps before it change.</summary>
    public const string Depends = "depends";

    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>The step's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// What it works on: a stack's name, a compute group, an endpoint; <see langword="null"/> when that is known after apply.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>
    /// create, update, release, inject; none for a step without changes, depends for one without changes as long as those are not known
    /// that
    /// <see cref="DependsOn"/> names.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>The steps before it that change, after which a step without changes of its own is judged again.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>
    /// Changes of the stack's resources, those of nested stacks among them; <see langword="null"/> when they are known after apply.
    /// </summary>
    public IReadOnlyList<StackChange>? Changes { get; init; }

    /// <summary>
    /// How <c>deps.edn</c> of an ions step differs from the last release; <see langword="null"/> for other kinds, and when nothing was
    /// released before.
    /// </summary>
    public IReadOnlyList<LibraryChange>? Libraries { get; init; }

    /// <summary>References whose values are known after apply, such as <c>steps.group.outputs.LoadBalancer</c>.</summary>
    public IReadOnlyList<string> KnownAfterApply { get; init; } = [];

    /// <summary>Further sentences for who decides: what runs now and what would, the functions that would change.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The longest that the step may take, in minutes; <see langword="null"/> for one that does not wait.</summary>
    public int? LimitMinutes { get; init; }

    /// <summary>Why the step would fail, when that is known already.</summary>
    public string? Problem { get; init; }

    /// <summary>A limit in whole minutes.</summary>
    public static int Minutes(TimeSpan limit) => (int)Math.Ceiling(limit.TotalMinutes);

    /// <summary>Where what a step would do lies.</summary>
    /// <param name="plan">The plan's id.</param>
    /// <param name="step">The step's name.</param>
    public static LedgerKey<StepPlan> Key(DeploymentId plan, string step) =>
        new(DeploymentRecord.Partition(plan), $"PLAN#{step}", StepDocuments.Default.StepPlan);

    /// <summary>What the steps of a plan would do.</summary>
    public static LedgerRange<StepPlan> All(DeploymentId plan) =>
        new(DeploymentRecord.Partition(plan), "PLAN#", StepDocuments.Default.StepPlan);
}

/// <summary>A change of one resource.</summary>
/// <param name="Resource">Its logical id, after those of the nested stacks that it lies in: <c>Network/Listener</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Change">added, modified, replaced, removed, imported, or dynamic for one that is decided after apply.</param>
/// <param name="Properties">Names of the properties and attributes that change; never their values, which may be secret.</param>
/// <param name="Risk">Why it deserves a second look; <see langword="null"/> when nothing can be lost by it.</param>
public sealed record StackChange(string Resource, string Type, string Change, IReadOnlyList<string> Properties, string? Risk = null);
