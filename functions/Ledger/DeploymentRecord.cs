using System.Text.Json.Serialization;
using Deployer.Spec;

namespace Deployer.Functions.Ledger;

/// <summary>One deployment: one execution of the machine <c>deploy</c>.</summary>
public sealed record DeploymentRecord
{
    /// <summary>The execution's name.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>The execution's ARN.</summary>
    public required ExecutionArn Execution { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target; a development instance is one of its own.</summary>
    public required string Target { get; init; }

    /// <summary>The target's account; <see langword="null"/> in a record of an earlier version.</summary>
    public string? Account { get; init; }

    /// <summary>The target's region; <see langword="null"/> in a record of an earlier version.</summary>
    public string? Region { get; init; }

    /// <summary>Which notifications are sent; <see langword="null"/> for the usual.</summary>
    public IReadOnlyList<NotificationKind>? Notifications { get; init; }

    /// <summary>What is done where resources were changed by hand; <see langword="null"/> where nobody looks.</summary>
    public DriftReaction? Drift { get; init; }

    /// <summary>Whether what was changed by hand may be written over where the target refuses that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AcceptsDrift { get; init; }

    /// <summary>The pipeline that asked for it, where it said its name.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The execution of the pipeline.</summary>
    public string? PipelineExecution { get; init; }

    /// <summary>The commit, where the request named one.</summary>
    public string? Revision { get; init; }

    /// <summary>Who asked for it, in the words of the request.</summary>
    public string? By { get; init; }

    /// <summary>The earlier revision that is deployed again instead of what the source would give.</summary>
    public string? RollbackTo { get; init; }

    /// <summary>What becomes of the capacity of compute groups, for a deployment that changes nothing else.</summary>
    public CapacityChange? Capacity { get; init; }

    /// <summary>Whether the development instance is removed.</summary>
    public bool Remove { get; init; }

    /// <summary>Whether it is removed since its time is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Expired { get; init; }

    /// <summary>What it is for, by the members above.</summary>
    [JsonIgnore]
    public DeploymentPurpose Purpose =>
        Remove ? DeploymentPurpose.RemoveInstance
        : Capacity is not null ? DeploymentPurpose.ChangeCapacity
        : RollbackTo is not null ? DeploymentPurpose.RollBack
        : DeploymentPurpose.Deploy;

    /// <summary>The plan that is deployed, where the request named one.</summary>
    public DeploymentId? Plan { get; init; }

    /// <summary>The plan's digest.</summary>
    public string? PlanDigest { get; init; }

    /// <summary>Who approved the plan; <see langword="null"/> where nobody had to.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>
    /// When it was asked for, as Step Functions says; <see langword="null"/> where nobody asked for it but others had changed what the last
    /// one deployed, and in records of versions that did not write it.
    /// </summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>
    /// By which rule the plan was approved: a rollback's own file may have another, or none; <see langword="null"/> without a plan, and in
    /// records of versions that did not write it.
    /// </summary>
    public ApprovalSpec? Approval { get; init; }

    /// <summary>Digest of the source's content; the source is at <c>sources/SERVICE/DIGEST.zip</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Names of the steps that were asked for; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Whether a look has begun it: it deploys again what was deployed before, and nobody has asked for anything new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAgain { get; init; }

    /// <summary>
    /// Steps that other deployments did last, and that are looked at and deployed again after this one: what it changes may be what they
    /// use. <see langword="null"/> for none.
    /// </summary>
    public IReadOnlyList<string>? FollowedBy { get; init; }

    /// <summary>The growing number of this service and target; 0 for a plan, which deploys nothing.</summary>
    public required long Number { get; init; }

    /// <summary>When the records of a plan may be deleted; <see langword="null"/> for a deployment, whose records stay.</summary>
    [JsonIgnore]
    public DateTimeOffset? Expires => Number == 0 ? AskedAt + LedgerTable.Lifetime : null;

    /// <summary>The redrive count of the run of the execution that the members below are about.</summary>
    public int RedriveCount { get; init; }

    /// <summary>Whether the execution has closed and was settled.</summary>
    public bool Closed { get; init; }

    /// <summary>Whether it reached its end with success.</summary>
    public bool Succeeded { get; init; }

    /// <summary>
    /// Whether it had nothing to do; <see langword="null"/> until it has succeeded, and in records of versions that did not write it.
    /// </summary>
    public bool? HadNothingToDo { get; init; }

    /// <summary>The error of the last failure, as Step Functions records it.</summary>
    public string? Error { get; init; }

    /// <summary>The cause of the last failure.</summary>
    public string? Cause { get; init; }

    /// <summary>
    /// What helps is applied to this: the revision of a rollback, the Auto Scaling group whose capacity is set; <see langword="null"/>
    /// where no command needs one, and in records of versions that did not write it.
    /// </summary>
    public string? RemedySubject { get; init; }

    /// <summary>Where the record of a deployment is.</summary>
    public static LedgerKey<DeploymentRecord> Key(DeploymentId deployment) =>
        new(Partition(deployment), "RECORD", DeploymentRecordDocuments.Default.DeploymentRecord);

    /// <summary>The partition of everything that is recorded of a deployment.</summary>
    public static string Partition(DeploymentId deployment) => $"DEPLOYMENT#{deployment}";
}

/// <summary>What a deployment is for.</summary>
public enum DeploymentPurpose
{
    /// <summary>A source is deployed.</summary>
    Deploy,

    /// <summary>An earlier revision of the ions is deployed again.</summary>
    RollBack,

    /// <summary>Compute groups are turned on or off.</summary>
    ChangeCapacity,

    /// <summary>A development instance is removed.</summary>
    RemoveInstance,
}

/// <summary>How the record of a deployment is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(DeploymentRecord))]
internal sealed partial class DeploymentRecordDocuments : JsonSerializerContext;
