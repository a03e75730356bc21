using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.Pipeline;

public sealed class PipelineHandlersTests
{
    public static TheoryData<Exception> Failures =>
        [
            new TaskCanceledException("the request was canceled due to the configured HttpClient.Timeout"),
            new HttpRequestException("connection reset"),
            new AmazonServiceException("no") { ErrorCode = "AccessDenied", StatusCode = System.Net.HttpStatusCode.Forbidden },
            new NullReferenceException("oops"),
        ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_job_whose_deployment_could_not_be_started_is_answered_with_the_cause(Exception exception)
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ThrowsForAnyArgs(exception);
        await using var desk = await Desk.Open();

        await new PipelineHandlers(
            aws,
            desk.Settings,
            desk.Ledger,
            desk.Executions,
            desk.Settling,
            new PipelineApproval(aws, new PlanApprovals(desk.Ledger), desk.Ledger),
            new PipelinePlan(aws, new StepKindRegistry([])),
            new PipelineProgress(aws, desk.Settings, desk.Ledger)
        ).AnswerJob(
            new JobEvent(
                new Job(
                    "job",
                    null,
                    new Deployer.Functions.Pipeline.JobData(
                        new JobActionConfiguration(
                            new JobConfiguration("function", """{"service":"inventory","target":"dev","revision":"0a1b2c3d"}""")
                        ),
                        [new JobArtifact("Source", new JobArtifactLocation("S3", new JobS3Location("artifacts", "source.zip")))],
                        new JobCredentials("AKIA", "secret", "token")
                    )
                )
            ),
            Substitute.For<ILambdaContext>()
        );

        await pipeline
            .Received(1)
            .PutJobFailureResultAsync(
                Arg.Is<PutJobFailureResultRequest>(answer =>
                    answer.FailureDetails.Message.StartsWith("the deployment could not be started: ")
                    && answer.FailureDetails.Message.Contains(exception.Message)
                ),
                Arg.Any<CancellationToken>()
            );
    }
}
