using System.Globalization;

namespace Deployer.Spec.Ions;

/// <summary>
/// Which ion-dev a release of Datomic Cloud needs. Each ion-dev holds the list of the libraries that the nodes of a release have,
/// so that an older one reports the wrong conflicts; the step to 0.9.265 was needed for the nodes' scripts to work at all.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/releases/cloud-change-log.html: the entries of ion-dev, with the releases that they name or came with.
/// </remarks>
public static class IonDevReleases
{
    private static readonly (int Code, string IonDev)[] Table =
    [
        (9399, "1.0.352"),
        (9390, "1.0.326"),
        (9339, "1.0.325"),
        (9309, "1.0.316"),
        (9132, "1.0.306"),
        (9127, "1.0.298"),
        (9118, "1.0.294"),
        (8927, "0.9.265"),
    ];

    /// <summary>The ion-dev of services that name none: the newest, which knows the libraries of every release.</summary>
    public static string Default => Table[0].IonDev;

    /// <summary>The oldest ion-dev for a release.</summary>
    /// <param name="release">The output <c>DatomicCloudVersion</c>: the code revision, such as <c>9399</c>.</param>
    /// <returns><see langword="null"/> for releases that need none in particular, and for what is no number.</returns>
    public static string? Needed(string release) =>
        int.TryParse(release, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? Table.FirstOrDefault(row => code >= row.Code).IonDev
            : null;

    /// <summary>Whether a version names one release: numbers with points, and neither the newest one nor a range.</summary>
    public static bool IsPinned(string version) => Version.TryParse(version, out var parsed) && parsed.Build >= 0;

    /// <summary>Whether a version is older than another; one that is not three numbers is not judged.</summary>
    public static bool IsOlder(string version, string than) =>
        Version.TryParse(version, out var one) && Version.TryParse(than, out var other) && one < other;
}
