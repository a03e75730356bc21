using System.Text.Json.Serialization;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Records;

/// <summary>A deployment as the list of them has it.</summary>
/// <param name="Number">Its number; <see langword="null"/> when it ended before it had one.</param>
/// <param name="Purpose">deploy, roll back, change capacity or remove instance.</param>
/// <param name="Verdict">succeeded, nothing to do, failed, stopped or running.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Redrives">How often it was redriven.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Revision">The commit, where there is one.</param>
/// <param name="Released">
/// The revisions of ions that it pushed, or released again, by step: what <c>deployer rollback --to</c> takes.
/// </param>
/// <param name="Error">The error, when it failed.</param>
/// <param name="Cause">The cause, when it failed.</param>
/// <param name="Deployment">ARN of the execution.</param>
internal sealed record PastDeployment(
    long? Number,
    string Purpose,
    Verdict Verdict,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int Redrives,
    string? By,
    string? Revision,
    IReadOnlyDictionary<string, string> Released,
    string? Error,
    string? Cause,
    string Deployment
)
{
    /// <summary>Why people have not heard of it, a sentence for each notification that is not sent; left out when all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? NotSent { get; init; }

    /// <summary>Who approved its plan; left out where nobody had to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApprovedBy { get; init; }

    /// <summary>The deployment of an execution.</summary>
    /// <param name="listed">The execution.</param>
    /// <param name="record">Its record; <see langword="null"/> when it ended before it had one.</param>
    /// <param name="pushed">The revisions that were pushed to its target, by whichever deployment.</param>
    public static PastDeployment From(ExecutionListItem listed, DeploymentRecord? record, IReadOnlyList<PushedRevision> pushed)
    {
        var verdict =
            VerdictOf(listed.Status) is var status && status == Verdict.Succeeded && record?.HadNothingToDo == true
                ? Verdict.NothingToDo
                : status;
        var failed = verdict is Verdict.Failed or Verdict.Stopped;
        return new PastDeployment(
            record?.Number,
            Words(record?.Purpose),
            verdict,
            new DateTimeOffset(listed.StartDate!.Value.ToUniversalTime()),
            listed.StopDate is { } end ? new DateTimeOffset(end.ToUniversalTime()) : null,
            listed.RedriveCount ?? 0,
            record?.By,
            record?.Revision,
            pushed
                .Where(revision => record is not null && IsOf(record, revision))
                .ToDictionary(revision => revision.Step, revision => revision.Name),
            failed ? record?.Error : null,
            failed ? record?.Cause : null,
            listed.ExecutionArn
        )
        {
            ApprovedBy = record?.ApprovedBy,
        };
    }

    /// <summary>
    /// A push stays, whatever becomes of its deployment. A rollback by a version that did not record what it has released again has none:
    /// it may have found that there was nothing to do.
    /// </summary>
    private static bool IsOf(DeploymentRecord record, PushedRevision revision) =>
        revision.Deployment == record.Deployment || revision.ReleasedAgainBy?.Contains(record.Deployment) == true;

    private static Verdict VerdictOf(ExecutionStatus status) =>
        status == ExecutionStatus.SUCCEEDED ? Verdict.Succeeded
        : status == ExecutionStatus.ABORTED ? Verdict.Stopped
        : status == ExecutionStatus.FAILED || status == ExecutionStatus.TIMED_OUT ? Verdict.Failed
        : Verdict.Running;

    private static string Words(DeploymentPurpose? purpose) =>
        purpose switch
        {
            DeploymentPurpose.RollBack => "roll back",
            DeploymentPurpose.ChangeCapacity => "change capacity",
            DeploymentPurpose.RemoveInstance => "remove instance",
            _ => "deploy",
        };
}

/// <summary>The deployments of a service to a target, as the JSON document has them.</summary>
internal sealed record HistoryReport(string Service, string Target, IReadOnlyList<PastDeployment> Deployments)
{
    /// <summary>The looks after changes by others, the newest first; left out when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LookReport>? Looks { get; init; }
}

/// <summary>What a step last released on a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Step">The step.</param>
/// <param name="Resource">Identity of what runs: a stack's id, a revision.</param>
/// <param name="Since">
/// When it was released; where its record does not say it, when its deployment ended; <see langword="null"/> when that is not known any
/// more.
/// </param>
/// <param name="By">Who asked for that deployment.</param>
/// <param name="Revision">Its commit, where there is one.</param>
/// <param name="Number">Its number.</param>
/// <param name="Deployment">ARN of its execution.</param>
internal sealed record ReleaseReport(
    string Target,
    string Step,
    string Resource,
    DateTimeOffset? Since,
    string? By,
    string? Revision,
    long? Number,
    string? Deployment
);

/// <summary>What runs of a service, by its targets, as the JSON document has it.</summary>
internal sealed record ReleasesReport(string Service, IReadOnlyList<ReleaseReport> Releases);
