using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>
/// The libraries that Datomic Cloud brings itself: its versions win over a revision's. The real list is built into each
/// release of ion-dev; this one is chosen, a handful of libraries that ion applications declare.
/// </summary>
internal static class CloudDependencies
{
    private static readonly SortedDictionary<string, string> Versions = new(StringComparer.Ordinal)
    {
        ["com.cognitect/transit-clj"] = "1.0.333",
        ["com.cognitect/transit-java"] = "1.0.371",
        ["com.datomic/client"] = "1.0.141",
        ["com.datomic/client-api"] = "1.0.75",
        ["org.clojure/clojure"] = "1.11.4",
        ["org.clojure/core.async"] = "1.6.681",
        ["org.clojure/data.json"] = "2.5.0",
        ["org.clojure/tools.reader"] = "1.4.2",
        ["org.slf4j/slf4j-api"] = "2.0.16",
    };

    /// <summary>The declared dependencies that Datomic runs in another version, with Datomic's version.</summary>
    public static EdnMap Conflicts(IonProject project) =>
        new([
            .. project
                .Dependencies.Where(dependency =>
                    Versions.TryGetValue(dependency.Library, out var version) && dependency.Coordinate["mvn/version"] as string != version
                )
                .OrderBy(dependency => dependency.Library, StringComparer.Ordinal)
                .Select(dependency => new KeyValuePair<object, object?>(
                    new Symbol(dependency.Library),
                    new EdnMap([new(new Keyword("mvn/version"), Versions[dependency.Library])])
                )),
        ]);
}
