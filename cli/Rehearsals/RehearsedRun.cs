using System.Diagnostics;
using System.Text.Json;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Wire;
using Deployer.Spec;
using ExecutionStatus = Amazon.StepFunctions.ExecutionStatus;

namespace Deployer.Cli.Rehearsals;

/// <summary>One run in prepared accounts: a deployment through the pipeline, or an execution started or redriven by hand; then what it came to.</summary>
internal sealed class RehearsedRun(
    AwsRehearsal rehearsal,
    ReportBuilder report,
    AccountClients tools,
    RehearsedService service,
    Stopwatch wall
)
{
    /// <summary>Longer than any heartbeat and than the sweep's interval: what follows an end has happened after it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(6);

    private ServiceSpec Spec => service.Spec;

    private TargetSpec Target => service.Target;

    private DateTimeOffset _began;
    private int _invocations;
    private Dictionary<string, (int Transitions, int Redrives)> _before = [];

    /// <summary>Runs the pipeline with a commit that was published.</summary>
    public async Task<RehearsalReport> Deploy(string commit)
    {
        await Begin();
        var action = await rehearsal.RunPipeline(service.Accounts.ToolsAccount, service.Accounts.Region, service.Accounts.Pipeline);
        var ended = rehearsal.World.Now;
        var pipeline = new PipelineReport(
            action?.Status == ActionExecutionStatus.Succeeded ? "succeeded" : "failed",
            action?.JobId ?? string.Empty,
            action?.Summary,
            action?.Variables ?? new Dictionary<string, string>()
        );
        var execution = action?.ExternalExecutionId;
        if (execution is not null)
        {
            await rehearsal.RunUntilClosed(execution);
        }

        await rehearsal.Pass(Aftermath);
        return await Result(execution, ended, pipeline) with { Revision = commit };
    }

    /// <summary>Deploys a development instance with a commit that was published, as a person does who starts the deployer's machine.</summary>
    public async Task<RehearsalReport> DeployInstance(string commit) =>
        await Start("deploy", Request() with { Source = await service.Upload(tools), Revision = commit, By = "deployer rehearse" });

    /// <summary>Deploys an earlier revision again.</summary>
    public Task<RehearsalReport> Rollback(string revision) =>
        Start("rollback", Request() with { RollbackTo = revision, By = "deployer rollback" });

    /// <summary>Removes the development instance.</summary>
    public Task<RehearsalReport> Remove() => Start("remove", Request() with { Remove = true, By = "deployer remove" });

    /// <summary>Turns compute groups on or off.</summary>
    /// <param name="capacity">on or off.</param>
    /// <param name="steps">The groups' steps; none for all.</param>
    public Task<RehearsalReport> ChangeCapacity(string capacity, IReadOnlyList<string> steps) =>
        Start(
            $"group-{capacity}",
            Request() with
            {
                Capacity = capacity,
                Steps = steps.Count == 0 ? null : steps,
                By = $"deployer group {capacity}",
            }
        );

    /// <summary>Redrives an execution.</summary>
    public async Task<RehearsalReport> Redrive(string execution)
    {
        await Begin();
        try
        {
            await tools.StepFunctions.RedriveExecutionAsync(new RedriveExecutionRequest { ExecutionArn = execution });
        }
        catch (AmazonStepFunctionsException exception)
        {
            throw new InvalidInputException(exception.ErrorCode, exception.Message);
        }

        return await End(execution);
    }

    private DeploymentRequest Request() => new(Spec.Service, Target.Declared, Instance: Target.Instance);

    private async Task<RehearsalReport> Start(string what, DeploymentRequest request)
    {
        await Begin();
        var started = await tools.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = service.Machine("deploy"),
                Name = $"{Spec.Service}-{Target.Name}-{what}-{_began.ToUnixTimeSeconds()}",
                Input = JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
            }
        );
        return await End(started.ExecutionArn);
    }

    private async Task Begin()
    {
        await rehearsal.Warm(service.Accounts.ToolsAccount, service.Accounts.Region, service.MachineName("deploy"));
        _began = rehearsal.World.Now;
        _invocations = rehearsal.LambdaInvocations;
        _before = (await rehearsal.Executions()).ToDictionary(
            execution => execution.Arn,
            execution => (execution.Transitions, execution.RedriveCount)
        );
        await rehearsal.World.Do(rehearsal.World.Audit.Clear);
    }

    private async Task<RehearsalReport> End(string execution)
    {
        await rehearsal.RunUntilClosed(execution);
        var ended = rehearsal.World.Now;
        await rehearsal.Pass(Aftermath);
        return await Result(execution, ended, pipeline: null);
    }

    private async Task<RehearsalReport> Result(string? execution, DateTimeOffset ended, PipelineReport? pipeline)
    {
        var calls = await rehearsal.World.Do(() => rehearsal.World.Audit.Calls);
        var invocations = rehearsal.LambdaInvocations - _invocations;
        var described = execution is null
            ? null
            : await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution });
        var name = execution is null ? null : Executions.Name(execution);
        var record = name is null ? null : await report.Deployment(name);
        var records = name is null ? [] : await report.Records(name);
        var history = execution is null ? [] : await report.History(execution);
        var steps = report.Steps(history, _began, records);
        var (locks, waits) = await report.Leftovers();
        var executions = await ExecutionsOfThisRun();
        var succeeded = described?.Status == ExecutionStatus.SUCCEEDED && pipeline?.Job != "failed";
        return new RehearsalReport
        {
            Verdict = !succeeded ? "failed" : Outcome(described!.Output),
            Error = succeeded ? null : record?.Error ?? described?.Error ?? "PipelineFailed",
            Cause = succeeded ? null : record?.Cause ?? Executions.Sentence(described?.Cause) ?? pipeline?.Summary,
            Service = Spec.Service,
            Target = Target.Name,
            Revision = record?.Revision,
            Deployment = execution,
            Host = rehearsal.Host,
            Pipeline = pipeline,
            Steps = steps,
            Stacks = await report.Stacks(steps),
            Ions = await report.Ions(steps, records),
            Endpoints = report.Endpoints(steps, records),
            Notices = [.. records.SelectMany(task => task.NoticesWithStep)],
            Executions = executions,
            Calls =
            [
                .. calls
                    .Where(call => call.Role != "root")
                    .Select(call => new CallReport(call.Account, call.Role, call.Service, call.Operation, call.Count)),
            ],
            Transitions = executions.FirstOrDefault(found => found.Arn == execution)?.Transitions ?? 0,
            LambdaInvocations = invocations,
            Clock = new ClockReport(Math.Round((ended - _began).TotalSeconds, 3), Math.Round(wall.Elapsed.TotalSeconds, 3)),
            LocksHeld = locks,
            WaitsOpen = waits,
        };
    }

    private async Task<IReadOnlyList<ExecutionReport>> ExecutionsOfThisRun() =>
        [
            .. (await rehearsal.Executions())
                .Select(execution => (execution, before: _before.GetValueOrDefault(execution.Arn)))
                .Where(found => found.execution.Transitions > found.before.Transitions || found.execution.StartedAt >= _began)
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

    private static string Status(Deployer.Rehearsal.StepFunctions.Interpreter.ExecutionStatus status) =>
        status switch
        {
            Deployer.Rehearsal.StepFunctions.Interpreter.ExecutionStatus.TimedOut => "TIMED_OUT",
            _ => status.ToString().ToUpperInvariant(),
        };

    private static string Outcome(string? output)
    {
        using var document = JsonDocument.Parse(output ?? "{}");
        return document.RootElement.TryGetProperty("outcome", out var outcome) ? outcome.GetString() ?? "succeeded" : "succeeded";
    }
}
