using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>DynamoDB and its resource type.</summary>
internal sealed class DynamoDBPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services.AddService<DynamoDBService>().AddSingleton<Tables>().AddSingleton<IResourceType, TableResource>();
}
