using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using Deployer.Tests.Fuzzing;
using NSubstitute;
using JobData = Deployer.Functions.Pipeline.JobData;

namespace Deployer.Functions.Tests.Fuzzing;

/// <summary>Whatever an event holds, it is read or refused by the serializer; nothing else is thrown by looking at it.</summary>
public sealed class EventFuzzTests
{
    private const string Started = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:started";
    private const string AccessKey = "ASIAEXAMPLE0KEY0JOB1";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private const string Token = "IQoJb3JpZ2luX2VjEJr0aCXVzLWVhc3QtMSJHMEUCIQDtoken";

    /// <summary>What is left of a secret when a mutation has struck it still betrays it.</summary>
    private static readonly IReadOnlyList<string> Fragments =
    [
        .. new[] { AccessKey, Secret, Token }.SelectMany(secret =>
            Enumerable.Range(0, secret.Length - 7).Select(at => secret.Substring(at, 8))
        ),
    ];

    private static readonly string[] Sources = ["aws.cloudformation", "aws.codebuild", "aws.states"];

    [Theory]
    [InlineData(
        """
            {"version":"0","id":"1","detail-type":"CloudFormation Stack Status Change","source":"aws.cloudformation",
            "account":"111111111111","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],
            "detail":{"stack-id":"arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1",
            "status-details":{"status":"UPDATE_COMPLETE"}}}
            """
    )]
    [InlineData(
        """
            {"source":"aws.codebuild","account":"222222222222","region":"us-east-1","detail":
            {"build-id":"arn:aws:codebuild:us-east-1:222222222222:build/deployer-dev-ions:7a1b","build-status":"SUCCEEDED"}}
            """
    )]
    [InlineData(
        """
            {"source":"aws.states","account":"111111111111","region":"us-east-1","detail":
            {"executionArn":"arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1","status":"SUCCEEDED"}}
            """
    )]
    public Task Events_about_what_is_waited_for(string settled)
    {
        var kinds = RegisteredKinds.BuiltIn(Substitute.For<IAws>());
        return Fuzz.ForEachSeed(mutator =>
        {
            if (Read<SettledEvent>(mutator.Text(settled)) is { } read)
            {
                (!kinds.ResourcesOf(read).Any() || Sources.Contains(read.Source)).ShouldBeTrue();
            }
        });
    }

