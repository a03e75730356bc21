using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Deployments;

/// <summary>"Step Functions Execution Status Change" (EventBridge reference), as far as it is read.</summary>
public sealed record ExecutionStatusEvent(ExecutionStatusDetail Detail);

/// <summary>The detail of <see cref="ExecutionStatusEvent"/>.</summary>
public sealed record ExecutionStatusDetail(
    [property: JsonPropertyName("executionArn")] ExecutionArn ExecutionArn,
    [property: JsonPropertyName("status")] string Status
);
