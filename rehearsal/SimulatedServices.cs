using System.Reflection;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal;

/// <summary>All simulated services of a world, as their folders register them.</summary>
internal static class SimulatedServices
{
    private static readonly IReadOnlyList<IServicePart> Parts = Find(typeof(SimulatedServices).Assembly);

    /// <summary>The parts that an assembly has, in the order of their names.</summary>
    internal static IReadOnlyList<IServicePart> Find(Assembly assembly) =>
        [
            .. assembly
                .GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IServicePart)))
                .OrderBy(type => type.FullName, StringComparer.Ordinal)
                .Select(type => (IServicePart)Activator.CreateInstance(type)!),
        ];

    /// <summary>What the folders offer in a world; each service is made when it is first asked for.</summary>
    /// <param name="world">The world.</param>
    /// <param name="replace">Registers something else in place of what the folders register.</param>
    public static ServiceProvider Build(RehearsalWorld world, Action<IServiceCollection>? replace = null)
    {
        var services = new ServiceCollection().AddSingleton(world);
        foreach (var part in Parts)
        {
            part.Add(services);
        }

        replace?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Makes all services, opens them to requests and connects them with each other; on the world's thread.</summary>
    /// <inheritdoc cref="Build"/>
    public static ServiceProvider Start(RehearsalWorld world, Action<IServiceCollection>? replace = null)
    {
        var services = Build(world, replace);
        foreach (var service in services.GetServices<IWireService>())
        {
            world.Api.Register(service);
        }

        foreach (var part in Parts)
        {
            part.Start(services);
        }

        return services;
    }
}
