using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Logs;
using Deployer.Functions.Notifications;
using Deployer.Spec;
using Deployer.Spec.Pipelines;

namespace Deployer.Functions.Pipeline;

/// <summary>
/// The function of a pipeline's invoke action. It starts the execution once, and each time it is called again with the
/// continuation token (the execution's ARN) it reports how the execution stands. It never throws for a failed deployment:
/// the pipeline would only call it again.
/// </summary>
public sealed class PipelineHandlers(
    IAws aws,
    Settings settings,
    LedgerTable ledger,
    Executions executions,
    Settling settling,
    Notifier notifier,
    PipelineApproval approval,
    PipelinePlan plans,
    PipelineProgress progress
)
{
    /// <summary>What a deployment of an action that names nobody says of who asked for it.</summary>
    public const string By = "CodePipeline";

    private const int MessageLength = 5000;
    private const int SummaryLength = 2048;

    /// <summary>Answers one job.</summary>
    /// <exception cref="SpecInvalidException">The event names no job, so that nothing can be answered.</exception>
    [LambdaFunction(ResourceName = "PipelineFunction")]
    public Task AnswerJob(JobEvent input, ILambdaContext context)
    {
        var scope = new LogScope(deployment: null);
        return context.Logged(scope, () => Answer(input, context, scope));
    }

    private async Task Answer(JobEvent input, ILambdaContext context, LogScope scope)
    {
        if (input is not { Job: { Id: { Length: > 0 } job, Data: { } data } })
        {
            throw new SpecInvalidException("the event names no job of CodePipeline");
        }

        try
        {
            if (data.ContinuationToken is { Length: > 0 } token)
            {
                var execution = new ExecutionArn(token);
                scope.Deployment = execution.Deployment;
                await Continue(job, data, execution);
                return;
            }

            var reading = UserParameters.Read(
                data.ActionConfiguration?.Configuration?.UserParameters ?? string.Empty,
                nameof(UserParameters)
            );
            if (reading.Parameters is not { } parameters)
            {
                await Fail(job, FailureType.ConfigurationError, string.Join('\n', reading.Faults), null);
                return;
            }

            var (request, fault) = Request(data, parameters);
            if (request is null)
            {
                var refusal = new RefusedAction(FailureType.ConfigurationError.Value, fault!, NextReasons.CorrectAction);
                await Refuse(job, parameters, FailureType.ConfigurationError, fault!, refusal, context);
                return;
            }

            RefusedJob? refused;
            ExecutionArn? started = null;
            try
            {
                refused = await ledger.Read(RefusedJob.Key(job));
                if (refused is null)
                {
                    await approval.Find(parameters);
                    started = await DeploymentOfPlan(parameters) ?? await Start(job, request);
                    scope.Deployment = started.Deployment;
                }
            }
            catch (Exception exception)
            {
                // Whatever it is, a time-out of HTTP among them. Thrown on, it would leave the action without an answer until it times out.
                var failure = Failure.Translate(exception);
                var message = $"the deployment could not be started: {failure.Error}: {failure.Message}";
                var refusal = new RefusedAction(failure.Error, failure.Message);
                await Refuse(job, parameters, FailureType.JobFailed, message, refusal, context);
                return;
            }

            await (
                started is null ? Fail(job, FailureType.FindValue(refused!.Type), refused.Message, null) : Report(job, started, "started")
            );
        }
        catch (Exception exception) when (exception is InvalidJobStateException or JobNotFoundException)
        {
            context.Write(scope, $"job {job} is answered already");
        }
    }

    /// <summary>
    /// Fails a job for which nothing was started, and notifies people of it. That is noted first, and fails nothing: thrown on after the
    /// answer, it would have Lambda call the function once more
    /// (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html), which might start a deployment under an action
    /// that has failed already. Where CodePipeline does not take the answer Lambda does call once more, and that try gives the same one:
    /// people know it.
    /// </summary>
    private async Task Refuse(
        string job,
        UserParameters parameters,
        FailureType type,
        string message,
        RefusedAction refusal,
        ILambdaContext context
    )
    {
        try
        {
            await ledger.Put(RefusedJob.Key(job), new RefusedJob(type.Value, message));
            await SendRefused(job, parameters, refusal);
        }
        catch (Exception exception)
        {
            var failure = Failure.Translate(exception);
            var problem = $"the notification of it could not be noted: {failure.Error}: {failure.Message}";
            context.WriteError(new LogScope(deployment: null), $"job {job}: {message}; {problem}");
            message = $"{CauseText.Shorten(message, MessageLength / 2)}; {CauseText.Shorten(problem, MessageLength / 2 - 2)}";
        }

        await Fail(job, type, message, null);
    }

    /// <summary>Reports that an action was refused before there was an execution, which nobody would hear of else.</summary>
    private async Task SendRefused(string job, UserParameters parameters, RefusedAction refusal)
    {
        var plan = parameters is { OnlyPlans: false, Plan: { } id } ? await ledger.Read(PlanRecord.Key(new DeploymentId(id))) : null;
        var planned = plan is null ? null : await ledger.Read(DeploymentRecord.Key(plan.Plan));
        var isSuperseded = refusal.Error == nameof(SupersededException);
        await notifier.Send(
            new Notification
            {
                Kind = isSuperseded ? NotificationKind.Superseded : NotificationKind.Failed,
                Subject = job,
                Service = parameters.Service,
                Target = Target(parameters),
                Account = planned?.Account,
                Region = planned?.Region,
                By = parameters.By ?? By,
                Pipeline = Notifications.PipelineExecution.Named(parameters.Pipeline, parameters.Execution),
                Revision = parameters.Revision,
                Verdict = isSuperseded ? NotificationVerdict.Superseded : NotificationVerdict.Failed,
                Error = refusal.Error,
                Cause = refusal.Cause,
                Plan = plan is null ? null : new NotifiedPlan(plan.Plan.Value, plan.Digest),
                Next = Next(refusal.Next ?? (plan is null ? null : NextReasons.PlanInPipeline(parameters.Pipeline)), parameters.Pipeline),
            },
            planned?.Notifications
        );
    }

    /// <param name="again">How the pipeline is started again; <see langword="null"/> where its stage is retried.</param>
    /// <param name="pipeline">The pipeline, where it is known.</param>
    private NextAction Next(string? again, string? pipeline)
    {
        const string Nothing = "Nothing was started. ";
        return again is null
            ? NextCommands.ShowPipeline(Nothing + NextReasons.RetryRefused, pipeline, settings)
            : NextCommands.StartPipeline(Nothing + again, pipeline, settings);
    }

    private static string Target(UserParameters parameters) =>
        parameters.Instance is { } instance ? TargetSpec.NameOf(parameters.Target, instance) : parameters.Target;

    /// <summary>
    /// The deployment of the plan that an action names, where it runs, or has succeeded and nothing newer has changed the target since: a
    /// stage is retried after a redrive, and what is wanted is deployed. One that has failed is no answer: the retry is a deployment of its
    /// own, as far as the plan still holds. Nor is one that is not deployed any more, which a stage that is rolled back may name:
    /// "CodePipeline will use the variables and artifacts from the execution to which it is rolling back"
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).
    /// </summary>
    private async Task<ExecutionArn?> DeploymentOfPlan(UserParameters parameters)
    {
        if (
            parameters is not { OnlyPlans: false, Plan: { } plan }
            || await ledger.Read(PlanRecord.Key(new DeploymentId(plan))) is not { DeployedBy: { } execution } planned
            || (planned.Request.Service, planned.Request.Target, planned.Request.Instance, planned.Revision)
                != (parameters.Service, parameters.Target, parameters.Instance, parameters.Revision)
        )
        {
            return null;
        }

        var standing = await executions.Standing(execution);
        var counts = standing.Phase switch
        {
            ExecutionPhase.Running => true,
            ExecutionPhase.Succeeded => await IsDeployed(execution.Deployment),
            // It was just started, or it was deleted and the sweep has closed its record.
            ExecutionPhase.NotKnown => await ledger.Read(DeploymentRecord.Key(execution.Deployment)) is not { Closed: true },
            _ => false,
        };
        return counts ? execution : null;
    }

    /// <summary>Whether nothing newer has changed the target since a deployment, but to bring back what it had deployed.</summary>
    private async Task<bool> IsDeployed(DeploymentId deployment)
    {
        if (await ledger.Read(DeploymentRecord.Key(deployment)) is not { } record)
        {
            return false;
        }

        var last = await ledger.Read(DeployedSteps.Key(record.Service, record.Target));
        var number = last?.Last == deployment ? Math.Max(last.Number, record.Number) : record.Number;
        return await ledger.Read(LockRecord.Key(record.Service, record.Target)) is not { } standing || standing.Changed <= number;
    }

    private async Task<ExecutionArn> Start(string job, JobRequest wanted)
    {
        var parameters = wanted.Parameters;
        var name = Names.Execution($"{parameters.Service}-{Target(parameters)}-{job}");
        var key = $"{Sources.Incoming}{name}.zip";
        using (var artifacts = aws.S3With(wanted.Credentials))
        using (var source = await artifacts.GetObjectAsync(wanted.Bucket, wanted.Key))
        await using (var body = TemporaryFile.Create())
        {
            await source.ResponseStream.CopyToAsync(body);
            body.Position = 0;
            await aws.S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = settings.Bucket,
                    Key = key,
                    InputStream = body,
                    AutoCloseStream = false,
                }
            );
        }

        var request = new DeploymentRequest(
            parameters.Service,
            parameters.Target,
            new SourceObject(settings.Bucket, key),
            parameters.Revision,
            parameters.Steps,
            parameters.By ?? By,
            Instance: parameters.Instance,
            Plan: parameters.OnlyPlans ? null : parameters.Plan,
            AsksForApproval: parameters.OnlyPlans,
            Pipeline: parameters.Pipeline,
            PipelineExecution: parameters.Execution
        );
        var machine = parameters.OnlyPlans ? DeployerMachine.Plan : DeployerMachine.Deploy;
        // The same job again after its execution has closed: the answer is about that execution.
        return await executions.StartOnce(settings.MachineArn(machine), name, request)
            ?? new ExecutionArn(settings.ExecutionPrefix(machine) + name);
    }

    private async Task Continue(string job, JobData data, ExecutionArn execution)
    {
        if (execution.Value.StartsWith(settings.ExecutionPrefix(DeployerMachine.Plan), StringComparison.Ordinal))
        {
            await ContinuePlan(job, data, execution);
            return;
        }

        if (!execution.Value.StartsWith(settings.ExecutionPrefix(DeployerMachine.Deploy), StringComparison.Ordinal))
        {
            await Fail(job, FailureType.ConfigurationError, "the continuation token is no execution of this deployer", null);
            return;
        }

        var standing = await executions.Standing(execution);
        if (standing.Phase == ExecutionPhase.Running)
        {
            var running = await progress.Read(execution.Deployment);
            await Report(job, execution, running.Words, running.Percent);
            return;
        }

        if (standing.HasEnded())
        {
            await settling.Settle(execution, standing);
        }

        var record = await ledger.Read(DeploymentRecord.Key(execution.Deployment));

        // An execution of which nothing is known was just started, or it was deleted and the sweep has closed its record.
        if (standing.Phase == ExecutionPhase.NotKnown && record is not { Closed: true })
        {
            await Report(job, execution, "running");
            return;
        }

        if (!standing.Succeeded)
        {
            await Fail(job, FailureType.JobFailed, Reason(record, standing, execution), execution);
            return;
        }

        var end = DeploymentEnd.Read(standing.Output);
        var variables = new Dictionary<string, string>
        {
            ["Deployment"] = execution.Deployment.Value,
            ["Outcome"] = (end?.Outcome ?? DeploymentOutcome.Succeeded).Text(),
        };
        await aws.CodePipeline.PutJobSuccessResultAsync(
            new PutJobSuccessResultRequest
            {
                JobId = job,
                OutputVariables = variables,
                ExecutionDetails = Details(
                    execution,
                    string.Join("; ", [$"{record?.Service} is on {record?.Target}: {variables["Outcome"]}", .. end?.Notices ?? []]),
                    100
                ),
            }
        );
    }

    /// <summary>A plan's end: its artifact and its variables, by which a manual approval shows it and a later action names it.</summary>
    private async Task ContinuePlan(string job, JobData data, ExecutionArn execution)
    {
        var standing = await executions.Standing(execution);
        if (standing.Phase is ExecutionPhase.Running or ExecutionPhase.NotKnown)
        {
            await Report(job, execution, "planning");
            return;
        }

        if (!standing.Succeeded)
        {
            await Fail(job, FailureType.JobFailed, Reason(null, standing, execution), execution);
            return;
        }

        var plan = await plans.Read(execution, standing.Output!);
        if (plan.Problems > 0)
        {
            await Fail(job, FailureType.JobFailed, string.Join('\n', plan.WhyItFails()), execution);
            return;
        }

        await plans.WriteArtifact(plan, data);
        await aws.CodePipeline.PutJobSuccessResultAsync(
            new PutJobSuccessResultRequest
            {
                JobId = job,
                OutputVariables = plans.Variables(plan, execution),
                ExecutionDetails = Details(execution, PipelinePlan.Summary(plan, SummaryLength), 100),
            }
        );
    }

    /// <summary>Error and cause; a failure of Step Functions itself, such as a stopped execution, has no cause to show.</summary>
    private static string Reason(DeploymentRecord? record, ExecutionStanding standing, ExecutionArn execution)
    {
        var (error, cause) = record?.Error is { } recorded ? (recorded, record.Cause) : (standing.Error, standing.Cause);
        return string.IsNullOrWhiteSpace(cause)
            ? $"{error ?? standing.Phase.ToString()}: the execution {execution.Deployment} ended without a cause; "
                + $"see its history: {execution.ConsoleLink}"
            : $"{error}: {cause}";
    }

    /// <summary>
    /// Summary and percentage are shown while the action is in progress
    /// (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ExecutionDetails.html).
    /// </summary>
    private Task Report(string job, ExecutionArn execution, string words, int? percent = null) =>
        aws.CodePipeline.PutJobSuccessResultAsync(
            new PutJobSuccessResultRequest
            {
                JobId = job,
                ContinuationToken = execution.Value,
                ExecutionDetails = Details(execution, $"{words}: {execution.ConsoleLink}", percent),
            }
        );

    private Task Fail(string job, FailureType type, string message, ExecutionArn? execution) =>
        aws.CodePipeline.PutJobFailureResultAsync(
            new PutJobFailureResultRequest
            {
                JobId = job,
                FailureDetails = new FailureDetails
                {
                    Type = type,
                    Message = CauseText.Shorten(message, MessageLength),
                    ExternalExecutionId = execution?.Value,
                },
            }
        );

    private static ExecutionDetails Details(ExecutionArn execution, string summary, int? percent) =>
        new()
        {
            Summary = CauseText.Shorten(summary, SummaryLength),
            ExternalExecutionId = execution.Value,
            PercentComplete = percent,
        };

    private static (JobRequest? Request, string? Fault) Request(JobData data, UserParameters parameters)
    {
        var (source, fault) = Source(data, parameters.Artifact);
        return
            source is { Location.S3Location: { BucketName: { Length: > 0 } bucket, ObjectKey: { Length: > 0 } key } }
            && data.ArtifactCredentials
                is { AccessKeyId: { Length: > 0 } id, SecretAccessKey: { Length: > 0 } secret, SessionToken: { Length: > 0 } token }
            ? (new JobRequest(parameters, bucket, key, new SessionAWSCredentials(id, secret, token)), null)
            : (null, fault ?? "the action has no input artifact in S3; give it the source's output artifact");
    }

    /// <summary>The input artifact that is the source: the one that is named, or the first.</summary>
    private static (JobArtifact? Source, string? Fault) Source(JobData data, string? named)
    {
        var artifacts = (data.InputArtifacts ?? []).OfType<JobArtifact>().ToList();
        if (named is null)
        {
            return (artifacts.FirstOrDefault(), null);
        }

        return artifacts.Find(artifact => artifact.Name == named) is { } found
            ? (found, null)
            : (
                null,
                $"the action has no input artifact '{named}', which its user parameters name; "
                    + (artifacts.Count == 0 ? "it has none" : $"expected one of {string.Join(", ", artifacts.Select(known => known.Name))}")
            );
    }

    /// <summary>Why nothing was started for an action.</summary>
    /// <param name="Error">The error's name.</param>
    /// <param name="Cause">The cause.</param>
    /// <param name="Next">What to do next; <see langword="null"/> for what follows from the action's plan.</param>
    private sealed record RefusedAction(string Error, string Cause, string? Next = null);

    /// <summary>What a job asks for, and how its source is reached.</summary>
    private sealed record JobRequest(UserParameters Parameters, string Bucket, string Key, SessionAWSCredentials Credentials);
}
