using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Steps;

/// <summary>Something that happened to what a step owns or reads, whoever did it.</summary>
/// <param name="Resource">What it happened to, as <see cref="IStepKind.Watched"/> names it.</param>
/// <param name="What">What happened, in AWS's words.</param>
/// <param name="Operation">
/// What names the operation, such as the client request token of a stack's update; <see langword="null"/> where AWS names none.
/// </param>
public sealed record OutsideEvent(string Resource, string What, string? Operation)
{
    /// <summary>Whether it happens by itself where the deployer changes a capacity: it is said then to be no change by others.</summary>
    public bool FollowsCapacity { get; init; }
}

/// <summary>Events of one service by which a step may have become another than it was deployed.</summary>
/// <param name="name">The events' source, such as <c>aws.cloudformation</c>.</param>
/// <param name="read">What an event of this source says; <see langword="null"/> when it says nothing of interest.</param>
public sealed class WatchedSource(string name, Func<SettledEvent, OutsideEvent?> read)
{
    /// <summary>A source whose events say in their detail what has happened.</summary>
    /// <typeparam name="T">The detail, as far as it is read; what cannot be read as one says nothing.</typeparam>
    /// <param name="name">The events' source.</param>
    /// <param name="json">How the detail is read.</param>
    /// <param name="read">What an event and its detail say.</param>
    public static WatchedSource WithDetail<T>(string name, JsonTypeInfo<T> json, Func<SettledEvent, T, OutsideEvent?> read)
        where T : class => new(name, happened => EventSource.Detail(happened.Detail, json) is { } detail ? read(happened, detail) : null);

    /// <summary>What an event says; <see langword="null"/> for an event of another source.</summary>
    public OutsideEvent? Read(SettledEvent happened) => happened.Source == name ? read(happened) : null;
}
