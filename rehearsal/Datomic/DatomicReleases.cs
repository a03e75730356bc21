namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// Datomic's own Maven repository, a bucket that everybody with credentials may read whose own policy lets them. The rehearsal keeps one
/// object for each release of ion-dev there.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/operation/howto.html#ion-dev: <c>s3://datomic-releases-1fc2183a/maven/releases</c>; the releases are those of
/// https://docs.datomic.com/releases/cloud-change-log.html that some release of Datomic Cloud needs.
/// </remarks>
internal static class DatomicReleases
{
    /// <summary>The bucket.</summary>
    internal const string Bucket = "datomic-releases-1fc2183a";

    /// <summary>Where it lies: https://github.com/Datomic/ion-starter/blob/master/deps.edn.</summary>
    internal const string Region = "us-east-1";

    private static readonly string[] IonDev =
    [
        "0.9.234",
        "0.9.265",
        "0.9.282",
        "0.9.290",
        "1.0.294",
        "1.0.298",
        "1.0.306",
        "1.0.316",
        "1.0.325",
        "1.0.326",
        "1.0.352",
    ];

    /// <summary>The keys of everything in it.</summary>
    internal static IEnumerable<string> Keys => IonDev.Select(Key);

    /// <summary>The key of a release of ion-dev.</summary>
    internal static string Key(string version) => $"maven/releases/{Artifact(version)}";

    /// <summary>The path of a release of ion-dev in any Maven repository.</summary>
    internal static string Artifact(string version) => $"com/datomic/ion-dev/{version}/ion-dev-{version}.jar";
}
