using System.Text.RegularExpressions;
using Deployer.Spec.Edn;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Ions;

/// <summary>Reads deps.edn.</summary>
internal sealed partial class DepsEdnReader(FaultList faults)
{
    private const string Ion = "com.datomic/ion";
    private const string IonDev = "com.datomic/ion-dev";
    private const string Alias = "ion-dev";

    private readonly EdnFields _fields = new(faults);

    public DepsEdn Read(EdnMap map)
    {
        var aliases = _fields.Optional<EdnMap>(map, "aliases", "a map from names to aliases");
        var libraries = _fields.Optional<EdnMap>(map, "deps", "a map from libraries to coordinates") is { } deps ? Libraries(deps) : [];
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
            IonDevVersion(aliases),
            [
                .. libraries
                    .Select(library => (library.Key, Root: library.Value["local/root"]))
                    .Where(library => library.Root is EdnString)
                    .Select(library => new LocalRoot(library.Key, ((EdnString)library.Root!).Value, library.Root.Position)),
            ]
        )
        {
            IonDevAlias = aliases?[Alias]?.Position,
            IonDevPosition = IonDevCoordinates(aliases)
                .OrderBy(coordinate => coordinate["mvn/version"] is EdnString ? 0 : 1)
                .FirstOrDefault()
                ?.Position,
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
            : Credentials().Replace($"{{{string.Join(", ", coordinate.Entries.Select(Printed).Order(StringComparer.Ordinal))}}}", "://");

    private static string Printed(KeyValuePair<EdnValue, EdnValue> entry) =>
        $"{EdnPrinter.Print(entry.Key)} {EdnPrinter.Print(entry.Value)}";

    // A coordinate is reported to people; who may read its repository is nobody else's business.
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
                _fields.Optional<EdnString>(coordinate, "mvn/version", "a string");
                _fields.Optional<EdnString>(coordinate, "local/root", "a string");
            }
        }
        return libraries;
    }

    // Datomic has ion-dev in an alias of a project's or of the user's own deps.edn, under any name
    // (https://docs.datomic.com/ions/ions-tutorial.html); a build has its own alias :ion-dev, which a project's of this name replaces.
    private string? IonDevVersion(EdnMap? aliases)
    {
        if (aliases?[Alias] is { } alias && IonDevIn(alias) is null)
        {
            faults.Add(
                alias.Position,
                $"the alias :{Alias} has no {IonDev}",
                $"the library {IonDev} in the alias, or no alias of this name"
            );
        }
        return IonDevCoordinates(aliases)
            .Select(coordinate => (coordinate["mvn/version"] as EdnString)?.Value)
            .FirstOrDefault(version => version is not null);
    }

    // What a build runs instead of its own alias comes first.
    private static IEnumerable<EdnMap> IonDevCoordinates(EdnMap? aliases) =>
        (aliases?.Entries ?? [])
            .OrderBy(entry => entry.Key is EdnKeyword { FullName: Alias } ? 0 : 1)
            .Select(entry => IonDevIn(entry.Value))
            .OfType<EdnMap>();

    private static EdnMap? IonDevIn(EdnValue alias) =>
        (
            from key in new[] { "deps", "extra-deps", "replace-deps" }
            from entry in ((alias as EdnMap)?[key] as EdnMap)?.Entries ?? []
            where entry.Key is EdnSymbol { FullName: IonDev }
            select entry.Value as EdnMap
        ).FirstOrDefault();

    // A path may be given by the name of an alias that holds paths.
    private List<string> Paths(EdnMap map, EdnMap? aliases)
    {
        if (map["paths"] is null)
        {
            return ["src"];
        }
        var paths = new List<string>();
        foreach (var item in _fields.Vector(map, "paths").SelectMany(item => Expanded(item, aliases)))
        {
            if (item is EdnString path)
            {
                paths.Add(path.Value);
            }
            else
            {
                _fields.Refuse(item, "paths", "strings, or keywords of aliases that hold them");
            }
        }
        return paths;
    }

    private static IReadOnlyList<EdnValue> Expanded(EdnValue item, EdnMap? aliases) =>
        item is EdnKeyword && aliases?[item] is EdnSequence { IsVector: true } alias ? alias.Items : [item];
}
