using System.Text.Json;
using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>What a step would do to its target.</summary>
public sealed record StepPlan
{
    /// <summary>The member of a part that a step does not have.</summary>
    internal static readonly JsonElement NoPart = JsonDocument.Parse("null").RootElement;

    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>The step's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// What it works on: a stack's name, a compute group, an endpoint; <see langword="null"/> when that is known after apply.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>
    /// What would be done; <see cref="PlannedAction.Depends"/> for a step without changes, or that lacks an input, as long as those are
    /// not known that <see cref="DependsOn"/> names.
    /// </summary>
    public required PlannedAction Action { get; init; }

    /// <summary>
    /// The steps before it that change, after which a step without changes of its own, or that lacks an input, is judged again.
    /// </summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>References whose values are known after apply, such as <c>steps.group.outputs.LoadBalancer</c>.</summary>
    public IReadOnlyList<string> KnownAfterApply { get; init; } = [];

    /// <summary>Further sentences for who decides: what runs now and what would, the functions that would change.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The longest that the step may take, in minutes; <see langword="null"/> for one that does not wait.</summary>
    public int? LimitMinutes { get; init; }

    /// <summary>Why the step would fail, when that is known already.</summary>
    public string? Problem { get; init; }

    /// <summary>
    /// What deserves a second look beside the changes of resources, a sentence each; left out when there is nothing.
    /// </summary>
    public IReadOnlyList<string>? Risks { get; init; }

    /// <summary>What was changed by hand; left out where nobody looked.</summary>
    public IReadOnlyList<DriftedResource>? Drift { get; init; }

    /// <summary>What the plan looked at: a deployment of it is refused where one of these has changed.</summary>
    public IReadOnlyList<LiveFact> LookedAt { get; init; } = [];

    /// <summary>
    /// Whether the plan shows all that is going to change, as was found when it was put together; not in its document, and
    /// <see langword="null"/> where a value or an earlier step may change more.
    /// </summary>
    public bool? ShowsAll { get; init; }

    /// <summary>
    /// What <see cref="Problem"/> is that the step did not find, where an earlier step may make it; <see langword="null"/> for another
    /// problem, and in a finished plan.
    /// </summary>
    public IReadOnlyList<string>? MissingInputs { get; init; }

    /// <summary>
    /// The parts that steps of some kinds have, by their names: in the document they are members like the others, null for a step of
    /// another kind. Read and changed with their types.
    /// </summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Parts { get; set; }

    /// <summary>A part of the plan; <see langword="null"/> when the step does not have it or it is known after apply.</summary>
    public T? Part<T>(PlanPart<T> part)
        where T : class => part.Read(this);

    /// <summary>The plan with one of its parts.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="value">What it holds; <see langword="null"/> for nothing.</param>
    public StepPlan With<T>(PlanPart<T> part, T? value)
        where T : class => this with { Parts = new(Parts ?? []) { [part.Name] = part.Write(value) } };

    /// <summary>A limit in whole minutes.</summary>
    public static int Minutes(TimeSpan limit) => (int)Math.Ceiling(limit.TotalMinutes);

    /// <summary>Where what a step would do lies.</summary>
    /// <param name="plan">The plan's id.</param>
    /// <param name="step">The step's name.</param>
    public static LedgerKey<StepPlan> Key(DeploymentId plan, string step) =>
        new(DeploymentRecord.Partition(plan), $"PLAN#{step}", StepPlanDocuments.Default.StepPlan);

    /// <summary>What the steps of a plan would do.</summary>
    public static LedgerRange<StepPlan> All(DeploymentId plan) =>
        new(DeploymentRecord.Partition(plan), "PLAN#", StepPlanDocuments.Default.StepPlan);
}

/// <summary>How plans of steps are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StepPlan))]
internal sealed partial class StepPlanDocuments : JsonSerializerContext;
