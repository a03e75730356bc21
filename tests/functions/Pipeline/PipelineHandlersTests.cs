using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
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

        await Handlers(aws, desk).AnswerJob(Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d"}"""), Context);

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

    /// <summary>A stage that is retried, or rolled back, may name a plan that was deployed.</summary>
    /// <param name="changed">The number of the last deployment that has changed the target; the plan's own is 1.</param>
    /// <param name="again">The number of the last one with which a look has brought back what the plan's had deployed; 0 for none.</param>
    /// <param name="succeeded">Whether the plan's deployment is still what is deployed.</param>
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 2, false)]
    public async Task The_deployment_of_a_plan_answers_the_job_as_long_as_it_is_what_is_deployed(long changed, long again, bool succeeded)
    {
        await using var desk = await Desk.Open();
        var deployed = await desk.Deployment("one");
        desk.Close("one", ExecutionStatus.SUCCEEDED);
        await desk.Ledger.Put(
            PlanRecord.Key(new("plan-1")),
            new PlanRecord
            {
                Plan = new("plan-1"),
                Execution = new("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan-1"),
                Request = new DeploymentRequest("inventory", "dev"),
                Source = "digest",
                Revision = "0a1b2c3d",
                Digest = "0123",
                DeployedBy = deployed.Execution,
            }
        );
        await desk.Ledger.Put(LockRecord.Key("inventory", "dev"), new LockRecord { LastNumber = 3, Changed = changed });
        if (again > 0)
        {
            await desk.Ledger.Put(DeployedSteps.Key("inventory", "dev"), new DeployedSteps { Last = deployed.Deployment, Number = again });
        }

        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ThrowsForAnyArgs(new HttpRequestException("a deployment of its own"));

        await Handlers(aws, desk)
            .AnswerJob(Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d","plan":"plan-1"}"""), Context);

        await pipeline
            .Received(succeeded ? 1 : 0)
            .PutJobSuccessResultAsync(
                Arg.Is<PutJobSuccessResultRequest>(answer => answer.ContinuationToken == deployed.Execution.Value),
                Arg.Any<CancellationToken>()
            );
        await pipeline
            .Received(succeeded ? 0 : 1)
            .PutJobFailureResultAsync(Arg.Any<PutJobFailureResultRequest>(), Arg.Any<CancellationToken>());
    }

    private static ILambdaContext Context => Substitute.For<ILambdaContext>();

    private static PipelineHandlers Handlers(IAws aws, Desk desk) =>
        new(
            aws,
            desk.Settings,
            desk.Ledger,
            desk.Executions,
            desk.Settling,
            new PipelineApproval(aws, new PlanApprovals(desk.Ledger), desk.Ledger),
            new PipelinePlan(aws, new StepKindRegistry([])),
            new PipelineProgress(aws, desk.Settings, desk.Ledger)
        );

    private static JobEvent Job(string parameters) =>
        new(
            new Job(
                "job",
                null,
                new Deployer.Functions.Pipeline.JobData(
                    new JobActionConfiguration(new JobConfiguration("function", parameters)),
                    [new JobArtifact("Source", new JobArtifactLocation("S3", new JobS3Location("artifacts", "source.zip")))],
                    new JobCredentials("AKIA", "secret", "token")
                )
            )
        );
}
