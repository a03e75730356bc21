using Constructs;

namespace Deployer.Cdk;

/// <summary>What the deployer of a stage needs in a region of its target account: <c>templates/target.yaml</c>.</summary>
internal sealed class TargetStack(Construct scope, Configuration configuration, Stage stage, string region)
    : IncludedStack(
        scope,
        // In each region the same name, by which the deployer finds it (functions/Checks/InstalledStacksCheck).
        $"deployer-target-{stage.Name}",
        new AccountPlace(stage.Account, region),
        "templates/target.yaml",
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Stage"] = stage.Name,
            ["ToolsAccount"] = configuration.Tools.Account,
            ["ToolsRegion"] = configuration.Tools.Region,
            ["Roles"] = region == stage.Regions[0] ? "Yes" : "No",
        },
        stage.TargetParameters,
        $"deployer-target-{stage.Name}" + (region == stage.Regions[0] ? string.Empty : $"-{region}")
    );
