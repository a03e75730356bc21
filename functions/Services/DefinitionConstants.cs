using Amazon.ECS;

namespace Deployer.Functions.Services;

/// <summary>The constants that a task definition has.</summary>
internal static class DefinitionConstants
{
    internal sealed class ApplicationProtocolConverter() : EcsConstantConverter<ApplicationProtocol>(ApplicationProtocol.FindValue);

    internal sealed class CPUArchitectureConverter() : EcsConstantConverter<CPUArchitecture>(CPUArchitecture.FindValue);

    internal sealed class ContainerConditionConverter() : EcsConstantConverter<ContainerCondition>(ContainerCondition.FindValue);

    internal sealed class EFSAuthorizationConfigIAMConverter()
        : EcsConstantConverter<EFSAuthorizationConfigIAM>(EFSAuthorizationConfigIAM.FindValue);

    internal sealed class EFSTransitEncryptionConverter() : EcsConstantConverter<EFSTransitEncryption>(EFSTransitEncryption.FindValue);

    internal sealed class EnvironmentFileTypeConverter() : EcsConstantConverter<EnvironmentFileType>(EnvironmentFileType.FindValue);

    internal sealed class FirelensConfigurationTypeConverter()
        : EcsConstantConverter<FirelensConfigurationType>(FirelensConfigurationType.FindValue);

    internal sealed class IpcModeConverter() : EcsConstantConverter<IpcMode>(IpcMode.FindValue);

    internal sealed class LogDriverConverter() : EcsConstantConverter<LogDriver>(LogDriver.FindValue);

    internal sealed class NetworkModeConverter() : EcsConstantConverter<NetworkMode>(NetworkMode.FindValue);

    internal sealed class OSFamilyConverter() : EcsConstantConverter<OSFamily>(OSFamily.FindValue);

    internal sealed class PidModeConverter() : EcsConstantConverter<PidMode>(PidMode.FindValue);

    internal sealed class ProxyConfigurationTypeConverter()
        : EcsConstantConverter<ProxyConfigurationType>(ProxyConfigurationType.FindValue);

    internal sealed class ResourceTypeConverter() : EcsConstantConverter<ResourceType>(ResourceType.FindValue);

    internal sealed class EcsScopeConverter() : EcsConstantConverter<Scope>(Scope.FindValue);

    internal sealed class TargetTypeConverter() : EcsConstantConverter<TargetType>(TargetType.FindValue);

    internal sealed class TaskDefinitionPlacementConstraintTypeConverter()
        : EcsConstantConverter<TaskDefinitionPlacementConstraintType>(TaskDefinitionPlacementConstraintType.FindValue);

    internal sealed class TransportProtocolConverter() : EcsConstantConverter<TransportProtocol>(TransportProtocol.FindValue);

    internal sealed class UlimitNameConverter() : EcsConstantConverter<UlimitName>(UlimitName.FindValue);

    internal sealed class VersionConsistencyConverter() : EcsConstantConverter<VersionConsistency>(VersionConsistency.FindValue);
}
