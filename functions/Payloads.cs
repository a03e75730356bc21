using System.Text.Json.Serialization;
using Deployer.Functions.Checks;
using Deployer.Functions.Deployments;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Notifications;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;

namespace Deployer.Functions;

/// <summary>How the events and answers of the functions are read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TaskInput))]
[JsonSerializable(typeof(TaskDone))]
[JsonSerializable(typeof(BeginInput))]
[JsonSerializable(typeof(DeploymentInput))]
[JsonSerializable(typeof(DeploymentWaves))]
[JsonSerializable(typeof(ProofAnswer))]
[JsonSerializable(typeof(DeploymentEnd))]
[JsonSerializable(typeof(PlanInput))]
[JsonSerializable(typeof(PlanSteps))]
[JsonSerializable(typeof(FinishPlanInput))]
[JsonSerializable(typeof(PlanEnd))]
[JsonSerializable(typeof(ExecutionStatusEvent))]
[JsonSerializable(typeof(ScheduledEvent))]
[JsonSerializable(typeof(SettledEvent))]
[JsonSerializable(typeof(NotificationEvent))]
[JsonSerializable(typeof(EndpointBatches))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(CheckInput))]
[JsonSerializable(typeof(CheckAnswer))]
public sealed partial class Payloads : JsonSerializerContext;
