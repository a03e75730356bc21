using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Transactors;

/// <summary>What a task that replaces transactors keeps.</summary>
public sealed record TransactorProgress : IKept<TransactorProgress>
{
    /// <summary>The ARN of the revision that is rolled out; <see langword="null"/> before it was registered or found.</summary>
    public string? Definition { get; init; }

    /// <summary>
    /// When it was decided on, by AWS's clock: what others deploy from then on is not replaced without a word. <see langword="null"/> in a
    /// record of an earlier version.
    /// </summary>
    public DateTime? Decided { get; init; }

    /// <summary>
    /// When it was about to be registered, by AWS's clock; <see langword="null"/> before that, and in a record of an earlier version.
    /// </summary>
    public DateTime? Registers { get; init; }

    /// <summary>ARNs of revisions that have the same content, that one among them.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Accepted { get; init; }

    /// <summary>Why the way back is closed once the new release has been active; <see langword="null"/> while it is open.</summary>
    public string? NoWayBack { get; init; }

    /// <summary>The name of the service that is being changed; <see langword="null"/> between two.</summary>
    public string? Part { get; init; }

    /// <summary>How many tasks that service is to have afterwards.</summary>
    public int Desired { get; init; }

    /// <summary>Whether the active transactor was, or may have been, that service's when the change began.</summary>
    public bool WasActive { get; init; }

    /// <summary>When that began, by AWS's clock.</summary>
    public DateTime? Began { get; init; }

    /// <summary>When the task's first change began, by AWS's clock; <see langword="null"/> in a record of an earlier version.</summary>
    public DateTime? First { get; init; }

    /// <summary>Since when something is waited for between two changes, or put back, by AWS's clock.</summary>
    public DateTime? Waits { get; init; }

    /// <summary>Since when no transactor is active, by AWS's clock; <see langword="null"/> while one is.</summary>
    public DateTime? Silent { get; init; }

    /// <summary>The name of each service that was changed, in turn.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>What that service ran before; <see langword="null"/> when that is not known any more.</summary>
    public FormerPart? Former { get; init; }

    /// <summary>
    /// What the other service ran before the roll; <see langword="null"/> when that is not known, or in a record of an earlier version.
    /// </summary>
    [JsonPropertyName("formerOther")]
    public FormerPart? FormerCounterpart { get; init; }

    /// <summary>
    /// When a copy of what ran before was about to be registered, by AWS's clock; <see langword="null"/> where none was.
    /// </summary>
    public DateTime? RegistersFormer { get; init; }

    /// <summary>Why what was changed is put back; <see langword="null"/> while it is not.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether both services are put back, and not only the one that was changed last.</summary>
    public bool PutsBackBoth { get; init; }

    /// <summary>Whether they run again what they ran before.</summary>
    public bool IsPutBack { get; init; }

    /// <summary>The notices of counts that were changed, which say nothing any more once they are put back.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? CountNotices { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<TransactorProgress> IKept<TransactorProgress>.Json => TransactorDocuments.Default.TransactorProgress;
}

/// <summary>What one of the services ran before it was changed.</summary>
/// <param name="Definition">The ARN of the revision.</param>
/// <param name="Desired">How many tasks it was to have.</param>
public sealed record FormerPart(string Definition, int Desired)
{
    /// <summary>
    /// The ARN of the revision that this one was registered of, since that one had been deregistered; <see langword="null"/> for a
    /// revision that did run.
    /// </summary>
    public string? CopyOf { get; init; }
}

/// <summary>What the task that watches transactors keeps.</summary>
public sealed record WatchProgress : IKept<WatchProgress>
{
    /// <summary>The ids of the tasks that are watched.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>
    /// ARNs of the revisions that the tasks before have left; <see langword="null"/> in a record of an earlier version.
    /// </summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Accepted { get; init; }

    /// <summary>
    /// The ids of the newest deployments of <c>NAME-a</c> and <c>NAME-b</c>; <see langword="null"/> in a record of an earlier version.
    /// </summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Deployments { get; init; }

    /// <summary>When the roll began, by AWS's clock: its first change, or where that is not known the start of the first of them.</summary>
    public DateTime? First { get; init; }

    /// <summary>When the last of them started, or the last change began, by AWS's clock.</summary>
    public DateTime? Since { get; init; }

    /// <summary>
    /// Since when no transactor is active, or the standby of a pair does not see its heartbeats, by AWS's clock; <see langword="null"/>
    /// while all is well.
    /// </summary>
    public DateTime? Silent { get; init; }

    /// <summary>The revision that runs, as <c>family:revision</c>.</summary>
    public string? Definition { get; init; }

    /// <summary>The service with the active transactor.</summary>
    public string? Active { get; init; }

    /// <summary>
    /// Since when that transactor is active, by AWS's clock and as far as its log was read; <see langword="null"/> in a record of an
    /// earlier version.
    /// </summary>
    public DateTime? ActiveSince { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<WatchProgress> IKept<WatchProgress>.Json => TransactorDocuments.Default.WatchProgress;
}

/// <summary>What the release of a transactor keeps.</summary>
public sealed record ReleasedTransactor : IKept<ReleasedTransactor>
{
    /// <summary>The release of Datomic Pro.</summary>
    public string? Version { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ReleasedTransactor> IKept<ReleasedTransactor>.Json => TransactorDocuments.Default.ReleasedTransactor;
}

/// <summary>How what transactors keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TransactorProgress))]
[JsonSerializable(typeof(WatchProgress))]
[JsonSerializable(typeof(ReleasedTransactor))]
internal sealed partial class TransactorDocuments : JsonSerializerContext;
