using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>CodePipeline and its resource type.</summary>
internal sealed class CodePipelinePart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<CodePipelineService>()
            .AddSingleton<Pipelines>()
            .AddSingleton<PipelineEngine>()
            .AddSingleton<IResourceType, PipelineResource>();
}
