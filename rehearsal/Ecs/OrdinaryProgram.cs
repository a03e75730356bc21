using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A program of which nothing is known: it runs until it is stopped, and ends when it is asked to.</summary>
internal sealed class OrdinaryProgram : IContainerProgram
{
    /// <inheritdoc/>
    public bool IsOf(ContainerDefinition container) => true;

    /// <inheritdoc/>
    public void Started(IContainerHost host, RunningContainer container) => host.Log(container, $"{container.Container.Name} started");

    /// <inheritdoc/>
    public void Continue(IContainerHost host, RunningContainer container, string moment) { }

    /// <inheritdoc/>
    public void Stopping(IContainerHost host, RunningContainer container) =>
        host.Log(container, $"{container.Container.Name} stops: SIGTERM");

    /// <inheritdoc/>
    public void Ended(IContainerHost host, RunningContainer container) { }
}
