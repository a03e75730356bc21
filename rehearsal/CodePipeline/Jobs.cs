using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>
/// The jobs of invoke actions. A function is called with a job and answers it once: with a result, or with a continuation
/// token, upon which it is called again with another job.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html</remarks>
internal sealed partial class Jobs
{
    private const string AnswerDue = "codepipeline/answer";
    private const string ContinueDue = "codepipeline/continue";
    private const string LimitDue = "codepipeline/limit";

    // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan ActionLimit = TimeSpan.FromHours(24);
    private readonly RehearsalWorld _world;
    private readonly ILambdaInvoker _functions;
    private readonly PipelineEngine _engine;
    private readonly Sessions _sessions;
    private readonly Table<Job> _jobs;

    internal Jobs(RehearsalWorld world, ILambdaInvoker functions, PipelineEngine engine)
    {
        _world = world;
        _functions = functions;
        _engine = engine;
        _sessions = new Sessions(world);
        _jobs = world.Store.Table<Job>("codepipeline/jobs");
        world.OnDue(AnswerDue, NotAnswered, failed: Break);
        world.OnDue(ContinueDue, Again, failed: Break);
        world.OnDue(LimitDue, key => NotCompleted(engine.FindAction(key)!, ActionLimit), failed: engine.Break);
    }

    /// <summary>Calls the action's function for the first time.</summary>
    internal void Begin(ActionRun action) =>
        Offer(action with { LimitTimer = _world.Schedule(ActionLimit, LimitDue, action.Key) }, continuationToken: null);

    /// <exception cref="ApiException">JobNotFoundException.</exception>
    internal Job Get(string id) =>
        _jobs.Get(id)
        ?? throw new ApiException("JobNotFoundException", $"The job {id} was specified in an invalid format or cannot be found.");

    /// <exception cref="ApiException">InvalidJobStateException, ValidationException, JobNotFoundException.</exception>
    internal void PutSuccess(PutJobSuccessResultRequest request)
    {
        var token = request.ContinuationToken;
        if (token is not null && request.OutputVariables is { Count: > 0 })
        {
            throw Invalid("Output variables can be included only when there is no continuation token on the request.");
        }

        CheckLength(token, 1, 2048, "continuationToken");
        CheckLength(request.ExecutionDetails?.Summary, 0, 2048, "executionDetails.summary");
        CheckLength(request.ExecutionDetails?.ExternalExecutionId, 0, 1500, "executionDetails.externalExecutionId");
        if (request.ExecutionDetails?.PercentComplete is < 0 or > 100)
        {
            throw Invalid("executionDetails.percentComplete must lie between 0 and 100.");
        }

        if (request.OutputVariables?.Keys.FirstOrDefault(key => !VariableName().IsMatch(key)) is { } wrong)
        {
            throw Invalid($"'{wrong}' is not the name of an output variable.");
        }

        var action = Answer(request.JobId, final: token is null);
        action = action with
        {
            Summary = request.ExecutionDetails?.Summary ?? action.Summary,
            ExternalExecutionId = request.ExecutionDetails?.ExternalExecutionId ?? action.ExternalExecutionId,
            PercentComplete = request.ExecutionDetails?.PercentComplete ?? action.PercentComplete,
        };
        if (token is null)
        {
            _engine.Succeed(action with { OutputVariables = request.OutputVariables });
            return;
        }

        _engine.Save(action);
        _jobs.Put(request.JobId, Get(request.JobId) with { NextToken = token });
        _engine.Call(action, Durations.JobContinuation, ContinueDue, request.JobId);
    }

    /// <exception cref="ApiException">InvalidJobStateException, ValidationException, JobNotFoundException.</exception>
    internal void PutFailure(PutJobFailureResultRequest request)
    {
        CheckLength(request.FailureDetails.Message, 1, 5000, "failureDetails.message");
        CheckLength(request.FailureDetails.ExternalExecutionId, 0, 1500, "failureDetails.externalExecutionId");
        var action = Answer(request.JobId, final: true);
        _engine.Fail(
            action with
            {
                ExternalExecutionId = request.FailureDetails.ExternalExecutionId ?? action.ExternalExecutionId,
            },
            request.FailureDetails.Type.Value,
            request.FailureDetails.Message
        );
    }

