namespace Deployer.Spec.Steps;

/// <summary>
/// Which of Datomic's rules hold for a stack (order, names, restart, downgrade). Datomic's kinds stand in the order in which its stacks are
/// created and upgraded.
/// </summary>
public enum StackKind
{
    /// <summary>None: a stack of the service's own.</summary>
    Plain,

    /// <summary>A Datomic system's storage; its name is the system's.</summary>
    DatomicStorage,

    /// <summary>A system's primary compute group.</summary>
    DatomicCompute,

    /// <summary>A query group of a system.</summary>
    DatomicQueryGroup,
}

/// <summary>The names of stack kinds in deployer.yaml.</summary>
public static class StackKinds
{
    private static readonly StackKind[] All = Enum.GetValues<StackKind>();

    /// <summary>The name of every kind.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(All, Name);

    /// <summary>The kind's name in the file.</summary>
    public static string Name(StackKind kind) =>
        kind switch
        {
            StackKind.DatomicStorage => "datomic-storage",
            StackKind.DatomicCompute => "datomic-compute",
            StackKind.DatomicQueryGroup => "datomic-query-group",
            _ => "plain",
        };

    /// <summary>The kind of a name, or <see langword="null"/> when none has it.</summary>
    public static StackKind? Find(string? name) => Array.FindIndex(All, kind => Name(kind) == name) is >= 0 and var at ? All[at] : null;

    /// <summary>Whether the stack is a compute group, to which ions can be deployed.</summary>
    public static bool IsGroup(StackKind kind) => kind is StackKind.DatomicCompute or StackKind.DatomicQueryGroup;
}
