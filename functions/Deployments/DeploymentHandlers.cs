using System.Text.Json;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Accounts;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Logs;
using Deployer.Functions.Notifications;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The functions behind the states <c>Begin</c>, <c>Plan</c>, <c>Prove</c> and <c>Finish</c>, and those that settle.</summary>
public sealed class DeploymentHandlers(
    Begin begin,
    WaveOrder waveOrder,
    Proof proof,
    Finish finish,
    Settling settling,
    InstanceRegistry instances,
    ChangeLooks looks,
    Notifier notifier,
    Settings settings,
    LedgerTable ledger
)
{
    /// <summary>Checks the request and takes the lock.</summary>
    [LambdaFunction(ResourceName = "BeginFunction")]
    public Task<TaskDone> Begin(BeginInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input?.Execution?.Value is null ? null : input.Execution.Deployment),
            () =>
                input is { Request.ValueKind: not JsonValueKind.Undefined, Execution.Value: not null }
                    ? begin.Run(input)
                    : throw new PayloadInvalidException(
                        "the payload lacks 'request' or 'execution'; expected the input of the state Begin"
                    ),
            done => $"begun: {done.Outcome}"
        );

    /// <summary>
    /// Orders the steps that have something to do. Its function and its state keep the name that they always had, by which executions
    /// that have begun find them.
    /// </summary>
    [LambdaFunction(ResourceName = "PlanFunction")]
    public Task<DeploymentWaves> Plan(DeploymentInput input, ILambdaContext context) =>
        context.Logged(new LogScope(input?.Deployment), () => waveOrder.Run(input!), _ => "steps ordered");

    /// <summary>Compares every step once more.</summary>
    [LambdaFunction(ResourceName = "ProveFunction")]
    public Task<ProofAnswer> Prove(DeploymentInput input, ILambdaContext context) =>
        context.Logged(new LogScope(input?.Deployment), () => proof.Run(input!), _ => "steps compared");

    /// <summary>Records the success and frees the lock.</summary>
    [LambdaFunction(ResourceName = "FinishFunction")]
    public Task<DeploymentEnd> Finish(DeploymentInput input, ILambdaContext context) =>
        context.Logged(new LogScope(input?.Deployment), () => finish.Run(input!), end => $"finished: {end.Outcome}");

    /// <summary>Settles an execution of <c>deploy</c> when Step Functions says that its status changed.</summary>
    [LambdaFunction(ResourceName = "SettleFunction")]
    public Task Settle(ExecutionStatusEvent input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input is { Detail.ExecutionArn.Value.Length: > 0 } ? input.Detail.ExecutionArn.Deployment : null),
            () => SettleEnded(input, context),
            settled => settled ? $"settled: {input.Detail.Status}" : "the execution has not ended"
        );

    private async Task<bool> SettleEnded(ExecutionStatusEvent input, ILambdaContext context)
    {
        if (input is not { Detail.ExecutionArn.Value.Length: > 0 })
        {
            throw new PayloadInvalidException("the payload lacks 'detail.executionArn'; expected an event of Step Functions");
        }

        var execution = input.Detail.ExecutionArn;
        var hasEnded = input.Detail.EndedAt is { } end ? await settling.Settle(execution, end) : await settling.Settle(execution);
        // After what may fail, and is tried again: each end is counted once.
        context.WriteMetrics(input.Detail);
        await notifier.SendNoted(execution.Deployment.Value);
        return hasEnded;
    }

    /// <summary>
    /// Settles every deployment whose execution has closed without anyone hearing of it, begins to remove development instances that have
    /// expired, and looks at targets of which something was changed by others. What fails for one of them is reported at the end, after all
    /// the others.
    /// </summary>
    /// <exception cref="SweepIncompleteException">Some could not be settled, removed or looked at; each with its reason.</exception>
    [LambdaFunction(ResourceName = "SweepFunction")]
    public Task Sweep(ScheduledEvent input, ILambdaContext context) =>
        context.Logged(new LogScope(deployment: null), () => SweepAll(input, context));

    private async Task SweepAll(ScheduledEvent input, ILambdaContext context)
    {
        var failed = new List<string>();
        foreach (var open in await ledger.Query(OpenDeployment.All, Unreadable))
        {
            await Try(
                $"deployment {open.Deployment}",
                new LogScope(open.Deployment),
                async _ => await settling.Settle(open, input.Time) ? $"settled {open.Deployment}" : null
            );
        }

        foreach (var expired in await instances.Expired(input.Time, Unreadable))
        {
            await Try(
                $"development instance {expired.Target} of {expired.Service}",
                new LogScope(deployment: null),
                async scope =>
                {
                    var removal = await instances.Remove(expired);
                    scope.Deployment = removal?.Deployment;
                    return removal is null ? null : $"started {removal}";
                }
            );
        }

        // Last, since it takes longest; a deployment that was settled above is not in its way any more.
        foreach (var due in await looks.Due(Unreadable))
        {
            await Try(
                $"{due.Service} on {due.Target}, which others have changed",
                new LogScope(due.Plan?.Plan),
                async scope =>
                {
                    var done = await looks.CheckTarget(due, input.Time);
                    scope.Deployment = done?.Deployment ?? scope.Deployment;
                    return done?.Text;
                }
            );
        }

        await Try(
            "notifications",
            new LogScope(deployment: null),
            async _ =>
            {
                var problems = await notifier.Sweep(input.Time, Unreadable);
                if (problems.Count == 0)
                {
                    return null;
                }

                context.WriteNotSent(settings.Stage, input.Time, problems.Count);
                return string.Join('\n', problems);
            }
        );
        if (failed.Count > 0)
        {
            throw new SweepIncompleteException(
                $"{failed.Count} could not be dealt with; the next sweep tries again\n{string.Join('\n', failed)}"
            );
        }

        void Unreadable(string record, Exception exception) => Note(record, new LogScope(deployment: null), exception);

        async Task Try(string subject, LogScope scope, Func<LogScope, Task<string?>> work)
        {
            try
            {
                if (await work(scope) is { } done)
                {
                    context.Write(scope, done);
                }
            }
            catch (Exception exception)
            {
                Note(subject, scope, exception);
            }
        }

        void Note(string subject, LogScope scope, Exception exception)
        {
            var failure = Failure.Translate(exception);
            var problem = $"{subject}: {failure.Error}: {failure.Message}";
            failed.Add(problem);
            context.WriteError(scope, problem);
        }
    }
}