    /// <summary>What GetJobDetails shows, the credentials for the artifacts included.</summary>
    internal JobDetails Details(Job job)
    {
        var action = _engine.FindAction(job.ActionKey)!;
        var run = _engine.RunOf(action);
        var declared = _engine.DeclarationOf(action);
        var credentials = ArtifactCredentials(action);
        return new JobDetails
        {
            Id = job.Id,
            AccountId = run.Account,
            Data = new JobData
            {
                ActionTypeId = declared.ActionTypeId,
                ActionConfiguration = new ActionConfiguration { Configuration = action.Configuration.ToDictionary() },
                PipelineContext = new PipelineContext
                {
                    PipelineName = run.Declaration.Name,
                    PipelineArn = run.PipelineArn,
                    PipelineExecutionId = run.Id,
                    Stage = new StageContext { Name = action.Stage },
                    Action = new ActionContext { Name = action.Action, ActionExecutionId = action.Id },
                },
                InputArtifacts = [.. Inputs(action).Select(artifact => Shape(artifact.Key, artifact.Value))],
                OutputArtifacts = [.. action.Outputs.Select(artifact => Shape(artifact.Key, artifact.Value))],
                ArtifactCredentials = new AWSSessionCredentials
                {
                    AccessKeyId = credentials.AccessKeyId,
                    SecretAccessKey = credentials.SecretAccessKey,
                    SessionToken = credentials.SessionToken,
                },
                ContinuationToken = job.ContinuationToken,
            },
        };
    }

    private static Artifact Shape(string name, StoredArtifact artifact) =>
        new()
        {
            Name = name,
            Revision = artifact.Revision,
            Location = new ArtifactLocation
            {
                Type = Amazon.CodePipeline.ArtifactLocationType.S3,
                S3Location = new S3ArtifactLocation { BucketName = artifact.Bucket, ObjectKey = artifact.Key },
            },
        };

    private static JsonObject Json(string name, StoredArtifact artifact) =>
        new()
        {
            ["name"] = name,
            ["revision"] = artifact.Revision,
            ["location"] = new JsonObject
            {
                ["type"] = "S3",
                ["s3Location"] = new JsonObject { ["bucketName"] = artifact.Bucket, ["objectKey"] = artifact.Key },
            },
        };

    private void Again(string jobId)
    {
        var answered = Get(jobId);
        var action = _engine.FindAction(answered.ActionKey)!;
        if (action.Status == PipelineRun.InProgress)
        {
            Offer(action, answered.NextToken);
        }
    }

    private void Break(string jobId, string reason)
    {
        var job = Get(jobId);
        if (job.Open)
        {
            Close(jobId);
        }

        _engine.Break(job.ActionKey, reason);
    }

    private void Offer(ActionRun action, string? continuationToken)
    {
        var job = new Job(_world.Random.Uuid(), action.Key, continuationToken);
        action = action with { JobId = job.Id };
        _engine.Save(action);
        _jobs.Put(job.Id, job with { Timer = _world.Schedule(AnswerLimit, AnswerDue, job.Id) });
        try
        {
            var run = _engine.RunOf(action);
            var credentials = ArtifactCredentials(action);
            _functions.Enqueue(
                new LambdaInvocation(
                    _engine.Role(action),
                    _engine.DeclarationOf(action).Region ?? run.Region,
                    action.Configuration["FunctionName"],
                    Event(job, action, credentials).ToJsonString()
                )
                {
                    HandedKey = credentials.AccessKeyId,
                }
            );
        }
        catch (ApiException refusal)
        {
            Close(job.Id);
            _engine.Fail(action, refusal.Status == 403 ? "PermissionError" : "ConfigurationError", refusal.Message);
        }
    }

