using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Stacks;

/// <summary>What the tasks of a stack keep.</summary>
public sealed record StackProgress : IKept<StackProgress>
{
    /// <summary>Id of the change set that was made.</summary>
    public string? ChangeSet { get; init; }

    /// <summary>Digest of what went into it.</summary>
    public string? Inputs { get; init; }

    /// <summary>Id of the stack, once it is this deployment's to change.</summary>
    public string? Stack { get; init; }

    /// <summary>Id of the stack that was brought into a status in which it can be updated.</summary>
    public string? Mended { get; init; }

    /// <summary>Why an update failed whose rollback was continued.</summary>
    public string? Cause { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<StackProgress> IKept<StackProgress>.Json => StackDocuments.Default.StackProgress;
}

/// <summary>How what stacks keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StackProgress))]
internal sealed partial class StackDocuments : JsonSerializerContext;
