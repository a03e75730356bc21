using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>What a step of a service last did with success on a target: the base of "unchanged" and of later steps' outputs.</summary>
public sealed record ReleasedStep
{
    /// <summary>The step's name; set when the record is written.</summary>
    public string Step { get; init; } = string.Empty;

    /// <summary>The deployment that did it.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>
    /// When it did so, by AWS's clock; set when the record is written, and <see langword="null"/> in records of versions that did not
    /// write it.
    /// </summary>
    public DateTime? At { get; init; }

    /// <summary>Digest of everything that went in.</summary>
    public required string Inputs { get; init; }

    /// <summary>Values for later steps.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Identity of what runs: a stack's id, a revision.</summary>
    public required string Resource { get; init; }

    /// <summary>When AWS says it was last changed, in AWS's words; another value means that someone else changed it.</summary>
    public string? LastChanged { get; init; }

    /// <summary>What releases of this kind keep, as it is written; read and set with its type.</summary>
    public JsonElement? Facts { get; init; }

    /// <summary>What the release keeps; empty when it keeps nothing.</summary>
    public T Kept<T>()
        where T : class, IKept<T>, new() => Facts?.Deserialize(T.Json) ?? new T();

    /// <summary>The record with what the release keeps.</summary>
    public ReleasedStep Keep<T>(T kept)
        where T : class, IKept<T>, new() => this with { Facts = JsonSerializer.SerializeToElement(kept, T.Json) };

    /// <summary>Where the record of what a step released is.</summary>
    public static LedgerKey<ReleasedStep> Key(string service, string target, string step) =>
        new($"TARGET#{service}#{target}", $"STEP#{step}", ReleasedStepDocuments.Default.ReleasedStep);

    /// <summary>What the steps of a service last released on a target.</summary>
    public static LedgerRange<ReleasedStep> All(string service, string target) =>
        new($"TARGET#{service}#{target}", "STEP#", ReleasedStepDocuments.Default.ReleasedStep);
}

/// <summary>How the record of what a step released is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ReleasedStep))]
internal sealed partial class ReleasedStepDocuments : JsonSerializerContext;
