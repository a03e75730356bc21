using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>How the records are written in the table.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(DeploymentRecord))]
[JsonSerializable(typeof(TaskRecord))]
[JsonSerializable(typeof(ReleasedStep))]
[JsonSerializable(typeof(GroupCapacity))]
[JsonSerializable(typeof(WaitRecord))]
[JsonSerializable(typeof(OpenDeployment))]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(DeploymentRequest))]
[JsonSerializable(typeof(BeginAnswer))]
[JsonSerializable(typeof(FailedInvocation))]
internal sealed partial class Documents : JsonSerializerContext;
