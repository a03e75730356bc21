using Constructs;

namespace Deployer.Cdk;

/// <summary>The role of a service's builds, beside the deployer of a stage: <c>templates/service-build.yaml</c>.</summary>
internal sealed class ServiceBuildStack(Construct scope, Configuration configuration, Service service, ServiceTarget target)
    : IncludedStack(
        scope,
        $"deployer-{service.Name}-{target.Stage}-build",
        configuration.Tools,
        "templates/service-build.yaml",
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Stage"] = target.Stage,
            ["Service"] = service.Name,
            ["Targets"] = new[] { configuration.StageOf(target).Account },
            ["Connection"] = service.Connection,
            ["Repository"] = service.Repository,
        }
    );
