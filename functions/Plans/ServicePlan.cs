using System.Text.Json.Serialization;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Plans;

/// <summary>What a deployment of a service would do, as it is kept in the bucket.</summary>
/// <param name="Service">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Revision">The commit, where the request named one.</param>
/// <param name="Steps">Every step, in the order of the file.</param>
public sealed record ServicePlan(string Service, string Target, string? Revision, IReadOnlyList<StepPlan> Steps)
{
    /// <summary>How many steps have something to do.</summary>
    public int Changing => Steps.Count(step => step.Action is not (PlannedAction.None or PlannedAction.Depends));

    /// <summary>How many steps may have something to do once others have changed.</summary>
    public int Depending => Steps.Count(step => step.Action == PlannedAction.Depends);

    /// <summary>How many changes deserve a second look.</summary>
    public int Risks { get; init; }

    /// <summary>The execution that made it, which is its id; not in the document that is kept, which its digest is of.</summary>
    public string? Plan { get; init; }

    /// <summary>SHA-256 of the document that is kept, in hexadecimal digits: what an approval is of.</summary>
    public string? Digest { get; init; }

    /// <summary>Digest of the source's content.</summary>
    public string? Source { get; init; }

    /// <summary>The earlier revision that would be deployed again.</summary>
    public string? RollbackTo { get; init; }

    /// <summary>Why a person has to approve it, a sentence each; none for a plan that needs no approval.</summary>
    public IReadOnlyList<string> NeedsApproval { get; init; } = [];

    /// <summary>How many steps would fail.</summary>
    public int Problems => Steps.Count(step => step.Problem is not null);

    /// <summary>How many steps have something to do, a sentence.</summary>
    public string Extent() => $"{Changing} of {Steps.Count} steps have something to do";

    /// <summary>Why nothing can be deployed by it, a sentence for each step that would fail.</summary>
    public IEnumerable<string> WhyItFails() =>
        Steps.Where(step => step.Problem is not null).Select(step => $"step {step.Step} would fail: {step.Problem}");
}

/// <summary>How the plan of a service is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ServicePlan))]
[JsonSerializable(typeof(PlanEnd))]
internal sealed partial class PlanDocuments : JsonSerializerContext;