    [Fact]
    public async Task User_parameters_start_a_deployment_or_fail_the_job_with_what_is_wrong()
    {
        const string Parameters = """{"service":"inventory","target":"dev","revision":"0a1b2c3d","steps":["group","ions"]}""";
        var refused = 0;
        await Fuzz.ForEachSeed(async mutator =>
        {
            var pipeline = Substitute.For<IAmazonCodePipeline>();
            await Handlers(pipeline).AnswerJob(new JobEvent(Job(mutator.Text(Parameters))), Substitute.For<ILambdaContext>());

            var failures = pipeline.ReceivedCalls().Select(call => call.GetArguments()[0]).OfType<PutJobFailureResultRequest>().ToList();
            failures.ShouldAllBe(
                failure =>
                    failure.FailureDetails.Type == FailureType.ConfigurationError
                    && failure.FailureDetails.Message.Contains("UserParameters"),
                string.Join('\n', failures.Select(failure => $"{failure.FailureDetails.Type}: {failure.FailureDetails.Message}"))
            );
            pipeline.ReceivedCalls().Count().ShouldBe(1);
            refused += failures.Count;
        });
        refused.ShouldBeInRange(1, Mutator.Cases - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData($",\"continuationToken\":\"{Started}\"")]
    public async Task A_job_is_answered_once_and_its_credentials_are_shown_to_nobody(string continuation)
    {
        var job = """
            {"CodePipeline.job":{"id":"11111111-1111-1111-1111-111111111111","accountId":"222222222222","data":{
             "artifactCredentials":{"accessKeyId":"ACCESSKEY","secretAccessKey":"SECRET",
               "sessionToken":"TOKEN","expirationTime":1767225600000},
             "inputArtifacts":[{"name":"Source","revision":"0a1b2c3d","location":{"type":"S3",
               "s3Location":{"bucketName":"artifacts","objectKey":"source/größer 1.zip"}}}],
             "outputArtifacts":[],
             "actionConfiguration":{"configuration":{"FunctionName":"deployer-dev-AnswerJob",
               "UserParameters":"{\"service\":\"inventory\",\"target\":\"dev\"}"}}CONTINUATION}}}
            """.Replace("ACCESSKEY", AccessKey, StringComparison.Ordinal).Replace("SECRET", Secret, StringComparison.Ordinal).Replace(
            "TOKEN",
            Token,
            StringComparison.Ordinal
        ).Replace("CONTINUATION", continuation, StringComparison.Ordinal);
        var (answered, refused) = (0, 0);
        await Fuzz.ForEachSeed(async mutator =>
        {
            var text = mutator.Text(job);
            if (Read<JobEvent>(text) is not { } read)
            {
                return;
            }

            var (pipeline, context, said) = (Substitute.For<IAmazonCodePipeline>(), Substitute.For<ILambdaContext>(), new List<string>());
            try
            {
                await Handlers(pipeline).AnswerJob(read, context);
                pipeline.ReceivedCalls().Count().ShouldBe(1, text);
                answered++;
            }
            catch (SpecInvalidException refusal)
            {
                pipeline.ReceivedCalls().ShouldBeEmpty();
                said.Add(refusal.ToString());
                refused++;
            }

            said.AddRange(
                pipeline.ReceivedCalls().Select(call => JsonSerializer.Serialize(call.GetArguments()[0], call.GetArguments()[0]!.GetType()))
            );
            said.AddRange(context.Logger.ReceivedCalls().Select(call => string.Join(' ', call.GetArguments())));
            said.Add($"{read} {read.Job} {read.Job?.Data}");
            said.ShouldAllBe(line => !Secrets(line), text);
        });
        answered.ShouldBeInRange(1, Mutator.Cases);
        refused.ShouldBeInRange(1, Mutator.Cases);
    }

    private static bool Secrets(string line) => Fragments.Any(fragment => line.Contains(fragment, StringComparison.Ordinal));

    private static T? Read<T>(string text)
        where T : class
    {
        try
        {
            return new PayloadSerializer().Deserialize<T>(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        }
        catch (PayloadInvalidException exception)
        {
            Secrets(exception.ToString()).ShouldBeFalse(exception.ToString());
            return null;
        }
    }

    private static Job Job(string parameters) =>
        new(
            "11111111-1111-1111-1111-111111111111",
            "222222222222",
            new JobData(
                new JobActionConfiguration(new JobConfiguration("deployer-dev-AnswerJob", parameters)),
                [new JobArtifact("Source", new JobArtifactLocation("S3", new JobS3Location("artifacts", "source.zip")))],
                new JobCredentials("AKIA", "secret", "token")
            )
        );

    private static PipelineHandlers Handlers(IAmazonCodePipeline pipeline)
    {
        var machines = Substitute.For<IAmazonStepFunctions>();
        machines
            .StartExecutionAsync(Arg.Any<StartExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(new StartExecutionResponse { ExecutionArn = Started });
        machines
            .DescribeExecutionAsync(Arg.Any<DescribeExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(new DescribeExecutionResponse { Status = ExecutionStatus.RUNNING });
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.DynamoDB.QueryAsync(default!, default).ReturnsForAnyArgs(new QueryResponse());
        aws.DynamoDB.GetItemAsync(default(string)!, default!, default, default).ReturnsForAnyArgs(new GetItemResponse());
        aws.StepFunctions.Returns(machines);
        aws.S3With(Arg.Any<AWSCredentials>())
            .Returns(call => new AmazonS3Client(
                call.Arg<AWSCredentials>(),
                new AwsConnection(call.Arg<AWSCredentials>(), "us-east-1", "http://aws.test", new Transport(new OneByte())).Configure(
                    new AmazonS3Config { ForcePathStyle = true, MaxErrorRetry = 0 }
                )
            ));
        var settings = new Settings(
            "dev",
            "table",
            "bucket",
            "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy",
            "",
            new HashSet<string>()
        );
        return new PipelineHandlers(
            aws,
            settings,
            new LedgerTable(aws, settings),
            new Executions(aws),
            null!,
            new Notifier(aws, settings, new LedgerTable(aws, settings)),
            new PipelineApproval(aws, null!, null!),
            new PipelinePlan(aws, new StepKindRegistry([])),
            new PipelineProgress(aws, settings, new LedgerTable(aws, settings))
        );
    }

    /// <summary>An S3 whose every object is one byte.</summary>
    private sealed class OneByte : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent([1]) });
    }
}