    private JsonObject Event(Job job, ActionRun action, SessionCredentials credentials)
    {
        var data = new JsonObject
        {
            ["actionConfiguration"] = new JsonObject
            {
                ["configuration"] = new JsonObject(
                    action.Configuration.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))
                ),
            },
            ["inputArtifacts"] = new JsonArray([.. Inputs(action).Select(artifact => Json(artifact.Key, artifact.Value))]),
            ["outputArtifacts"] = new JsonArray([.. action.Outputs.Select(artifact => Json(artifact.Key, artifact.Value))]),
            ["artifactCredentials"] = new JsonObject
            {
                ["accessKeyId"] = credentials.AccessKeyId,
                ["secretAccessKey"] = credentials.SecretAccessKey,
                ["sessionToken"] = credentials.SessionToken,
                ["expirationTime"] = credentials.Expiration.ToUnixTimeMilliseconds(),
            },
        };
        if (job.ContinuationToken is not null)
        {
            data["continuationToken"] = job.ContinuationToken;
        }

        return new JsonObject
        {
            ["CodePipeline.job"] = new JsonObject
            {
                ["id"] = job.Id,
                ["accountId"] = _engine.RunOf(action).Account,
                ["data"] = data,
            },
        };
    }

    private IEnumerable<KeyValuePair<string, StoredArtifact>> Inputs(ActionRun action)
    {
        var artifacts = _engine.RunOf(action).Artifacts;
        return (_engine.DeclarationOf(action).InputArtifacts ?? []).Select(input => KeyValuePair.Create(input.Name, artifacts[input.Name]));
    }

    /// <summary>A session of the pipeline's role that reaches the artifact bucket and nothing else.</summary>
    private SessionCredentials ArtifactCredentials(ActionRun action)
    {
        var bucket = _engine.RunOf(action).Declaration.ArtifactStore.Location;
        return _sessions.Issue(
            _engine.Role(action) with
            {
                SessionPolicy = $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject",
                "s3:GetObjectVersion","s3:PutObject"],"Resource":"arn:aws:s3:::{{bucket}}/*"}]}
                """,
            },
            TimeSpan.FromHours(1)
        );
    }

    /// <summary>Takes the answer to an open job; every final one is counted, taken or not.</summary>
    private ActionRun Answer(string jobId, bool final)
    {
        var job = Get(jobId);
        var action = _engine.FindAction(job.ActionKey)!;
        if (final)
        {
            action = action with { FinalResults = action.FinalResults + 1 };
            _engine.Count(action);
        }

        if (!job.Open || action.Status != PipelineRun.InProgress)
        {
            throw new ApiException(
                "InvalidJobStateException",
                $"The job {jobId} is no longer in progress: it has been answered already, or its action was abandoned."
            );
        }

        Close(jobId);
        return action;
    }

    private void NotAnswered(string jobId)
    {
        if (Get(jobId) is { Open: true } job)
        {
            NotCompleted(_engine.FindAction(job.ActionKey)!, AnswerLimit);
        }
    }

    private void NotCompleted(ActionRun action, TimeSpan limit)
    {
        if (action is { Status: PipelineRun.InProgress, JobId: { } jobId })
        {
            Close(jobId);
            _engine.Fail(
                action,
                "JobTimedOut",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The AWS Lambda function {action.Configuration["FunctionName"]} did not complete within {limit.TotalMinutes} "
                        + $"minutes: no result was put for the job {jobId}."
                )
            );
        }
    }

    private void Close(string jobId)
    {
        var job = Get(jobId);
        if (job.Timer is { } timer)
        {
            _world.Cancel(timer);
        }

        _jobs.Put(jobId, job with { Open = false, Timer = null });
    }

    private static void CheckLength(string? text, int least, int most, string member)
    {
        if (text is not null && (text.Length < least || text.Length > most))
        {
            throw Invalid($"{member} must have {least} to {most} characters.");
        }
    }

    private static ApiException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex(@"^[A-Za-z0-9@_-]+\z", RegexOptions.None, 60_000)]
    private static partial Regex VariableName();
}
