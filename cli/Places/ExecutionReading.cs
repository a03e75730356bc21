using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;

namespace Deployer.Cli.Places;

/// <summary>What an execution of the deployer did and came to, read from Step Functions and from the deployer's records.</summary>
/// <param name="Described">The execution as Step Functions describes it.</param>
/// <param name="Record">The deployment's record; <see langword="null"/> when it ended before it had one.</param>
/// <param name="Tasks">The records of its tasks.</param>
/// <param name="Spec">The service; <see langword="null"/> when its source is not known.</param>
/// <param name="Outline">Every step that it was to run.</param>
internal sealed record ExecutionReading(
    DescribeExecutionResponse Described,
    DeploymentRecord? Record,
    IReadOnlyList<TaskRecord> Tasks,
    ServiceSpec? Spec,
    IReadOnlyList<StepOutline> Outline
)
{
    /// <summary>What the kinds of steps report.</summary>
    public IReadOnlyList<IReportPart> Parts { get; init; } = [];

    /// <summary>What was changed by hand, by step.</summary>
    public IReadOnlyList<DriftLook> Drift { get; init; } = [];

    /// <summary>What has to be known of steps that a rollback has not touched.</summary>
    public IReadOnlyList<string> Untouched { get; init; } = [];

    /// <summary>The notifications about it; <see langword="null"/> when there are none.</summary>
    public IReadOnlyList<NotificationReport>? Notifications { get; init; }

    /// <summary>A newer deployment that has changed things since it ended without success; <see langword="null"/> for none.</summary>
    public NewerDeployment? SupersededBy { get; init; }

    /// <summary>What it was started with; <see langword="null"/> when that is no request.</summary>
    public DeploymentRequest? Request => DeploymentRequest.FromJson(Described.Input);

    /// <summary>The pipeline that has made the plan that is deployed; <see langword="null"/> for none.</summary>
    public string? PlanningPipeline => (Record?.Plan?.Value ?? Request?.Plan) is null ? null : Pipeline;

    /// <summary>The pipeline whose action has begun it; <see langword="null"/> for none.</summary>
    public string? Pipeline => Record?.Pipeline ?? Request?.Pipeline;

    /// <summary>The pipeline's execution; <see langword="null"/> where it is not named.</summary>
    public string? PipelineExecution => Record?.PipelineExecution ?? Request?.PipelineExecution;

    /// <summary>
    /// The stage of a pipeline whose action has failed before a redrive has succeeded, and shows that still; of a deployment that has
    /// failed, one that is rolled back since; <see langword="null"/> for none.
    /// </summary>
    public FailedStage? FailedStage { get; init; }

    /// <summary>
    /// The target of the stage in which to release first, which the record names; of several the one that is named like its own.
    /// </summary>
    public string? TargetToReleaseFirst
    {
        get
        {
            if (Record is not { RemedySubject: { } stage, Target: var own } || Spec is null)
            {
                return null;
            }

            var alike = stage + own[DeployerStage.OfTarget(own).Length..];
            var names = Spec.Targets.Select(target => target.Name).Where(name => DeployerStage.OfTarget(name) == stage).ToList();
            return names.Contains(alike) ? alike : names.FirstOrDefault();
        }
    }

    /// <summary>What came of it; <see langword="null"/> when it has not succeeded.</summary>
    public DeploymentOutcome? Outcome =>
        Described.Status == ExecutionStatus.SUCCEEDED ? DeploymentEnd.Read(Described.Output)?.Outcome ?? DeploymentOutcome.Succeeded : null;

    /// <summary>The error, as the function that failed recorded it, else as Step Functions has it.</summary>
    public string? Error => Record?.Error ?? Described.Error;

    /// <summary>The cause that is recorded; <see langword="null"/> for none.</summary>
    public string? RecordedCause => Record?.Cause ?? Executions.Sentence(Described.Cause);

    /// <summary>How it ended, where no cause is recorded.</summary>
    public string CauseOfEnd => $"the execution ended as {Described.Status} without a cause";

    /// <summary>The steps of this run; what an earlier run of the execution did is not this run's.</summary>
    public IReadOnlyList<StepReport> Steps =>
        [
            .. Outline
                .Where(step => step.Ran is not null || step.End is null)
                .Select(step => step.Report(Spec?.Step(step.Name)?.Kind ?? string.Empty)),
        ];

    /// <summary>What the steps noted for people, the step's name before each, and what could not be read for lack of permission.</summary>
    public IReadOnlyList<string> Notices =>
        [
            .. Untouched,
            .. Drift.SelectMany(look => look.NoticesWithStep),
            .. Tasks.SelectMany(task => task.NoticesWithStep),
            .. FailedStage?.Denied is { } denied ? [denied] : Array.Empty<string>(),
            .. Outcome is null && FailedStage is { Stage: { } stage, TakenBy: { IsRollback: true } rollback }
                ? [rollback.NoticeOfRollback(FailedStage.Pipeline, stage)]
                : Array.Empty<string>(),
        ];
}
