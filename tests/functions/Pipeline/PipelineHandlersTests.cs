using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
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
                    answer.FailureDetails.Message.StartsWith($"the deployment could not be started: {Failure.Translate(exception).Error}: ")
                    && answer.FailureDetails.Message.Contains(exception.Message)
                ),
                Arg.Any<CancellationToken>()
            );
    }

    /// <summary>No execution was started whose end somebody would hear of.</summary>
    [Fact]
    public async Task Of_a_job_that_was_refused_before_it_started_anything_people_are_notified()
    {
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(Substitute.For<IAmazonCodePipeline>());
        aws.S3With(default!).ThrowsForAnyArgs(new HttpRequestException("connection reset"));
        await using var desk = await Desk.Open();

        await Handlers(aws, desk)
            .AnswerJob(
                Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d","pipeline":"orders-pipeline","execution":"e-1"}"""),
                Context
            );

        var noted = (await desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Notification;
        (noted.Kind, noted.Service, noted.Target, noted.Execution).ShouldBe((NotificationKind.Failed, "inventory", "dev", null));
        noted.Error.ShouldBe(Failure.Translate(new HttpRequestException("connection reset")).Error);
        noted.Pipeline.ShouldBe(new Deployer.Functions.Notifications.PipelineExecution("orders-pipeline", "e-1"));
        noted.Next.ShouldBe(
            new NextAction(
                "Nothing was started. Correct the cause, then retry the failed actions of the pipeline's stage, which this shows:",
                "aws codepipeline get-pipeline-state --name orders-pipeline --region us-east-1"
            )
        );
        (await desk.Ledger.Query(SentNotification.About("job"))).ShouldHaveSingleItem("it is sent at once").Id.ShouldBe(noted.Id);
    }

    /// <summary>Lambda calls twice more, with the same job; people know already that nothing was started.</summary>
    [Fact]
    public async Task Where_CodePipeline_does_not_take_the_answer_the_next_try_starts_nothing_of_what_was_refused()
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ReturnsForAnyArgs(_ => throw new HttpRequestException("connection reset"), _ => Substitute.For<IAmazonS3>());
        var answers = new List<FailureDetails>();
        pipeline
            .PutJobFailureResultAsync(Arg.Any<PutJobFailureResultRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                answers.Add(call.Arg<PutJobFailureResultRequest>().FailureDetails);
                return answers.Count == 1
                    ? throw new AmazonServiceException("slow down") { ErrorCode = "ThrottlingException" }
                    : new PutJobFailureResultResponse();
            });
        await using var desk = await Desk.Open();
        var job = Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d"}""");

        await Should.ThrowAsync<AwsUnavailableException>(Handlers(aws, desk).AnswerJob(job, Context));
        await Handlers(aws, desk).AnswerJob(job, Context);

        answers.Select(answer => (answer.Type, answer.Message)).Distinct().ShouldHaveSingleItem().Message.ShouldContain("connection reset");
        answers.Count.ShouldBe(2);
        aws.ReceivedWithAnyArgs(1).S3With(default!);
        await desk.StepFunctions.DidNotReceiveWithAnyArgs().StartExecutionAsync(default!, default);
    }

    /// <summary>
    /// Thrown on, it would have Lambda call once more (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html),
    /// and that try might start a deployment under an action that has failed.
    /// </summary>
    [Fact]
    public async Task A_notification_that_cannot_be_noted_is_seen_and_keeps_no_job_from_being_failed()
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ThrowsForAnyArgs(new HttpRequestException("connection reset"));
        await using var desk = await Desk.Open();
        var throttled = Substitute.For<IAws>();
        throttled.DynamoDB.Throws(new AmazonServiceException("slow down") { ErrorCode = "ThrottlingException" });
        var context = Context;

        await Handlers(aws, desk, new Notifier(desk, desk.Settings, new LedgerTable(throttled, desk.Settings)))
            .AnswerJob(Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d"}"""), context);

        var answer = (PutJobFailureResultRequest)
            pipeline.ReceivedCalls().ShouldHaveSingleItem("the job is answered once, and nothing else is said of it").GetArguments()[0]!;
        answer.FailureDetails.Type.ShouldBe(FailureType.JobFailed);
        const string Unnoted = "; the notification of it could not be noted: AwsUnavailableException: ";
        answer.FailureDetails.Message.ShouldStartWith("the deployment could not be started: AwsUnavailableException: ");
        answer.FailureDetails.Message.ShouldContain(Unnoted);
        answer.FailureDetails.Message.ShouldContain("slow down");
        context.Logger.Received(1).LogLine(Arg.Is<string>(line => line.Contains("\"level\":\"ERROR\"") && line.Contains(Unnoted)));
        await desk.StepFunctions.DidNotReceiveWithAnyArgs().StartExecutionAsync(default!, default);
    }

    [Fact]
    public async Task A_refusal_is_noted_before_the_job_is_answered_also_where_another_try_has_answered_it()
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ThrowsForAnyArgs(new HttpRequestException("connection reset"));
        pipeline
            .PutJobFailureResultAsync(Arg.Any<PutJobFailureResultRequest>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new InvalidJobStateException("the job has failed already"));
        await using var desk = await Desk.Open();
        var job = Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d"}""");

        await Handlers(aws, desk).AnswerJob(job, Context);
        await Handlers(aws, desk).AnswerJob(job, Context);

        (await desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem("the same one").Notification.Subject.ShouldBe("job");
    }

    [Fact]
    public async Task Of_an_action_that_is_configured_wrong_people_are_notified_where_its_user_parameters_can_be_read()
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        await using var desk = await Desk.Open();

        await Handlers(aws, desk).AnswerJob(Job("""{"service":"inventory","target":"dev","artifact":"Sauce"}"""), Context);
        await Handlers(aws, desk).AnswerJob(Job("""{"service":"inventory","target":"""), Context);

        var noted = (await desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Notification;
        (noted.Kind, noted.Service, noted.Target, noted.Error).ShouldBe(
            (NotificationKind.Failed, "inventory", "dev", "ConfigurationError")
        );
        noted.Cause.ShouldBe("the action has no input artifact 'Sauce', which its user parameters name; expected one of Source");
        noted.Next!.Reason.ShouldBe(
            "Nothing was started. Correct the configuration of the pipeline's action, then start the pipeline again."
        );
        await pipeline
            .Received(2)
            .PutJobFailureResultAsync(
                Arg.Is<PutJobFailureResultRequest>(answer => answer.FailureDetails.Type == FailureType.ConfigurationError),
                Arg.Any<CancellationToken>()
            );
    }

    /// <summary>A target that does not want to hear of failures gets no notification, as far as its plan says so.</summary>
    [Theory]
    [InlineData(new NotificationKind[0], 0)]
    [InlineData(null, 1)]
    public async Task Of_a_refused_plan_people_are_notified_as_its_target_wants(NotificationKind[]? wanted, int notified)
    {
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(Substitute.For<IAmazonCodePipeline>());
        await using var desk = await Desk.Open();
        var planned = await desk.Deployment("plan-1");
        await desk.Ledger.Put(DeploymentRecord.Key(planned.Deployment), planned with { Notifications = wanted });
        await desk.Ledger.Put(
            PlanRecord.Key(planned.Deployment),
            new PlanRecord
            {
                Plan = planned.Deployment,
                Execution = planned.Execution,
                Request = new DeploymentRequest("inventory", "dev"),
                Source = "digest",
                Digest = "0123",
                NeedsApproval = ["the target asks for it"],
            }
        );

        await Handlers(aws, desk)
            .AnswerJob(Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d","plan":"plan-1"}"""), Context);

        var noted = await desk.Ledger.Query(NotedNotification.All);
        noted.Count.ShouldBe(notified);
        noted.ShouldAllBe(one =>
            one.Notification.Error == nameof(ApprovalNeededException)
            && one.Notification.Plan!.Id == "plan-1"
            && one.Notification.Next!.Reason.StartsWith("Nothing was started. The pipeline makes another plan: ")
        );
    }

    /// <summary>User parameters are written by people: what is no name of a pipeline is in no line that is copied into a shell.</summary>
    [Theory]
    [InlineData("orders-pipeline", "aws codepipeline start-pipeline-execution --name orders-pipeline --region us-east-1")]
    [InlineData("orders; reboot", null)]
    [InlineData("--name", null)]
    public async Task What_is_next_after_a_refused_action_is_a_command_of_its_pipeline(string pipeline, string? command)
    {
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(Substitute.For<IAmazonCodePipeline>());
        await using var desk = await Desk.Open();

        await Handlers(aws, desk)
            .AnswerJob(Job($$"""{"service":"inventory","target":"dev","artifact":"Sauce","pipeline":"{{pipeline}}"}"""), Context);

        var next = (await desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Notification.Next.ShouldNotBeNull();
        next.Command.ShouldBe(command);
        next.Reason.ShouldEndWith(command is null ? "then start the pipeline again." : "then start the pipeline again:");
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
        desk.Close("one", ExecutionStatus.SUCCEEDED);
        var deployed = await Planned(desk);
        await desk.Ledger.Put(LockRecord.Key("inventory", "dev"), new LockRecord { LastNumber = 3, Changed = changed });
        if (again > 0)
        {
            await desk.Ledger.Put(DeployedSteps.Key("inventory", "dev"), new DeployedSteps { Last = deployed.Deployment, Number = again });
        }

        await AnswerShouldBe(desk, deployed, continues: succeeded);
    }

    /// <summary>Another one would be refused, and the action would fail beside a deployment that goes on.</summary>
    [Theory]
    [InlineData("RUNNING", false, true)]
    [InlineData("unknown", false, true)]
    [InlineData("unknown", true, false)]
    [InlineData("FAILED", true, false)]
    public async Task The_deployment_of_a_plan_that_goes_on_answers_the_job_also_when_it_is_not_described_yet(
        string standing,
        bool closed,
        bool continues
    )
    {
        await using var desk = await Desk.Open();
        var deployed = await Planned(desk);
        await desk.Ledger.Put(DeploymentRecord.Key(deployed.Deployment), deployed with { Closed = closed });
        if (standing == "unknown")
        {
            desk.Forget("one");
        }
        else
        {
            desk.Close("one", new ExecutionStatus(standing));
        }

        await AnswerShouldBe(desk, deployed, continues);
    }

    /// <summary>A deployment that was begun by a plan.</summary>
    private static async Task<DeploymentRecord> Planned(Desk desk)
    {
        var deployed = await desk.Deployment("one");
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
        return deployed;
    }

    private static async Task AnswerShouldBe(Desk desk, DeploymentRecord deployed, bool continues)
    {
        var pipeline = Substitute.For<IAmazonCodePipeline>();
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.S3With(default!).ThrowsForAnyArgs(new HttpRequestException("a deployment of its own"));

        await Handlers(aws, desk)
            .AnswerJob(Job("""{"service":"inventory","target":"dev","revision":"0a1b2c3d","plan":"plan-1"}"""), Context);

        await pipeline
            .Received(continues ? 1 : 0)
            .PutJobSuccessResultAsync(
                Arg.Is<PutJobSuccessResultRequest>(answer => answer.ContinuationToken == deployed.Execution.Value),
                Arg.Any<CancellationToken>()
            );
        await pipeline
            .Received(continues ? 0 : 1)
            .PutJobFailureResultAsync(Arg.Any<PutJobFailureResultRequest>(), Arg.Any<CancellationToken>());
    }

    /// <summary>Of a job that goes on with an execution its deployment is known from the beginning.</summary>
    [Fact]
    public async Task What_an_answer_fails_with_is_a_line_with_the_deployment_that_the_job_is_about()
    {
        var aws = Substitute.For<IAws>();
        await using var desk = await Desk.Open();
        var deployed = await desk.Deployment("one");
        desk.StepFunctions.DescribeExecutionAsync(
                Arg.Any<Amazon.StepFunctions.Model.DescribeExecutionRequest>(),
                Arg.Any<CancellationToken>()
            )
            .ReturnsForAnyArgs<Amazon.StepFunctions.Model.DescribeExecutionResponse>(_ =>
                throw new AmazonStepFunctionsException("no")
                {
                    ErrorCode = "AccessDenied",
                    StatusCode = System.Net.HttpStatusCode.Forbidden,
                }
            );
        var context = Context;
        var job = Job("""{"service":"inventory","target":"dev"}""").Job!;

        await Should.ThrowAsync<AwsRefusedException>(
            Handlers(aws, desk)
                .AnswerJob(
                    new JobEvent(
                        job with
                        {
                            Data = job.Data! with { ContinuationToken = desk.Settings.ExecutionPrefix(DeployerMachine.Deploy) + "one" },
                        }
                    ),
                    context
                )
        );

        var line = JsonNode.Parse((string)context.Logger.ReceivedCalls().ShouldHaveSingleItem().GetArguments()[0]!)!;
        $"{line["level"]} {line["deployment"]}".ShouldBe($"ERROR {deployed.Deployment}");
        line["message"]!.ToString().ShouldStartWith("AwsRefusedException: ");
    }

    private static ILambdaContext Context => Substitute.For<ILambdaContext>();

    private static PipelineHandlers Handlers(IAws aws, Desk desk, Notifier? notifier = null) =>
        new(
            aws,
            desk.Settings,
            desk.Ledger,
            desk.Executions,
            desk.Settling,
            notifier ?? desk.Notifier,
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
