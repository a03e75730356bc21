using Constructs;

namespace Deployer.Cdk;

/// <summary>The role of a service's builds, beside the deployer of a stage: <c>templates/service-build.yaml</c>.</summary>
internal sealed class ServiceBuildStack(Construct scope, Configuration configuration, Service service, Stage stage)
    : IncludedStack(
        scope,
        $"deployer-{service.Name}-{stage.Name}-build",
        configuration.Tools,
        "templates/service-build.yaml",
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Stage"] = stage.Name,
            ["Service"] = service.Name,
            ["Targets"] = new[] { stage.Account },
            ["Connection"] = service.Connection,
            ["Repository"] = service.Repository,
        },
        service.BuildParameters
    );
