using System.Text;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Waits;
using Deployer.Tests.Fuzzing;
using NSubstitute;
using JobData = Deployer.Functions.Pipeline.JobData;

namespace Deployer.Functions.Tests.Fuzzing;

/// <summary>Whatever an event holds, it is read or refused by the serializer; nothing else is thrown by looking at it.</summary>
public sealed class EventFuzzTests
{
    private const string Started = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:started";
    private static readonly string[] Sources = ["aws.cloudformation", "aws.codebuild", "aws.states"];

    [Theory]
    [InlineData("""{"version":"0","id":"1","detail-type":"CloudFormation Stack Status Change","source":"aws.cloudformation","account":"111111111111","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{"stack-id":"arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1","status-details":{"status":"UPDATE_COMPLETE"}}}""")]
    [InlineData("""{"source":"aws.codebuild","account":"222222222222","region":"us-east-1","detail":{"build-id":"arn:aws:codebuild:us-east-1:222222222222:build/deployer-dev-ions:7a1b","build-status":"SUCCEEDED"}}""")]
    [InlineData("""{"source":"aws.states","account":"111111111111","region":"us-east-1","detail":{"executionArn":"arn:aws:states:us-east-1:111111111111:execution:datomic-inventory:1","status":"SUCCEEDED"}}""")]
    public Task Events_about_what_is_waited_for(string settled) => Fuzz.ForEachSeed(mutator =>
    {
        if (Read<SettledEvent>(mutator.Text(settled)) is { } read)
        {
            (read.Resource is null || Sources.Contains(read.Source)).ShouldBeTrue();
        }
    });

    [Fact]
    public async Task User_parameters_start_a_deployment_or_fail_the_job_with_what_is_wrong()
    {
        const string parameters = """{"service":"inventory","target":"dev","revision":"0a1b2c3d","steps":["group","ions"]}""";
        var refused = 0;
        await Fuzz.ForEachSeed(async mutator =>
        {
            var pipeline = Substitute.For<IAmazonCodePipeline>();
            await new PipelineHandlers(Aws(pipeline), new Settings("dev", "table", "bucket", "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy", "", new HashSet<string>()), null!, null!, null!)
                .AnswerJob(new JobEvent(Job(mutator.Text(parameters))), Substitute.For<ILambdaContext>());

            var failures = pipeline.ReceivedCalls().Select(call => call.GetArguments()[0]).OfType<PutJobFailureResultRequest>().ToList();
            failures.ShouldAllBe(failure => failure.FailureDetails.Type == FailureType.ConfigurationError && failure.FailureDetails.Message.Contains("UserParameters"));
            pipeline.ReceivedCalls().Count().ShouldBe(1);
            refused += failures.Count;
        });
        refused.ShouldBeInRange(1, Mutator.Cases - 1);
    }

    private static T? Read<T>(string text)
        where T : class
    {
        try
        {
            return new PayloadSerializer().Deserialize<T>(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        }
        catch (JsonSerializerException)
        {
            return null;
        }
    }

    private static Job Job(string parameters) => new(
        "11111111-1111-1111-1111-111111111111",
        "222222222222",
        new JobData(
            new JobActionConfiguration(new JobConfiguration("deployer-dev-AnswerJob", parameters)),
            [new JobArtifact("Source", new JobArtifactLocation("S3", new JobS3Location("artifacts", "source.zip")))],
            new JobCredentials("AKIA", "secret", "token")));

    private static IAws Aws(IAmazonCodePipeline pipeline)
    {
        var artifacts = Substitute.For<IAmazonS3>();
        artifacts.GetObjectAsync(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(_ => new GetObjectResponse { ResponseStream = new MemoryStream([1]) });
        var machines = Substitute.For<IAmazonStepFunctions>();
        machines.StartExecutionAsync(Arg.Any<StartExecutionRequest>(), Arg.Any<CancellationToken>()).Returns(new StartExecutionResponse { ExecutionArn = Started });
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(pipeline);
        aws.StepFunctions.Returns(machines);
        aws.S3With(default!).ReturnsForAnyArgs(artifacts);
        return aws;
    }
}
