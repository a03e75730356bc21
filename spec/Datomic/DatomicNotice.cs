namespace Deployer.Spec.Datomic;

/// <summary>A critical notice of Datomic.</summary>
/// <param name="Release">The release with which it begins to matter.</param>
/// <param name="Text">What somebody who upgrades to this release, or past it, has to know.</param>
public sealed record DatomicNotice(DatomicRelease Release, string Text)
{
    /// <summary>Where Datomic publishes them; the details stand in the change log beside it.</summary>
    public const string Source = "https://docs.datomic.com/releases.html";

    // "Critical notices" of the page, and what the change log says under the same releases and under 668-8927 and 990-9202; read in
    // February 2026.
    private static readonly IReadOnlyList<DatomicNotice> All =
    [
        new(new(441, 8505), "critical update of primary groups and query groups: upgrade as soon as possible"),
        new(
            new(470, 8654),
            "a VPC endpoint stack made from Datomic's template has to be deleted first, since the export "
                + "SYSTEM-VpcEndpointServiceName goes away"
        ),
        new(new(470, 8654.1m), "templates before this release do not run any more, because Lambda has retired their Node.js runtime"),
        new(
            new(616, 8879),
            "mends wrong results of datoms, seek-datoms and index-range, which 569-8835 had brought: upgrade as soon as possible"
        ),
        new(new(668, 8927), "the new machine image needs ion-dev 0.9.265 or later to deploy ions"),
        new(new(732, 8992), "upgrade as soon as possible"),
        new(
            new(884, 9095),
            "up to one minute of downtime for each group; application load balancers replace network load "
                + "balancers, so that endpoint services, "
                + "gateways made by hand and access gateways stop working; the solo topology is gone"
        ),
        new(
            new(990, 9202),
            "mends 981-9188, which halts transactions; the last release with a master stack, which has to be split before the next one"
        ),
    ];

    /// <summary>Releases whose templates Datomic took back: 981-9188 on 12 December 2022, because it can halt transactions.</summary>
    public static IReadOnlyList<DatomicRelease> Withdrawn { get; } = [new(981, 9188)];

    /// <summary>The notices of every release after the one that runs, up to the wanted one.</summary>
    public static IReadOnlyList<DatomicNotice> Between(DatomicRelease running, DatomicRelease wanted) =>
        [.. All.Where(notice => notice.Release.CompareTo(running) > 0 && notice.Release.CompareTo(wanted) <= 0)];
}
