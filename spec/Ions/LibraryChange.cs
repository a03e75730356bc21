namespace Deployer.Spec.Ions;

/// <summary>A library in <c>:deps</c> that differs between two releases; what libraries need in turn is not compared.</summary>
/// <param name="Library">The library.</param>
/// <param name="From">Its earlier coordinate; null for one that was added.</param>
/// <param name="To">Its coordinate now; null for one that was removed.</param>
public sealed record LibraryChange(string Library, string? From, string? To)
{
    /// <summary>The differences, in the order of the libraries' names.</summary>
    public static IReadOnlyList<LibraryChange> Between(DepsEdn earlier, DepsEdn later) =>
        [
            .. earlier
                .Coordinates.Keys.Union(later.Coordinates.Keys)
                .Order(StringComparer.Ordinal)
                .Select(library => new LibraryChange(
                    library,
                    earlier.Coordinates.GetValueOrDefault(library),
                    later.Coordinates.GetValueOrDefault(library)
                ))
                .Where(change => change.From != change.To),
        ];

    /// <summary>The change in words.</summary>
    public override string ToString() =>
        this switch
        {
            { From: null } => $"{Library} {To} added",
            { To: null } => $"{Library} {From} removed",
            _ => $"{Library} {From} -> {To}",
        };
}
