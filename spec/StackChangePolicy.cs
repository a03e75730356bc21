namespace Deployer.Spec;

/// <summary>
/// What the deployer does when a stack that a target's steps own or read was changed by somebody else, or instances were replaced, and
/// something is not as it was deployed any more.
/// </summary>
public enum StackChangePolicy
{
    /// <summary>It records what differs and reports it.</summary>
    Notify,

    /// <summary>It deploys what it deployed last with success again.</summary>
    Redeploy,

    /// <summary>It records the change and compares nothing.</summary>
    Ignore,
}

/// <summary>The names of <see cref="StackChangePolicy"/> in <c>deployer.yaml</c>.</summary>
public static class StackChangePolicies
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["redeploy", "notify", "ignore"];

    /// <summary>The policy of this name; <see cref="StackChangePolicy.Notify"/> where the file names none.</summary>
    public static StackChangePolicy Find(string? name) =>
        name switch
        {
            "redeploy" => StackChangePolicy.Redeploy,
            "ignore" => StackChangePolicy.Ignore,
            _ => StackChangePolicy.Notify,
        };
}
