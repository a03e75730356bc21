using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Datomic.Nodes;
using Deployer.Rehearsal.Datomic.Transactors;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Datomic;

/// <summary>Datomic Cloud's part in a world: the software on its nodes, its custom resources, and the faults that strike it.</summary>
internal sealed class DatomicPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddSingleton<NodeLog>()
            .AddSingleton<NodeMetrics>()
            .AddSingleton<DatomicNodes>()
            .AddSingleton<HalfFailedLambdas>()
            .AddSingleton<WritablePeriods>()
            .AddSingleton<Peers>()
            .AddSingleton<TransactorProgram>()
            .AddSingleton<IContainerProgram>(services => services.GetRequiredService<TransactorProgram>())
            .AddSingleton<IBuildTool, SimulatedClojure>()
            .AddSingleton<IDownload, ClojureRelease>()
            .AddSingleton<IResourceType, CodeBucketResource>()
            .AddSingleton<IResourceType, CodeDeployApplicationResource>();

    /// <inheritdoc/>
    public void Start(IServiceProvider services)
    {
        services.GetRequiredService<Deployments>().Add(services.GetRequiredService<DatomicNodes>());
        services.GetRequiredService<TransactorProgram>().RunOn(services.GetRequiredService<Services>());
        services.GetRequiredService<HalfFailedLambdas>().Install(services.GetRequiredService<RehearsalWorld>());
    }
}
