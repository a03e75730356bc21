using System.Text.Json.Serialization;
using Deployer.Functions.Groups;
using Deployer.Functions.Instances;
using Deployer.Functions.Ions;
using Deployer.Functions.Plans;

namespace Deployer.Functions.Deployments;

/// <summary>How the records are written in the table and the bucket.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(DeploymentRecord))]
[JsonSerializable(typeof(StepRecord))]
[JsonSerializable(typeof(ReleasedStep))]
[JsonSerializable(typeof(PushedRevision))]
[JsonSerializable(typeof(GroupCapacity))]
[JsonSerializable(typeof(WaitRecord))]
[JsonSerializable(typeof(LockRecord))]
[JsonSerializable(typeof(OpenDeployment))]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(BeginAnswer))]
[JsonSerializable(typeof(DeploymentRequest))]
[JsonSerializable(typeof(DeploymentPlan))]
[JsonSerializable(typeof(StepPlan))]
[JsonSerializable(typeof(ServicePlan))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class Documents : JsonSerializerContext;
