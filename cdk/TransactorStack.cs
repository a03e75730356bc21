using Constructs;

namespace Deployer.Cdk;

/// <summary>A transactor with its storage, roles, security groups and alarms: <c>templates/transactor.yaml</c>.</summary>
internal sealed class TransactorStack(Construct scope, Configuration configuration, Transactor transactor)
    : IncludedStack(
        scope,
        transactor.Name,
        new AccountPlace(StageOf(configuration, transactor).Account, transactor.Region ?? StageOf(configuration, transactor).Regions[0]),
        "templates/transactor.yaml",
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Name"] = transactor.Name,
            ["Cluster"] = transactor.Cluster,
            ["Mode"] = transactor.Mode ?? "pair",
            ["Vpc"] = transactor.Vpc,
            ["SubnetA"] = transactor.Subnets[0],
            ["SubnetB"] = transactor.Subnets[1],
            ["Repository"] = transactor.Repository,
            ["Image"] = transactor.Image,
        },
        transactor.Parameters
    )
{
    private static Stage StageOf(Configuration configuration, Transactor transactor) =>
        configuration.Stages.Single(stage => stage.Name == transactor.Stage);
}
