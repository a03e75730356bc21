using Deployer.Spec.Faults;

namespace Deployer.Spec.Ions;

/// <summary>What matters for a push in an application's <c>deps.edn</c> (https://clojure.org/reference/deps_edn).</summary>
/// <param name="Paths">The folders of the class path, relative to deps.edn; <c>src</c> by default.</param>
/// <param name="IonVersion">The Maven version of com.datomic/ion; null when it comes from elsewhere than Maven.</param>
/// <param name="IonDevVersion">
/// The Maven version of com.datomic/ion-dev, of the alias :ion-dev before any other; null when no alias has one.
/// </param>
/// <param name="LocalRoots">Libraries in <c>:deps</c> taken from a local folder, which make a push unreproducible.</param>
public sealed record DepsEdn(IReadOnlyList<string> Paths, string? IonVersion, string? IonDevVersion, IReadOnlyList<LocalRoot> LocalRoots)
{
    /// <summary>Maven versions of the libraries in <c>:deps</c>; what they need in turn is not listed.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new Dictionary<string, string>();

    /// <summary>The coordinate of each library in <c>:deps</c>: its Maven version where it is nothing else, else the map as EDN.</summary>
    public IReadOnlyDictionary<string, string> Coordinates { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the alias :ion-dev is, which a build runs instead of its own; null when there is none.</summary>
    public SourcePosition? IonDevAlias { get; init; }

    /// <summary>Where ion-dev's coordinate is, of the alias <see cref="IonDevVersion"/> is from; null when no alias has ion-dev.</summary>
    public SourcePosition? IonDevPosition { get; init; }

    /// <summary>Whether a clean work tree gives a revision that is named by its git SHA; otherwise the push needs a uname.</summary>
    public bool IsReproducible => LocalRoots.Count == 0;
}

/// <summary>A library taken from a local folder.</summary>
/// <param name="Library">The library.</param>
/// <param name="Root">The folder, as it is written.</param>
/// <param name="Position">Where it is written.</param>
public sealed record LocalRoot(string Library, string Root, SourcePosition Position);
