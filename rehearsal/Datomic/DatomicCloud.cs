using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Datomic.Nodes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic;

/// <summary>Datomic Cloud's part in a world: the software on its nodes, its custom resource, and the faults that strike it.</summary>
public static class DatomicCloud
{
    /// <summary>Plays it, over the services that it stands on.</summary>
    public static void Install(
        RehearsalWorld world,
        DeployGroups groups,
        Deployments deployments,
        ScalingGroups scaling,
        MetricStore metrics
    )
    {
        deployments.Add(new DatomicNodes(world, scaling, deployments, new NodeLog(world), new NodeMetrics(world, scaling, metrics)));
        new HalfFailedLambdas(groups, deployments).Install(world);
    }

    /// <summary>Hands its custom resource to CloudFormation.</summary>
    public static void Register(ResourceTypeCatalogue types, DeployGroups groups) => types.Use(new CodeDeployApplicationResource(groups));
}
