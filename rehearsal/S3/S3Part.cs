using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.S3;

/// <summary>S3, its resource types and its tags.</summary>
internal sealed class S3Part : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<S3Service>()
            .AddSingleton<Buckets>()
            .AddSingleton<ITagSource, BucketTags>()
            .AddSingleton<IResourceType, BucketResource>()
            .AddSingleton<IResourceType, BucketPolicyResource>();
}
