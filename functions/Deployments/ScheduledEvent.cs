using System.Text.Json.Serialization;

namespace Deployer.Functions.Deployments;

/// <summary>An event of a schedule: the time that counts for what it starts.</summary>
public sealed record ScheduledEvent([property: JsonPropertyName("time")] DateTimeOffset Time);
