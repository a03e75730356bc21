using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>Step Functions and its resource type.</summary>
internal sealed class StepFunctionsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<StepFunctionsService>()
            .AddSingleton<StateMachines>()
            .AddSingleton<ITagSource>(provider => provider.GetRequiredService<StateMachines>())
            .AddSingleton<Activities>()
            .AddSingleton<Executions>()
            .AddSingleton<IResourceType, StateMachineResource>();
}
