using Constructs;

namespace Deployer.Cdk;

/// <summary>What the deployer of a stage may touch for a service: <c>templates/service-access.yaml</c>.</summary>
internal sealed class ServiceAccessStack(Construct scope, Configuration configuration, Service service, ServiceTarget target)
    : IncludedStack(
        scope,
        $"deployer-{service.Name}-{target.Stage}",
        new AccountPlace(configuration.StageOf(target).Account, configuration.RegionOf(target)),
        "templates/service-access.yaml",
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Stage"] = target.Stage,
            ["ToolsAccount"] = configuration.Tools.Account,
            ["Service"] = service.Name,
            ["System"] = target.System,
            ["Application"] = target.Application ?? string.Empty,
            ["ConsumerFunctions"] = target.ConsumerFunctions ?? string.Empty,
        },
        target.AccessParameters,
        // Two regions of a stage have a stack of the same name each (functions/Checks/InstalledStacksCheck).
        $"deployer-{service.Name}-{target.Target}"
    );
