using Amazon.StepFunctions;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;

namespace Deployer.Cli.AwsAccounts;

/// <summary>
/// Reports executions of a deployer on AWS by what an operator of its account can read: Step Functions, the deployer's records and its
/// sources. The target's account is not entered.
/// </summary>
internal sealed class AwsReports(AccountClients tools, string stage, Settings settings)
{
    /// <summary>An event of EventBridge reports the end to the deployer within seconds; the sweep, if it is lost, within minutes.</summary>
    private static readonly TimeSpan TimeToSettle = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>What an execution that has closed came to.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="seen">When it began and ended.</param>
    /// <param name="redrives">How often it has been redriven.</param>
    /// <param name="cancellation">Ends waiting.</param>
    public async Task<DeploymentReport> Read(string execution, SeenRun seen, int redrives, CancellationToken cancellation)
    {
        await Settled(new ExecutionArn(execution), redrives, TimeToSettle, cancellation);
        var report = new ReportBuilder(tools, stage, target: null, FunctionServices.Kinds(stage));
        var record = await report.Deployment(new ExecutionArn(execution).Deployment);
        using var source = record is null ? null : await DeployedSource.Read(settings, tools.Connection, record);
        var service = source is null ? null : new ServiceAtTarget(source.Folder, source.Spec, source.Target(record!));
        var described = await EndedExecution.Describe(tools.StepFunctions, execution, redrives, cancellation);
        var read = await report.Read(described, seen.Began, record, service);
        return Report(execution, seen, read) with
        {
            Plan = PlanReport.From(read.Record, tools.Deployer(stage)),
            Aws = await Run(execution, seen, read, redrives),
        };
    }

    /// <summary>Waits until the deployer has closed its records of a run and freed the lock.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="redrives">How often it has been redriven.</param>
    /// <param name="patience">How long is waited.</param>
    /// <param name="cancellation">Ends waiting.</param>
    /// <returns>Whether it is so.</returns>
    public async Task<bool> Settled(ExecutionArn execution, int redrives, TimeSpan patience, CancellationToken cancellation)
    {
        var ledger = tools.Ledger(stage);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            // The entry of the sweep's list goes last, and is there before the deployment may hold the lock.
            var record = await ledger.Read(DeploymentRecord.Key(execution.Deployment));
            var open = await ledger.Read(OpenDeployment.Key(execution.Deployment));
            if (open is null && (record is null || (record.Closed && record.RedriveCount >= redrives)))
            {
                return true;
            }

            if (clock.Elapsed >= patience)
            {
                return false;
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private static DeploymentReport Report(string execution, SeenRun seen, ExecutionReading read) =>
        new()
        {
            Verdict = read.Outcome?.Verdict() ?? (read.Described.Status == ExecutionStatus.ABORTED ? Verdict.Stopped : Verdict.Failed),
            Error = read.Outcome is null ? read.Error ?? read.Described.Status.Value : null,
            Cause = read.Outcome is null ? read.RecordedCause ?? read.CauseOfEnd : null,
            RemedySubject = read.Record?.RemedySubject,
            TargetToReleaseFirst = read.TargetToReleaseFirst,
            RollbackTo = read.Record?.RollbackTo,
            Service = read.Record?.Service ?? read.Request?.Service,
            Target = read.Record?.Target ?? read.Request?.Target,
            Revision = read.Record?.Revision,
            Deployment = execution,
            PlanningPipeline = read.PlanningPipeline,
            DeployingPipeline = read.Pipeline,
            FailedStage = read.FailedStage,
            Instance = read.Request?.Instance,
            IsRemoval = read.Record?.Purpose == DeploymentPurpose.RemoveInstance,
            SupersededBy = read.SupersededBy,
            Steps = read.Steps,
            Parts = read.Parts,
            Notices = read.Notices,
            Notifications = read.Notifications,
            Outline = read.Outline,
            Clock = new ClockReport((seen.Ended - seen.Began).TotalSeconds, 0),
        };

    private async Task<AwsRun> Run(string execution, SeenRun seen, ExecutionReading read, int redrives)
    {
        var ledger = tools.Ledger(stage);
        var open = await ledger.Read(OpenDeployment.Key(new ExecutionArn(execution).Deployment));
        var held = read.Record is { } record ? await ledger.Read(LockRecord.Key(record.Service, record.Target)) : null;
        return new AwsRun(
            stage,
            read.Record?.Number,
            read.Record?.By ?? read.Request?.By,
            seen.Began,
            seen.Ended,
            redrives,
            held?.Owner?.Deployment.Value,
            Settled: open is null,
            open?.Problem
        );
    }
}
