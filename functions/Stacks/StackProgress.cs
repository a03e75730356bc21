using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Stacks;

/// <summary>What the tasks of a stack keep.</summary>
public sealed record StackProgress : IKept<StackProgress>
{
    /// <summary>Id of the change set that was made.</summary>
    public string? ChangeSet { get; init; }

    /// <summary>When the stack was last changed before it, in AWS's words; <see langword="null"/> for a new stack.</summary>
    public string? Before { get; init; }

    /// <summary>
    /// Why it may not be this deployment that executed it; <see langword="null"/> when CloudFormation accepted its execution.
    /// </summary>
    public string? Doubt { get; init; }

    /// <summary>
    /// Since when entries have not found the change set, or the operation, by AWS's clock; <see langword="null"/> when the last one has
    /// found it.
    /// </summary>
    public DateTime? UnseenSince { get; init; }

    /// <summary>Digest of what went into it.</summary>
    public string? Inputs { get; init; }

    /// <summary>Digests and versions of what CloudFormation reads from elsewhere, from before the change set was made.</summary>
    public IReadOnlyDictionary<string, string>? External { get; init; }

    /// <summary>Id of the stack, once it is this deployment's to change.</summary>
    public string? Stack { get; init; }

    /// <summary>Id of the stack that was brought into a status in which it can be updated.</summary>
    public string? Mended { get; init; }

    /// <summary>Why an update failed whose rollback was continued.</summary>
    public string? Cause { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<StackProgress> IKept<StackProgress>.Json => StackDocuments.Default.StackProgress;
}

/// <summary>What a stack step released.</summary>
public sealed record ReleasedStack : IKept<ReleasedStack>
{
    /// <summary>Digests and versions of what CloudFormation read from elsewhere.</summary>
    public IReadOnlyDictionary<string, string>? External { get; init; }

    /// <summary>
    /// Its nested stacks, by their logical ids with <c>/</c> between the levels; <see langword="null"/> in records from before they were
    /// kept.
    /// </summary>
    public IReadOnlyDictionary<string, ReleasedNestedStack>? Nested { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ReleasedStack> IKept<ReleasedStack>.Json => StackDocuments.Default.ReleasedStack;
}

/// <summary>How what stacks keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(StackProgress))]
[JsonSerializable(typeof(ReleasedStack))]
internal sealed partial class StackDocuments : JsonSerializerContext;
