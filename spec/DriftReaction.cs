namespace Deployer.Spec;

/// <summary>What a deployment does where somebody has changed resources of its stacks by hand.</summary>
public enum DriftReaction
{
    /// <summary>It says so and goes on.</summary>
    Warn,

    /// <summary>It fails before it changes anything, unless somebody has accepted what it would write over.</summary>
    Refuse,
}

/// <summary>The names of <see cref="DriftReaction"/> in <c>deployer.yaml</c>.</summary>
public static class DriftReactions
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["warn", "refuse"];

    /// <summary>The reaction of this name, or null.</summary>
    public static DriftReaction? Find(string? name) =>
        name switch
        {
            "warn" => DriftReaction.Warn,
            "refuse" => DriftReaction.Refuse,
            _ => null,
        };
}
