using System.Text.Json.Serialization;

namespace Deployer.Functions.Steps;

/// <summary>How plans of steps and waves are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(StepPlan))]
[JsonSerializable(typeof(DeploymentWaves))]
internal sealed partial class StepDocuments : JsonSerializerContext;
