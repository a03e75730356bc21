using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Steps;

/// <summary>An EventBridge event about something that may be waited for, as far as every kind of event has it.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html</remarks>
/// <param name="Source">The service that it comes from, such as <c>aws.cloudformation</c>.</param>
/// <param name="Detail">What the service says; its form is the service's.</param>
/// <param name="Resources">The ARNs of what it is about, where the service gives any.</param>
/// <param name="Account">The account in which it happened.</param>
/// <param name="Region">The region in which it happened.</param>
/// <param name="Time">When it happened.</param>
/// <param name="DetailType">What sort of event it is.</param>
public sealed record SettledEvent(
    string Source,
    JsonElement Detail,
    IReadOnlyList<string>? Resources = null,
    string? Account = null,
    string? Region = null,
    DateTimeOffset? Time = null,
    [property: JsonPropertyName("detail-type")] string? DetailType = null
);
