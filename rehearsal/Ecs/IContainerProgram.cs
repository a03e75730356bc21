using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>
/// What the program of an image does over simulated time, once its task runs. Every implementation that an <c>IServicePart</c> registers is
/// asked in turn whether a container is its own; <see cref="OrdinaryProgram"/> stands in for all others. It keeps what it has to know from
/// one moment to the next in a table of its own, since a world can be closed and opened again in between.
/// </summary>
public interface IContainerProgram
{
    /// <summary>Whether it is the program of this container, by its image or its name.</summary>
    bool IsOf(ContainerDefinition container);

    /// <summary>Whether it says itself, by <see cref="IContainerHost.Health"/>, what the container's health check finds. The check of any
    /// other program succeeds the first time.</summary>
    bool ReportsHealth => false;

    /// <summary>The container runs.</summary>
    void Started(IContainerHost host, RunningContainer container);

    /// <summary>A moment that it asked for has come; the container still runs, or is being stopped.</summary>
    /// <param name="host">Where it runs.</param>
    /// <param name="container">The container.</param>
    /// <param name="moment">As it was asked for.</param>
    void Continue(IContainerHost host, RunningContainer container, string moment);

    /// <summary>SIGTERM. The container ends when its task's time to stop is over, or when the program exits before.</summary>
    void Stopping(IContainerHost host, RunningContainer container);

    /// <summary>The container has ended, by itself, by SIGTERM or by SIGKILL.</summary>
    void Ended(IContainerHost host, RunningContainer container);
}

/// <summary>Where a container's program runs.</summary>
public interface IContainerHost
{
    /// <summary>Writes lines to standard output: to the log stream of the container's <c>awslogs</c> driver, else to nowhere.</summary>
    void Log(RunningContainer container, params IReadOnlyList<string> lines);

    /// <summary>Has the program continue after a while, unless the container has ended by then.</summary>
    /// <param name="container">The container.</param>
    /// <param name="delay">In simulated time.</param>
    /// <param name="moment">What the program is handed then.</param>
    void After(RunningContainer container, TimeSpan delay, string moment);

    /// <summary>The program ends. The task ends with it where the container is essential.</summary>
    /// <param name="container">The container.</param>
    /// <param name="code">Its exit code, such as 137 after SIGKILL.</param>
    /// <param name="reason">What ECS says about the container, such as <c>OutOfMemoryError: ...</c>.</param>
    void Exit(RunningContainer container, int code, string? reason = null);

    /// <summary>What the container's health check finds from now on. A task that turns unhealthy is replaced.</summary>
    void Health(RunningContainer container, bool healthy);
}

/// <summary>A container whose task runs.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region.</param>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Task">The task's id.</param>
/// <param name="Address">The task's private address.</param>
/// <param name="Zone">The availability zone.</param>
/// <param name="Definition">The revision of the task definition.</param>
/// <param name="Container">The container in it.</param>
public sealed record RunningContainer(
    string Account,
    string Region,
    string Cluster,
    string Service,
    string Task,
    string Address,
    string Zone,
    TaskDefinition Definition,
    ContainerDefinition Container
)
{
    /// <summary>The value of a variable of its plain environment, or <see langword="null"/>.</summary>
    public string? Variable(string name) => Container.Environment?.Find(variable => variable.Name == name)?.Value;
}
