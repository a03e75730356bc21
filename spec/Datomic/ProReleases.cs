namespace Deployer.Spec.Datomic;

/// <summary>What is known of releases of Datomic Pro.</summary>
/// <remarks>
/// https://docs.datomic.com/changes/pro.html (the change log) and https://docs.datomic.com/release-notices.html (the critical notices),
/// read in April 2026.
/// </remarks>
public static class ProReleases
{
    /// <summary>The newest release that is known here; of a later one it is not known whether it changes the storage's format.</summary>
    public static ProRelease Newest { get; } = Known("1.0.7705");

    /// <summary>
    /// The first release whose <c>/health</c> works again, which had not since 1.0.6725: the health check of the container depends on
    /// it. It needs no licence key either.
    /// </summary>
    public static ProRelease Oldest { get; } = Known("1.0.6735");

    /// <summary>The first release that is published under the Apache licence and takes no licence key.</summary>
    public static ProRelease WithoutLicenceKey { get; } = Known("1.0.6726");

    /// <summary>The first release on version 2 of the AWS SDK for Java.</summary>
    public static ProRelease OnSecondSdk { get; } = Known("1.0.7556");

    /// <summary>The first release with which Datomic tests Java 21.</summary>
    public static ProRelease OnJava21 { get; } = Known("1.0.7180");

    /// <summary>Releases that Datomic replaced at once, with the reason and the release to take instead.</summary>
    public static IReadOnlyList<WithdrawnPro> Withdrawn { get; } =
    [
        new(
            Known("1.0.7010"),
            "queries can deadlock, and a peer's tx-range can miss a transaction that is in the log while an indexing job starts",
            // 1.0.7021 has the other fault of that release still.
            Known("1.0.7180")
        ),
    ];

    /// <summary>
    /// What has to be known of a release that may be deployed; <see langword="null"/> when nothing has. The change log of 1.0.7180:
    /// "Regression introduced in 1.0.7010 where continuous heavy transaction load could cause unbounded memory use on the transactor".
    /// </summary>
    /// <param name="release">The release.</param>
    public static string? KnownFault(ProRelease release) =>
        release.IsBefore(OnJava21) && !release.IsBefore(Withdrawn[0].Release)
            ? $"with Datomic Pro {release} a continuous heavy load of transactions can use memory without bound; {OnJava21} repairs it "
                + "(https://docs.datomic.com/changes/pro.html)"
            : null;

    // "0.9.4699 Changes to Index Format … Both transactors and peers must upgrade, and cannot go back to a previous release."
    private static readonly IReadOnlyList<ProRelease> ChangesOfFormat = [Known("0.9.4699")];

    /// <summary>
    /// The release on the way from one to another with which the storage's format changes, so that the older one cannot read it any more;
    /// a release that is newer than all that are known counts as one. <see langword="null"/> when the way back is open.
    /// </summary>
    public static ProRelease? ChangeOfFormat(ProRelease running, ProRelease wanted)
    {
        foreach (var change in ChangesOfFormat)
        {
            if (running.IsBefore(change) && !wanted.IsBefore(change))
            {
                return change;
            }
        }
        return running.IsBefore(wanted) && Newest.IsBefore(wanted) ? wanted : null;
    }

    private static ProRelease Known(string text) => ProRelease.Find(text)!;
}

/// <summary>A release that is not to be deployed.</summary>
/// <param name="Release">The release.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Instead">The first release without the fault.</param>
public sealed record WithdrawnPro(ProRelease Release, string Reason, ProRelease Instead);
