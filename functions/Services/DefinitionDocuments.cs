using System.Text.Json.Serialization;
using Amazon.ECS.Model;

namespace Deployer.Functions.Services;

/// <summary>How task definitions are read from files. What the SDK does not know is refused, since ECS would pass over it.</summary>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [
        typeof(DefinitionConstants.ApplicationProtocolConverter),
        typeof(DefinitionConstants.CPUArchitectureConverter),
        typeof(DefinitionConstants.ContainerConditionConverter),
        typeof(DefinitionConstants.EFSAuthorizationConfigIAMConverter),
        typeof(DefinitionConstants.EFSTransitEncryptionConverter),
        typeof(DefinitionConstants.EnvironmentFileTypeConverter),
        typeof(DefinitionConstants.FirelensConfigurationTypeConverter),
        typeof(DefinitionConstants.IpcModeConverter),
        typeof(DefinitionConstants.LogDriverConverter),
        typeof(DefinitionConstants.NetworkModeConverter),
        typeof(DefinitionConstants.OSFamilyConverter),
        typeof(DefinitionConstants.PidModeConverter),
        typeof(DefinitionConstants.ProxyConfigurationTypeConverter),
        typeof(DefinitionConstants.ResourceTypeConverter),
        typeof(DefinitionConstants.EcsScopeConverter),
        typeof(DefinitionConstants.TargetTypeConverter),
        typeof(DefinitionConstants.TaskDefinitionPlacementConstraintTypeConverter),
        typeof(DefinitionConstants.TransportProtocolConverter),
        typeof(DefinitionConstants.UlimitNameConverter),
        typeof(DefinitionConstants.VersionConsistencyConverter),
    ]
)]
[JsonSerializable(typeof(RegisterTaskDefinitionRequest))]
internal sealed partial class DefinitionDocuments : JsonSerializerContext;
