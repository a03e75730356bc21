using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

/// <summary>
/// What ran on a target once a commit was deployed there with success: also of the steps that had no changes at that commit, whose revision
/// is of an earlier one. A rollback to the commit brings back all of it.
/// </summary>
public sealed record CommitRelease
{
    /// <summary>The commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Digest of the whole source, which is at <c>sources/SERVICE/DIGEST.zip</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The deployment that brought it about, or back, last.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>The number of that deployment.</summary>
    public required long Number { get; init; }

    /// <summary>Names of the revisions that ran, as <see cref="PushedRevision.Name"/> has them, by step.</summary>
    public required IReadOnlyDictionary<string, string> Steps { get; init; }

    /// <summary>The release in words.</summary>
    public override string ToString() => $"{Commit} (deployment {Deployment})";

    /// <summary>Where the record of a commit is.</summary>
    public static LedgerKey<CommitRelease> Key(string service, string target, string commit) =>
        new(Partition(service, target), commit, CommitReleaseDocuments.Default.CommitRelease);

    /// <summary>The commits that were deployed to a target.</summary>
    public static LedgerRange<CommitRelease> All(string service, string target) =>
        new(Partition(service, target), string.Empty, CommitReleaseDocuments.Default.CommitRelease);

    private static string Partition(string service, string target) => $"COMMITS#{service}#{target}";
}

/// <summary>How the record of a deployed commit is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CommitRelease))]
internal sealed partial class CommitReleaseDocuments : JsonSerializerContext;

/// <summary>What a rollback goes back to.</summary>
/// <param name="Name">The commit, or the uname of a revision that has none.</param>
/// <param name="Commit">The commit; <see langword="null"/> for none.</param>
/// <param name="Source">Digest of the source that is deployed again.</param>
/// <param name="Revisions">What each step goes back to, one for each step.</param>
public sealed record EarlierRelease(string Name, string? Commit, string Source, IReadOnlyList<PushedRevision> Revisions);
