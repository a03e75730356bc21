using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>The tools.deps project in a folder, as far as a push looks at it.</summary>
internal sealed class IonProject
{
    private readonly string _folder;
    private readonly EdnMap _deps;

    private IonProject(string folder, EdnMap deps)
    {
        _folder = folder;
        _deps = deps;
    }

    /// <summary>The dependencies that are declared, by library and coordinate.</summary>
    public IEnumerable<(string Library, EdnMap Coordinate)> Dependencies =>
        (_deps["deps"] as EdnMap ?? EdnMap.Empty).Entries.Select(entry => (entry.Key.ToString()!, entry.Value as EdnMap ?? EdnMap.Empty));

    /// <summary>Whether a dependency is a folder beside the project, which no commit can name.</summary>
    public bool HasLocalRoot => Dependencies.Any(dependency => dependency.Coordinate["local/root"] is not null);

    /// <summary>The files on the classpath by their resource names, earlier paths first, in a fixed order.</summary>
    public IReadOnlyDictionary<string, byte[]> ClasspathFiles()
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var path in Paths())
        {
            var root = Path.Combine(_folder, path);
            if (!Directory.Exists(root))
            {
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                files.TryAdd(Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllBytes(file));
            }
        }

        return files;
    }

    /// <summary>Reads <c>deps.edn</c> of a folder.</summary>
    /// <exception cref="CommandFailedException">There is none, or it is not edn.</exception>
    public static IonProject Read(string folder)
    {
        var file = Path.Combine(folder, "deps.edn");
        if (!File.Exists(file))
        {
            throw new CommandFailedException($"{file} (No such file or directory)", "FileNotFoundException");
        }

        try
        {
            return new IonProject(folder, EdnReader.ReadMap(File.ReadAllText(file)));
        }
        catch (FormatException exception)
        {
            throw new CommandFailedException($"Error reading edn. {exception.Message} ({file})", "RuntimeException");
        }
    }

    /// <summary>Whether an alias is declared, in the project or in the user's own deps.edn.</summary>
    public bool Declares(string alias, string? userFolder) =>
        HasAlias(_deps, alias)
        || (userFolder is not null && File.Exists(Path.Combine(userFolder, "deps.edn")) && HasAlias(Read(userFolder)._deps, alias));

    /// <summary>The version of ion-dev that an alias asks for; the project's own alias takes the place of the user's.</summary>
    public string? IonDevVersion(string alias, string userFolder) =>
        HasAlias(_deps, alias) ? IonDevVersion(_deps, alias)
        : File.Exists(Path.Combine(userFolder, "deps.edn")) ? IonDevVersion(Read(userFolder)._deps, alias)
        : null;

    private static string? IonDevVersion(EdnMap deps, string alias)
    {
        var entry = (deps["aliases"] as EdnMap)?[alias] as EdnMap;
        return new[] { "deps", "extra-deps", "replace-deps" }
            .SelectMany(key => (entry?[key] as EdnMap ?? EdnMap.Empty).Entries)
            .Where(dependency => dependency.Key.ToString() == "com.datomic/ion-dev")
            .Select(dependency => (dependency.Value as EdnMap)?["mvn/version"] as string)
            .FirstOrDefault();
    }

    private static bool HasAlias(EdnMap deps, string alias) => deps["aliases"] is EdnMap aliases && aliases[alias] is not null;

    private IEnumerable<string> Paths() => _deps["paths"] is EdnVector paths ? paths.Items.OfType<string>() : ["src"];
}
