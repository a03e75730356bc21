using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Notifications;

/// <summary>What came of what a notification is about.</summary>
[JsonConverter(typeof(NotificationVerdictConverter))]
public enum NotificationVerdict
{
    /// <summary>It has begun.</summary>
    Running,

    /// <summary>A plan waits until somebody approves it.</summary>
    WaitingForApproval,

    /// <summary>What was asked for runs.</summary>
    Succeeded,

    /// <summary>What was asked for ran already.</summary>
    NothingToDo,

    /// <summary>It failed, or was refused.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>Something newer took its place.</summary>
    Superseded,

    /// <summary>Resources were changed by hand.</summary>
    Drifted,

    /// <summary>Somebody else has changed something.</summary>
    Changed,

    /// <summary>A development instance is gone.</summary>
    Removed,
}

/// <summary>The names of <see cref="NotificationVerdict"/> in notifications.</summary>
public static class NotificationVerdicts
{
    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["running", "waiting-for-approval", "succeeded", "nothing-to-do", "failed", "stopped", "superseded", "drifted", "changed", "removed"];

    /// <summary>The verdict's name.</summary>
    public static string Text(this NotificationVerdict verdict) => Names[(int)verdict];
}

/// <summary>Writes a <see cref="NotificationVerdict"/> as its name.</summary>
public sealed class NotificationVerdictConverter : EnumConverter<NotificationVerdict>
{
    /// <inheritdoc/>
    protected override string What => "verdict of a notification";

    /// <inheritdoc/>
    protected override string Format(NotificationVerdict value) => value.Text();
}
