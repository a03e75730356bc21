using System.Text.RegularExpressions;
using Deployer.Spec.Edn;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Ions;

/// <summary>Reads deps.edn.</summary>
internal sealed partial class DepsEdnReader(FaultList faults)
{
    private const string Ion = "com.datomic/ion";
    private const string IonDev = "com.datomic/ion-dev";

    private readonly EdnFields fields = new(faults);

    public DepsEdn Read(EdnMap map)
    {
        var aliases = fields.Optional<EdnMap>(map, "aliases", "a map from names to aliases");
        var libraries = fields.Optional<EdnMap>(map, "deps", "a map from libraries to coordinates") is { } deps ? Libraries(deps) : [];
        if (!libraries.ContainsKey(Ion))
        {
            faults.Add(
                map["deps"]?.Position ?? map.Position,
                $"the library {Ion} is not in :deps",
                $"{Ion} among the libraries of an ion application"
            );
        }
        return new DepsEdn(
            Paths(map, aliases),
            Version(libraries, Ion),
            IonDevVersion(map, aliases),
            [
                .. libraries
                    .Select(library => (library.Key, Root: library.Value["local/root"]))
                    .Where(library => library.Root is EdnString)
                    .Select(library => new LocalRoot(library.Key, ((EdnString)library.Root!).Value, library.Root.Position)),
            ]
        )
        {
            Libraries = libraries
                .Keys.Select(library => (library, version: Version(libraries, library)))
                .Where(found => found.version is not null)
                .ToDictionary(found => found.library, found => found.version!),
            Coordinates = libraries.ToDictionary(library => library.Key, library => Coordinate(library.Value)),
        };
    }

    private static string Coordinate(EdnMap coordinate) =>
        coordinate.Entries is [(EdnKeyword { FullName: "mvn/version" }, EdnString version)]
            ? version.Value
            : Credentials()
                .Replace(
                    $"{{{string.Join(", ", coordinate.Entries.Select(entry => $"{EdnPrinter.Print(entry.Key)} {EdnPrinter.Print(entry.Value)}").Order(StringComparer.Ordinal))}}}",
                    "://"
                );

    // A coordinate is told to people; who may read its repository is nobody else's business.
    [GeneratedRegex(@"://[^/\s""@]*@")]
    private static partial Regex Credentials();

    private static string? Version(Dictionary<string, EdnMap> libraries, string library) =>
        (libraries.GetValueOrDefault(library)?["mvn/version"] as EdnString)?.Value;

    private Dictionary<string, EdnMap> Libraries(EdnMap deps)
    {
        var libraries = new Dictionary<string, EdnMap>();
        foreach (var (key, value) in deps.Entries)
        {
            if (key is not EdnSymbol library)
            {
                faults.Add(key.Position, $"the library is {key.Description}", "a symbol such as com.datomic/ion");
            }
            else if (value is not EdnMap coordinate)
            {
                faults.Add(
                    value.Position,
                    $"the coordinate of {library} is {value.Description}",
                    "a map such as {:mvn/version \"1.0.71\"}"
                );
            }
            else
            {
                libraries[library.FullName] = coordinate;
                fields.Optional<EdnString>(coordinate, "mvn/version", "a string");
                fields.Optional<EdnString>(coordinate, "local/root", "a string");
            }
        }
        return libraries;
    }

    // The alias belongs to the repository, so that a push does not depend on what the building machine's own deps.edn holds.
    private string? IonDevVersion(EdnMap map, EdnMap? aliases)
    {
        const string expected = $"an alias :ion-dev with the library {IonDev}";
        if (aliases?["ion-dev"] is not { } alias)
        {
            faults.Add(aliases?.Position ?? map.Position, "there is no alias :ion-dev", expected);
            return null;
        }
        var extra = alias is not EdnMap own
            ? null
            : (
                from key in new[] { "deps", "extra-deps", "replace-deps" }
                let deps = own[key] as EdnMap
                where deps is not null
                let libraries = Libraries(deps)
                where libraries.ContainsKey(IonDev)
                select libraries
            ).FirstOrDefault();
        if (extra is null)
        {
            faults.Add(alias.Position, $"the alias :ion-dev has no {IonDev}", expected);
            return null;
        }
        return Version(extra, IonDev);
    }

    // A path may be given by the name of an alias that holds paths.
    private List<string> Paths(EdnMap map, EdnMap? aliases)
    {
        if (map["paths"] is null)
        {
            return ["src"];
        }
        var paths = new List<string>();
        foreach (var item in fields.Vector(map, "paths").SelectMany(item => Expanded(item, aliases)))
        {
            if (item is EdnString path)
            {
                paths.Add(path.Value);
            }
            else
            {
                fields.Refuse(item, "paths", "strings, or keywords of aliases that hold them");
            }
        }
        return paths;
    }

    private static IReadOnlyList<EdnValue> Expanded(EdnValue item, EdnMap? aliases) =>
        item is EdnKeyword && aliases?[item] is EdnSequence { IsVector: true } alias ? alias.Items : [item];
}
