using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Lambda;

/// <summary>Lambda, how other services invoke functions, and its resource types.</summary>
internal sealed class LambdaPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<LambdaService>()
            .AddSingleton<IResourceType, FunctionResource>()
            .AddSingleton<IResourceType, PermissionResource>()
            .AddSingleton<IResourceType, EventInvokeConfigResource>()
            .AddSingleton<IResourceType, VersionResource>()
            .AddSingleton<IResourceType, AliasResource>()
            .AddSingleton<ITagSource>(provider => provider.GetRequiredService<LambdaService>())
            .AddSingleton(provider => provider.GetRequiredService<LambdaService>().Invoker);

    /// <inheritdoc/>
    public void Start(IServiceProvider services)
    {
        var world = services.GetRequiredService<RehearsalWorld>();
        var logs = services.GetRequiredService<LogStore>();
        var lambda = services.GetRequiredService<LambdaService>();
        lambda.Log = log =>
            logs.Append(log.Account, log.Region, log.LogGroup, log.LogStream, log.Lines.Select(line => LogTimes.InWorld(line, world.Now)));
        lambda.Resume();
    }
}
