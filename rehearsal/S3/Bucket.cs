using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.S3;

/// <summary>A bucket; its name is unique in the whole world.</summary>
public sealed record Bucket
{
    /// <summary>3 to 63 lower-case characters.</summary>
    public required string Name { get; init; }

    /// <summary>The account that owns it.</summary>
    public required string Account { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>When it was made; set by <see cref="Buckets.Create"/>.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary><c>Enabled</c>, <c>Suspended</c>, or null when it never was enabled.</summary>
    public string? Versioning { get; init; }

    /// <summary>Its policy as JSON, when it has one.</summary>
    public string? Policy { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Its ARN.</summary>
    [JsonIgnore]
    public string Arn => $"arn:aws:s3:::{Name}";
}
