using Amazon.StepFunctions;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Spec.Sources;
using Interpreted = Deployer.Rehearsal.StepFunctions.Interpreter.ExecutionStatus;

namespace Deployer.Cli.Rehearsals;

/// <summary>One run in rehearsed accounts: how things stood when it began, and what it came to.</summary>
internal sealed class RehearsedRun
{
    /// <summary>The most characters of the cause of a deployment that another try has followed.</summary>
    private const int CauseLength = 1000;

    private readonly RehearsedPlace _place;
    private readonly int _invocations;
    private readonly Dictionary<string, (int Transitions, int Redrives)> _before;

    private RehearsedRun(RehearsedPlace place, int invocations, Dictionary<string, (int Transitions, int Redrives)> before)
    {
        (_place, _invocations, _before) = (place, invocations, before);
        Began = place.Rehearsal.World.Now;
    }

    /// <summary>When it began, in simulated time.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Begins to count.</summary>
    public static async Task<RehearsedRun> Begin(RehearsedPlace place)
    {
        var (rehearsal, service) = (place.Rehearsal, place.Service);
        await rehearsal.Warm(service.Accounts.ToolsAccount, service.Accounts.Region, service.Deployer.MachineName(DeployerMachine.Deploy));
        var invocations = rehearsal.LambdaInvocations;
        var before = (await rehearsal.Executions()).ToDictionary(
            execution => execution.Arn,
            execution => (execution.Transitions, execution.RedriveCount)
        );
        var run = new RehearsedRun(place, invocations, before);
        await rehearsal.World.Do(rehearsal.World.Audit.Clear);
        return run;
    }

    /// <summary>What the run came to.</summary>
    /// <param name="execution">The execution's ARN; <see langword="null"/> when none was started.</param>
    /// <param name="ended">When it ended, in simulated time.</param>
    /// <param name="pipeline">What was reported to the pipeline; <see langword="null"/> for an execution that was started by hand.</param>
    /// <param name="redriven">Whether somebody redrove it, so that what the pipeline heard before is not its end.</param>
    public async Task<DeploymentReport> Result(string? execution, DateTimeOffset ended, PipelineReport? pipeline, bool redriven = false)
    {
        var (rehearsal, service, report) = (_place.Rehearsal, _place.Service, _place.Report);
        var calls = await rehearsal.World.Do(() => rehearsal.World.Audit.Calls);
        var invocations = rehearsal.LambdaInvocations - _invocations;
        var executions = await ExecutionsOfThisRun();
        // One that had ended before is reported as a whole: nothing of it is of this run.
        var since = executions.Any(found => found.Arn == execution) ? Began : DateTimeOffset.MinValue;
        var record = execution is null ? null : await report.Deployment(new ExecutionArn(execution).Deployment);
        using var deployed =
            record is null || record.Digest == ContentDigest.Compute(service.Source)
                ? null
                : await DeployedSource.Read(service.Deployer.Settings(service.Target.Account), _place.Tools.Connection, record);
        var at = deployed is null ? service.AtTarget : new ServiceAtTarget(deployed.Folder, deployed.Spec, deployed.Target(record!));
        var read = execution is null ? null : await report.Read(execution, since, record, at);
        var (locks, waits) = await report.Leftovers();
        var stage = service.Deployer.Stage;
        var looks = await LookReport.WithEnds(
            _place.Tools,
            stage,
            (await LookReport.All(_place.Tools.Ledger(stage), service.Spec.Service, service.Target.Name)).Where(look => look.At >= Began)
        );
        var succeeded = read?.Outcome is not null && (redriven || pipeline?.Job != "failed");
        return new DeploymentReport
        {
            Verdict =
                succeeded ? read!.Outcome!.Value.Verdict()
                : read?.Described.Status == ExecutionStatus.ABORTED ? Verdict.Stopped
                : Verdict.Failed,
            Error = succeeded ? null : read?.Error ?? "PipelineFailed",
            Cause = succeeded ? null : Cause(read, pipeline),
            RemedySubject = read?.Record?.RemedySubject,
            TargetToReleaseFirst = read?.TargetToReleaseFirst,
            RollbackTo = read?.Record?.RollbackTo,
            Service = service.Spec.Service,
            Target = service.Target.Name,
            Revision = read?.Record?.Revision,
            Deployment = execution,
            PlanningPipeline = read?.PlanningPipeline,
            DeployingPipeline = read?.Pipeline,
            FailedStage = read?.FailedStage,
            Folder = service.Folder,
            Instance = read?.Request?.Instance,
            IsRemoval = read?.Record?.Purpose == DeploymentPurpose.RemoveInstance,
            SupersededBy = read?.SupersededBy,
            Plan = PlanReport.From(read?.Record, service.Deployer),
            Notifications = read?.Notifications,
            Host = rehearsal.Host,
            Pipeline = pipeline,
            Steps = read?.Steps ?? [],
            Parts = read?.Parts ?? [],
            Notices =
            [
                .. _place.Preparation.Sentences,
                .. read?.Notices ?? [],
                .. await rehearsal.Notices(),
                .. await Continued(execution),
                .. await FailedBefore(execution),
            ],
            SimulatedBySchema = await SimulatedBySchema() is { Count: > 0 } simulated ? simulated : null,
            Outline = read?.Outline ?? [],
            Executions = executions,
            Calls =
            [
                .. calls
                    .Where(call => call.Role != "root")
                    .Select(call => new CallReport(call.Account, call.Role, call.Service, call.Operation, call.Count)),
            ],
            // Where nothing was deployed, what was planned.
            Transitions = execution is null
                ? executions.Sum(found => found.Transitions)
                : executions.FirstOrDefault(found => found.Arn == execution)?.Transitions ?? 0,
            LambdaInvocations = invocations,
            Clock = new ClockReport(Math.Round((ended - Began).TotalSeconds, 3), Math.Round(_place.WallTime.TotalSeconds, 3)),
            Looks = looks.Count > 0 ? [.. looks] : null,
            LocksHeld = locks,
            WaitsOpen = waits,
            Unsettled = locks + waits > 0 && await report.Unsettled() is { Count: > 0 } unsettled ? unsettled : null,
        };
    }

