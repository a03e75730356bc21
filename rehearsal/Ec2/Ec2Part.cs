using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Ec2;

/// <summary>EC2 and the resource types of networks, load balancers among them.</summary>
internal sealed class Ec2Part : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<Ec2Service>()
            .AddSingleton<Instances>()
            .AddSingleton<Networks>()
            .AddSingleton<LoadBalancers>()
            .AddSingleton<LaunchTemplates>()
            .AddSingleton<VpcEndpoints>()
            .AddSingleton<IResourceType, VpcEndpointResource>()
            .AddSingleton<IResourceType, VpcEndpointServiceResource>()
            .AddSingleton<IResourceType, LaunchTemplateResource>()
            .AddSingleton<IResourceTypeGroup, RecordedNetwork>();
}
