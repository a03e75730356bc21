using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>A rule of a bus: which events it takes or when it runs, and where they go.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Bus">The name of its bus.</param>
/// <param name="Name">Its name.</param>
public sealed record EventRule(string Account, string Region, string Bus, string Name)
{
    /// <summary>The pattern (JSON) of the events that it takes.</summary>
    public string? Pattern { get; init; }

    /// <summary>When it runs by itself.</summary>
    public string? Schedule { get; init; }

    /// <summary>Whether it is enabled.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>For people who read the rule.</summary>
    public string? Description { get; init; }

    /// <summary>The role given for the rule as a whole.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Where its events go.</summary>
    public IReadOnlyList<EventTarget> Targets { get; init; } = [];

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The due moment of its next run.</summary>
    public string? Timer { get; init; }

    /// <summary>Its ARN: without the bus's name on the default bus.</summary>
    public string Arn => $"arn:aws:events:{Region}:{Account}:rule/{(Bus == EventBus.Default ? string.Empty : Bus + "/")}{Name}";

    /// <summary>Its key in the store.</summary>
    internal string Key => RegionalKey.Create(Account, Region, Bus, Name);
}

/// <summary>A target of a rule.</summary>
/// <param name="Id">Unique in the rule.</param>
/// <param name="Arn">A function, a state machine or another bus.</param>
public sealed record EventTarget(string Id, string Arn)
{
    /// <summary>The role that reaches it, where it needs one.</summary>
    public string? RoleArn { get; init; }

    /// <summary>A fixed input instead of the event.</summary>
    public string? Input { get; init; }

    /// <summary>The part of the event that it is given.</summary>
    public string? InputPath { get; init; }

    /// <summary>Variables of <see cref="InputTemplate"/> and the paths of their values.</summary>
    public IReadOnlyDictionary<string, string>? InputPaths { get; init; }

    /// <summary>The template that its input is made from.</summary>
    public string? InputTemplate { get; init; }

    /// <summary>ARN of the queue for events that do not reach it.</summary>
    public string? DeadLetterQueue { get; init; }
}