    /// <summary>Why it failed: no failure is shown without a cause.</summary>
    private static string Cause(ExecutionReading? read, PipelineReport? pipeline) =>
        read?.RecordedCause
        ?? (string.IsNullOrWhiteSpace(pipeline?.Summary) ? null : pipeline.Summary)
        ?? read?.CauseOfEnd
        ?? (
            pipeline is null
                ? "nothing was started"
                : "the pipeline ended before its deploy action had a job; its actions' states say which one failed"
        );

    /// <summary>What was simulated by its schema alone; that of the deployer's own stack is no matter of the service.</summary>
    private async Task<IReadOnlyList<SimulatedResource>> SimulatedBySchema()
    {
        var deployer = _place.Service.Accounts.Stacks.Where(stack => AccountsFile.IsOfDeployer(stack.Template));
        var names = deployer.Select(stack => stack.Name).ToHashSet(StringComparer.Ordinal);
        var (target, accounts) = (_place.Service.Target, _place.Service.Accounts);
        var simulated = await _place.Rehearsal.SimulatedBySchema(target.Declared, [target.Account, accounts.ToolsAccount]);
        return [.. simulated.Where(resource => !names.Contains(resource.Stack))];
    }

    /// <summary>
    /// Deployments of a run that was ended from outside, to whichever target: what changed in this one may be their doing.
    /// </summary>
    private async Task<IEnumerable<string>> Continued(string? execution)
    {
        return (await _place.Rehearsal.Executions())
            .Where(known => known.Arn != execution && DeployerStage.StageOf(known.MachineName, DeployerMachine.Deploy) is not null)
            .Where(known =>
                _place.Unfinished.Contains(known.Arn)
                || (
                    DeploymentRequest.FromJson(known.Input?.ToJsonString())?.PipelineExecution is { } pipeline
                    && _place.Unfinished.Contains(pipeline)
                )
            )
            .OrderBy(known => known.StartedAt)
            .Select(continued =>
                $"the deployment {continued.Arn}, which an earlier run had begun and not ended, went on in this one: "
                + continued.Status switch
                {
                    Interpreted.Running => "it still runs",
                    Interpreted.Succeeded => "it succeeded",
                    Interpreted.Aborted => "it was stopped",
                    Interpreted.TimedOut => "it timed out",
                    _ => "it failed",
                }
            );
    }

    /// <summary>The deployments that had failed when the pipeline's stage was tried again; the report is that of the last try.</summary>
    private async Task<IReadOnlyList<string>> FailedBefore(string? execution)
    {
        var known = await _place.Rehearsal.Executions();
        if (known.FirstOrDefault(found => found.Arn == execution) is not { } reported)
        {
            return [];
        }

        var notices = new List<string>();
        foreach (
            var earlier in known
                .Where(found =>
                    found.MachineName == reported.MachineName && found.StartedAt >= Began && found.StartedAt < reported.StartedAt
                )
                .Where(found => found.Status is not (Interpreted.Succeeded or Interpreted.Running))
                .Where(found => ExecutionWork.IsTriedAgain(found.Input?.ToJsonString(), reported.Input?.ToJsonString()))
                .OrderBy(found => found.StartedAt)
        )
        {
            var record = await _place.Report.Deployment(new ExecutionArn(earlier.Arn).Deployment);
            var (error, cause) = record?.Error is { } recorded ? (recorded, record.Cause) : (earlier.Error, earlier.Cause);
            notices.Add(
                PrintableText.OnOneLine(
                    $"the deployment {earlier.Arn} {(earlier.Status == Interpreted.Aborted ? "was stopped" : "failed")} before this one, "
                        + $"and the pipeline's stage was tried again: {error ?? Status(earlier.Status)}: "
                        + CauseText.Shorten(cause ?? "no cause", CauseLength)
                )
            );
        }

        return notices;
    }

    private async Task<IReadOnlyList<ExecutionReport>> ExecutionsOfThisRun() =>
        [
            .. (await _place.Rehearsal.Executions())
                .Select(execution => (execution, before: _before.GetValueOrDefault(execution.Arn)))
                .Where(found => found.execution.Transitions > found.before.Transitions || found.execution.StartedAt >= Began)
                .OrderBy(found => found.execution.StartedAt)
                .ThenBy(found => found.execution.Arn, StringComparer.Ordinal)
                .Select(found => new ExecutionReport(
                    found.execution.Arn,
                    found.execution.MachineName,
                    Status(found.execution.Status),
                    found.execution.Transitions - found.before.Transitions,
                    found.execution.RedriveCount - found.before.Redrives
                )),
        ];

    private static string Status(Interpreted status) => status == Interpreted.TimedOut ? "TIMED_OUT" : status.ToString().ToUpperInvariant();
}
