using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Deployments;

/// <summary>"Step Functions Execution Status Change" (EventBridge reference), as far as it is read.</summary>
public sealed record ExecutionStatusEvent(ExecutionStatusDetail Detail);

/// <summary>The detail of <see cref="ExecutionStatusEvent"/>; its times are milliseconds since 1970.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html</remarks>
public sealed record ExecutionStatusDetail(
    [property: JsonPropertyName("executionArn")] ExecutionArn ExecutionArn,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("startDate")] long? StartDate = null,
    [property: JsonPropertyName("stopDate")] long? StopDate = null
)
{
    /// <summary>When it ended, where it has.</summary>
    [JsonIgnore]
    public DateTimeOffset? EndedAt => StopDate is >= 0 and <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds(StopDate.Value) : null;

    private const long Latest = 253_402_300_799_999;
}
