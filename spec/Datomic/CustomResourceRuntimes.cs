namespace Deployer.Spec.Datomic;

/// <summary>
/// The runtime of the functions behind the custom resources of Datomic's templates: once Lambda has retired it, a stack can neither be
/// made from such a template nor be updated to it (https://docs.datomic.com/changes.html, "AWS Lambda Runtimes moved to …").
/// </summary>
public static class CustomResourceRuntimes
{
    // Each holds until the next one; releases before the first had Node.js 6.10 or older.
    private static readonly IReadOnlyList<(DatomicRelease From, string Runtime)> Moves =
    [
        (new(0, null), "nodejs6.10"),
        (new(470, 8654.1m), "nodejs8.10"),
        (new(569, 8835), "nodejs10.x"),
        (new(781, 9041), "nodejs12.x"),
        (new(973, 9132), "nodejs14.x"),
        (new(1067, 9276), "nodejs16.x"),
        (new(1102, 9309), "nodejs18.x"),
        (new(1171, 9390), "nodejs22.x"),
    ];

    /// <summary>The runtime of a release's templates.</summary>
    public static string For(DatomicRelease release) => Moves.Last(move => move.From.CompareTo(release) <= 0).Runtime;
}
