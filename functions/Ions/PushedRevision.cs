using System.Globalization;
using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

/// <summary>
/// A revision that was pushed to a target: its name, what it was made of, by whom and when, and what is in the code bucket since.
/// </summary>
public sealed record PushedRevision
{
    private const int MostReleases = 100;

    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>The commit, or the uname.</summary>
    public required string Name { get; init; }

    /// <summary>Which of <c>:rev</c> and <c>:uname</c> names it.</summary>
    public required string Key { get; init; }

    /// <summary>The commit that was deployed, where there was one.</summary>
    public string? Commit { get; init; }

    /// <summary>Digest of the ion folder's content.</summary>
    public required string Content { get; init; }

    /// <summary>Digest of the whole source, which is at <c>sources/SERVICE/DIGEST.zip</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The deployment that pushed it.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>Who asked for that deployment, in the words of the request.</summary>
    public string? By { get; init; }

    /// <summary>When the build that pushed it ended, in ISO 8601.</summary>
    public required string At { get; init; }

    /// <summary>The deployment that released it, and the first to do so; <see langword="null"/> for one that was pushed only.</summary>
    public DeploymentId? ReleasedBy { get; init; }

    /// <summary>
    /// Deployments that released it again, such as a rollback, or with other variables of its ECS service, the newest last, and not more
    /// than <see cref="MostReleases"/>; <see langword="null"/> for none.
    /// </summary>
    public IReadOnlyList<DeploymentId>? ReleasedAgainBy { get; init; }

    /// <summary>Digest of the names and contents of the files in its zip; their times do not count.</summary>
    public required string Zip { get; init; }

    /// <summary>
    /// ARN of the revision of the task definition that the step's ECS service ran with it; <see langword="null"/> for steps of another
    /// kind, and in records of versions that did not write it.
    /// </summary>
    public string? TaskDefinition { get; init; }

    /// <summary>The libraries that <c>deps.edn</c> names, by their keys in the code bucket: size and, where S3 gives it, MD5.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The revision as a deployment has released it that may have been released before: who did so first, and when, stays.
    /// </summary>
    /// <param name="before">The record that is there; <see langword="null"/> for none.</param>
    public PushedRevision ReleasedAfter(PushedRevision? before) =>
        before is null || before.Deployment == Deployment
            ? this
            : this with
            {
                Deployment = before.Deployment,
                By = before.By,
                At = before.At,
                ReleasedBy = before.ReleasedBy ?? ReleasedBy,
                ReleasedAgainBy =
                [
                    .. (before.ReleasedAgainBy ?? []).Where(again => again != Deployment).TakeLast(MostReleases - 1),
                    Deployment,
                ],
            };

    /// <summary>The revision with when, by whom and by which deployment it was pushed; one that is not pushed, deployed.</summary>
    public override string ToString()
    {
        var at = DateTimeOffset.TryParse(At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            ? read.ToString("u", CultureInfo.InvariantCulture)
            : At;
        var did = TaskDefinition is null ? "pushed" : "deployed";
        return $"{Name} ({did} at {at} by {By ?? "an unnamed caller"}, deployment {Deployment})";
    }

    /// <summary>Where the record of a revision is.</summary>
    /// <param name="service">The service.</param>
    /// <param name="step">The step.</param>
    /// <param name="name">The revision's name.</param>
    /// <param name="target">The target.</param>
    public static LedgerKey<PushedRevision> RecordKey(string service, string step, string name, string target) =>
        new(Partition(service), $"{step}#{name}#{target}", IonDocuments.Default.PushedRevision);

    /// <summary>The revisions of a service.</summary>
    public static LedgerRange<PushedRevision> All(string service) =>
        new(Partition(service), string.Empty, IonDocuments.Default.PushedRevision);

    private static string Partition(string service) => $"REVISIONS#{service}";
}

/// <summary>How the records of ions are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString
)]
[JsonSerializable(typeof(PushedRevision))]
[JsonSerializable(typeof(PushProgress))]
[JsonSerializable(typeof(DeployProgress))]
[JsonSerializable(typeof(ReleasedIons))]
internal sealed partial class IonDocuments : JsonSerializerContext;
