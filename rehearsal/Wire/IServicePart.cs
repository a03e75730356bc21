using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// What one folder adds to a rehearsal: its API, its resource types for CloudFormation, and its part in other services. Every
/// implementation in this assembly is found when a rehearsal opens; no list names them.
/// </summary>
internal interface IServicePart
{
    /// <summary>Registers what the folder offers, one of each for a world. The world itself is registered already.</summary>
    void Add(IServiceCollection services);

    /// <summary>Connects what needs other services that stand already. All services have been made; on the world's thread.</summary>
    void Start(IServiceProvider services) { }
}

/// <summary>The words in which parts register.</summary>
internal static class ServiceParts
{
    /// <summary>Registers a service that requests reach by its signing name.</summary>
    public static IServiceCollection AddService<T>(this IServiceCollection services)
        where T : class, IWireService =>
        services.AddSingleton<T>().AddSingleton<IWireService>(provider => provider.GetRequiredService<T>());
}
