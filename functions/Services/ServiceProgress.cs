using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Services;

/// <summary>What the task that deploys an ECS service keeps.</summary>
public sealed record ServiceProgress : IKept<ServiceProgress>
{
    /// <summary>The ARN of the revision that is deployed; <see langword="null"/> before it was registered or found.</summary>
    public string? Definition { get; init; }

    /// <summary>
    /// When it was about to be registered, by AWS's clock; <see langword="null"/> before that, and in a record of an earlier version.
    /// </summary>
    public DateTime? Registers { get; init; }

    /// <summary>The ARN of the revision that ran before.</summary>
    public string? Before { get; init; }

    /// <summary>The image that the container has in the revision.</summary>
    public string? Image { get; init; }

    /// <summary>When ECS began the deployment, by its clock; <see langword="null"/> before that.</summary>
    public DateTime? Began { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ServiceProgress> IKept<ServiceProgress>.Json => ServiceDocuments.Default.ServiceProgress;
}

/// <summary>What the release of an ECS service keeps.</summary>
public sealed record ReleasedService : IKept<ReleasedService>
{
    /// <summary>The image that the container has.</summary>
    public string? Image { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ReleasedService> IKept<ReleasedService>.Json => ServiceDocuments.Default.ReleasedService;
}

/// <summary>How what ECS services keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ServiceProgress))]
[JsonSerializable(typeof(ReleasedService))]
internal sealed partial class ServiceDocuments : JsonSerializerContext;
