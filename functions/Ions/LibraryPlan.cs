using System.Text.Json.Serialization;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Ions;

/// <summary>How <c>deps.edn</c> differs from the last release, in a plan.</summary>
public static class LibraryPlan
{
    /// <summary>The part of a plan: the libraries that differ; none when nothing was released before.</summary>
    public static readonly PlanPart<IReadOnlyList<LibraryChange>> Part = new(
        "libraries",
        LibraryDocuments.Default.IReadOnlyListLibraryChange,
        libraries => libraries.Select(Planned)
    );

    private static PlannedChange Planned(LibraryChange library) =>
        library switch
        {
            { From: null } => new(ChangeKind.Added, $"{library.Library} {library.To}"),
            { To: null } => new(ChangeKind.Removed, $"{library.Library} {library.From}"),
            _ => new(ChangeKind.Modified, $"{library.Library} {library.From} -> {library.To}"),
        };
}

/// <summary>How changes of libraries are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IReadOnlyList<LibraryChange>))]
internal sealed partial class LibraryDocuments : JsonSerializerContext;
