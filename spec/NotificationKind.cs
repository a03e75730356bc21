namespace Deployer.Spec;

/// <summary>What a notification says.</summary>
public enum NotificationKind
{
    /// <summary>A deployment has begun.</summary>
    Started,

    /// <summary>A plan waits until somebody approves it.</summary>
    WaitingForApproval,

    /// <summary>A deployment has changed something, and what was asked for runs.</summary>
    Succeeded,

    /// <summary>A deployment found that what was asked for runs already.</summary>
    NothingToDo,

    /// <summary>A deployment failed, was stopped or timed out.</summary>
    Failed,

    /// <summary>A newer deployment or plan took the place of one that waited.</summary>
    Superseded,

    /// <summary>Resources of a stack were changed by hand.</summary>
    Drifted,

    /// <summary>A stack was changed by somebody else.</summary>
    StackChanged,

    /// <summary>A development instance was removed since its time was over.</summary>
    InstanceRemoved,
}

/// <summary>The names of <see cref="NotificationKind"/> in <c>deployer.yaml</c> and in notifications.</summary>
public static class NotificationKinds
{
    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["started", "waitingForApproval", "succeeded", "nothingToDo", "failed", "superseded", "drifted", "stackChanged", "instanceRemoved"];

    /// <summary>
    /// What a target has that says nothing else: all that a person may have to act on or waits for. That something was started is known to
    /// who started it, and a deployment that changed nothing is no news.
    /// </summary>
    public static IReadOnlyList<NotificationKind> Usual { get; } =
    [
        NotificationKind.WaitingForApproval,
        NotificationKind.Succeeded,
        NotificationKind.Failed,
        NotificationKind.Superseded,
        NotificationKind.Drifted,
        NotificationKind.StackChanged,
        NotificationKind.InstanceRemoved,
    ];

    /// <summary>The kind's name.</summary>
    public static string Text(this NotificationKind kind) => Names[(int)kind];

    /// <summary>The kind of this name, or null.</summary>
    public static NotificationKind? Find(string? name)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
            {
                return (NotificationKind)index;
            }
        }

        return null;
    }
}
