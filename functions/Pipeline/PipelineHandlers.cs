using System.Text.Json;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3.Model;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Spec.Pipelines;

namespace Deployer.Functions.Pipeline;

/// <summary>
/// The function of a pipeline's invoke action. It starts the execution once, and each time it is called again with the
/// continuation token (the execution's ARN) it tells how the execution stands. It never throws for a failed deployment:
/// the pipeline would only call it again.
/// </summary>
public sealed class PipelineHandlers(IAws aws, Settings settings, Ledger ledger, Executions executions, Settling settling)
{
    private const int MessageLength = 5000;
    private const int SummaryLength = 2048;
    private const int ExecutionNameLength = 80;

    /// <summary>Answers one job.</summary>
    [LambdaFunction(ResourceName = "PipelineFunction")]
    public async Task AnswerJob(JobEvent input, ILambdaContext context)
    {
        var job = input.Job;
        try
        {
            if (job.Data.ContinuationToken is { Length: > 0 } execution)
            {
                await Continue(job, execution);
                return;
            }

            var (parameters, fault) = Parameters(job);
            if (parameters is null)
            {
                await Fail(job, FailureType.ConfigurationError, fault!, null);
                return;
            }

            string started;
            try
            {
                started = await Start(job, parameters);
            }
            catch (AmazonServiceException exception)
            {
                // Thrown on, it would leave the action without an answer until it times out.
                await Fail(job, FailureType.JobFailed, $"the deployment could not be started: {exception.Message}", null);
                return;
            }

            await Report(job, started, "started");
        }
        catch (Exception exception) when (exception is InvalidJobStateException or JobNotFoundException)
        {
            context.Logger.LogInformation($"job {job.Id} is answered already");
        }
    }

    private async Task<string> Start(Job job, UserParameters parameters)
    {
        var name = Names.Limit($"{parameters.Service}-{parameters.Target}-{job.Id}", ExecutionNameLength);
        var key = $"incoming/{name}.zip";
        var artifact = job.Data.InputArtifacts![0].Location.S3Location!;
        var credentials = job.Data.ArtifactCredentials!;
        using (var artifacts = aws.S3With(new SessionAWSCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken)))
        using (var source = await artifacts.GetObjectAsync(artifact.BucketName, artifact.ObjectKey))
        using (var body = new MemoryStream())
        {
            await source.ResponseStream.CopyToAsync(body);
            body.Position = 0;
            await aws.S3.PutObjectAsync(new PutObjectRequest { BucketName = settings.Bucket, Key = key, InputStream = body, AutoCloseStream = false });
        }

        var request = new DeploymentRequest(parameters.Service, parameters.Target, new SourceObject(settings.Bucket, key), parameters.Revision, parameters.Steps, parameters.By ?? "CodePipeline");
        try
        {
            var answer = await aws.StepFunctions.StartExecutionAsync(new StartExecutionRequest
            {
                StateMachineArn = settings.StateMachine,
                Name = name,
                Input = JsonSerializer.Serialize(request, Documents.Default.DeploymentRequest),
            });
            return answer.ExecutionArn;
        }
        catch (ExecutionAlreadyExistsException)
        {
            // The same job again after its execution has closed: the answer is about that execution.
            return $"{settings.StateMachine.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";
        }
    }

    private async Task Continue(Job job, string execution)
    {
        var standing = await executions.Standing(execution);
        if (standing.Running)
        {
            await Report(job, execution, "running");
            return;
        }

        await settling.Settle(execution);
        var record = await ledger.Read(Ledger.DeploymentKey(Executions.Name(execution)), Documents.Default.DeploymentRecord);
        if (!standing.Succeeded)
        {
            await Fail(job, FailureType.JobFailed, $"{record?.Error ?? standing.Error}: {record?.Cause ?? standing.Cause}", execution);
            return;
        }

        var variables = new Dictionary<string, string>
        {
            ["Deployment"] = Executions.Name(execution),
            ["Outcome"] = Outcome(standing.Output),
        };
        await aws.CodePipeline.PutJobSuccessResultAsync(new PutJobSuccessResultRequest
        {
            JobId = job.Id,
            OutputVariables = variables,
            ExecutionDetails = Details(execution, $"{record?.Service} is on {record?.Target}: {variables["Outcome"]}", 100),
        });
    }

    private Task Report(Job job, string execution, string progress) => aws.CodePipeline.PutJobSuccessResultAsync(new PutJobSuccessResultRequest
    {
        JobId = job.Id,
        ContinuationToken = execution,
        ExecutionDetails = Details(execution, $"{progress}: {ConsoleLink(execution)}", null),
    });

    private Task Fail(Job job, FailureType type, string message, string? execution) => aws.CodePipeline.PutJobFailureResultAsync(new PutJobFailureResultRequest
    {
        JobId = job.Id,
        FailureDetails = new FailureDetails { Type = type, Message = Cut(message, MessageLength), ExternalExecutionId = execution },
    });

    private static ExecutionDetails Details(string execution, string summary, int? percent) =>
        new() { Summary = Cut(summary, SummaryLength), ExternalExecutionId = execution, PercentComplete = percent };

    private static string ConsoleLink(string execution)
    {
        var region = execution.Split(':')[3];
        return $"https://{region}.console.aws.amazon.com/states/home?region={region}#/v2/executions/details/{execution}";
    }

    private static string Outcome(string? output)
    {
        using var document = JsonDocument.Parse(output ?? "{}");
        return document.RootElement.TryGetProperty("outcome", out var outcome) ? outcome.GetString() ?? "succeeded" : "succeeded";
    }

    private static (UserParameters? Parameters, string? Fault) Parameters(Job job)
    {
        var reading = UserParameters.Read(job.Data.ActionConfiguration.Configuration.UserParameters ?? string.Empty, nameof(UserParameters));
        if (reading.Parameters is null)
        {
            return (null, string.Join('\n', reading.Faults));
        }

        return job.Data.InputArtifacts is [{ Location.S3Location: not null }, ..] && job.Data.ArtifactCredentials is not null
            ? (reading.Parameters, null)
            : (null, "the action has no input artifact in S3; give it the source's output artifact");
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
