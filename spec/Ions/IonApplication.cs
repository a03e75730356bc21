using Deployer.Spec.Faults;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Ions;

/// <summary>An ion application: what its <c>deps.edn</c> and <c>ion-config.edn</c> say.</summary>
/// <param name="Folder">The folder of deps.edn.</param>
/// <param name="Deps">deps.edn.</param>
/// <param name="ConfigPath">Where ion-config.edn lies.</param>
/// <param name="Config">ion-config.edn.</param>
public sealed record IonApplication(RelativePath Folder, DepsEdn Deps, RelativePath ConfigPath, IonConfig Config)
{
    /// <summary>The resource that configures the entry points, which has to be on the class path.</summary>
    public const string ConfigResource = "datomic/ion-config.edn";

    /// <summary>Reads the application in a folder of a service.</summary>
    public static IonApplicationReading Read(ISourceFolder source, RelativePath folder)
    {
        var faults = new FaultList();
        var fields = new EdnFields(faults);
        var depsPath = folder.Child("deps.edn");
        if (fields.File(source, depsPath) is not { } depsMap)
        {
            return new IonApplicationReading(Application: null, faults.InOrder());
        }
        var deps = new DepsEdnReader(faults).Read(depsMap);
        if (ConfigOf(source, folder, deps) is not { } configPath)
        {
            faults.Add(
                depsMap["paths"]?.Position ?? depsMap.Position,
                $"none of the paths {string.Join(", ", deps.Paths)} has {ConfigResource}",
                "the resource on the class path"
            );
            return new IonApplicationReading(Application: null, faults.InOrder());
        }
        var config = fields.File(source, configPath) is { } configMap ? new IonConfigReader(faults).Read(configMap) : null;
        return new IonApplicationReading(
            config is null || faults.Any ? null : new IonApplication(folder, deps, configPath, config),
            faults.InOrder()
        )
        {
            Notices = faults.NoticesInOrder(),
        };
    }

    // Paths outside the service's folder are not looked into.
    private static RelativePath? ConfigOf(ISourceFolder source, RelativePath folder, DepsEdn deps) =>
        deps
            .Paths.Select(path =>
                folder.TryAppend(path, out var below, out _) && below.TryAppend(ConfigResource, out var config, out _) ? config : null
            )
            .FirstOrDefault(config => config is not null && source.HasFile(config));
}

/// <summary>What reading an ion application gave.</summary>
/// <param name="Application">The application; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong.</param>
public sealed record IonApplicationReading(IonApplication? Application, IReadOnlyList<Fault> Faults)
{
    /// <summary>What is no fault and should be known.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];
}
