using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>The functions' services with the further kind registered, on a desk where a service's source lies.</summary>
internal sealed class QueueBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private QueueBench(Desk desk, ISourceFolder folder, Action<IServiceCollection>? register)
    {
        Desk = desk;
        desk.Hold(folder);
        _services = desk.Services(register: services =>
        {
            services.AddQueues(Queues);
            register?.Invoke(services);
        });
    }

    public Desk Desk { get; }

    public Queues Queues { get; } = new();

    /// <summary>The record of a deployment that has begun.</summary>
    public required DeploymentRecord Deployment { get; init; }

    /// <summary>Opens it.</summary>
    /// <param name="folder">The service's source.</param>
    /// <param name="register">Registers what is needed beside the services of every function.</param>
    public static async Task<QueueBench> Open(ISourceFolder folder, Action<IServiceCollection>? register = null)
    {
        var desk = await Desk.Open();
        return new QueueBench(desk, folder, register) { Deployment = await desk.Deployment("one") };
    }

    /// <summary>One of the services.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Desk.DisposeAsync();
    }
}
