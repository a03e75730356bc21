using Deployer.Spec;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Places;

/// <summary>A service and where it goes.</summary>
/// <param name="Folder">The service's folder.</param>
/// <param name="Spec">Its <c>deployer.yaml</c>.</param>
/// <param name="Target">The target, or a development instance as one.</param>
internal sealed record ServiceAtTarget(ISourceFolder Folder, ServiceSpec Spec, TargetSpec Target);
