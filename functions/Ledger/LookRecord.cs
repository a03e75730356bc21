using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>What a look came to.</summary>
public enum LookResult
{
    /// <summary>Everything is as it was deployed.</summary>
    NothingDiffers,

    /// <summary>Something differs, and it was reported.</summary>
    Reported,

    /// <summary>Something differs, and what was deployed last is deployed again.</summary>
    Redeployed,

    /// <summary>Something differs, and the plan by which it is deployed again is being made or waits for an approval.</summary>
    Planned,

    /// <summary>Nothing was compared, because the target says so.</summary>
    Ignored,

    /// <summary>Nothing was compared, because nothing was deployed with success yet.</summary>
    NothingDeployed,
}

/// <summary>A look at a service's target after something of it was changed by others than the deployer.</summary>
public sealed record LookRecord
{
    private const string Prefix = "LOOK#";

    /// <summary>Its number, which grows.</summary>
    public required long Number { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What had happened.</summary>
    public required IReadOnlyList<OutsideChange> Changes { get; init; }

    /// <summary>What it came to.</summary>
    public required LookResult Result { get; init; }

    /// <summary>What differs from what was deployed, a sentence each.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Why nothing was deployed again although the target says so; <see langword="null"/> otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>The deployment that was started.</summary>
    public DeploymentId? Deployment { get; init; }

    /// <summary>What was started, so that it is started again where the function died over it.</summary>
    public DeploymentRequest? Request { get; init; }

    /// <summary>The plan that was begun.</summary>
    public DeploymentId? Plan { get; init; }

    /// <summary>The plan of something newer that it gave way to.</summary>
    public AwaitedPlan? Awaited { get; init; }

    /// <summary>Where the record of a look is.</summary>
    public static LedgerKey<LookRecord> Key(string service, string target, long number) =>
        new(Partition(service, target), $"{Prefix}{number:D10}", LookRecordDocuments.Default.LookRecord);

    /// <summary>The looks at a target, the oldest first.</summary>
    public static LedgerRange<LookRecord> All(string service, string target) =>
        new(Partition(service, target), Prefix, LookRecordDocuments.Default.LookRecord);

    private static string Partition(string service, string target) => $"TARGET#{service}#{target}";
}

/// <summary>How the record of a look is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(LookRecord))]
internal sealed partial class LookRecordDocuments : JsonSerializerContext;
