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
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<StackKind> All { get; } =
    [StackKind.Plain, StackKind.DatomicStorage, StackKind.DatomicCompute, StackKind.DatomicQueryGroup];

    /// <summary>The kind's name in the file.</summary>
    public static string Name(StackKind kind) =>
        kind switch
        {
            StackKind.DatomicStorage => "datomic-storage",
            StackKind.DatomicCompute => "datomic-compute",
            StackKind.DatomicQueryGroup => "datomic-query-group",
            _ => "plain",
        };

    /// <summary>Whether the stack is a compute group, to which ions can be deployed.</summary>
    public static bool IsGroup(StackKind kind) => kind is StackKind.DatomicCompute or StackKind.DatomicQueryGroup;
}
