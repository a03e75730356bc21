using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Tests.Places;

/// <summary>Looks for the stage of a pipeline that CodePipeline refuses.</summary>
public sealed class FailedStageTests
{
    private const string Pipeline = "orders-pipeline";
    private const string Id = "01234567-89ab-cdef-0123-456789abcdef";

    [Fact]
    public async Task A_look_that_is_denied_is_a_notice_of_the_report()
    {
        var denied = await Find("AccessDeniedException");

        denied.Stage.ShouldBeNull();
        var reading = new ExecutionReading(new DescribeExecutionResponse(), Record: null, Tasks: [], Spec: null, Outline: []);
        reading.Notices.ShouldBeEmpty();
        (reading with { FailedStage = denied }).Notices.ShouldBe([
            $"whether the pipeline {Pipeline} still shows the failure is not known: codepipeline:ListActionExecutions of its "
                + $"execution {Id} was denied",
        ]);
    }

    [Theory]
    [InlineData("PipelineNotFoundException")]
    [InlineData("PipelineExecutionNotFoundException")]
    public async Task What_does_not_exist_any_more_is_none(string error) =>
        (await Find(error)).ShouldBe(new FailedStage(Pipeline, Id, Stage: null));

    [Fact]
    public async Task Another_refusal_is_not_swallowed() =>
        (await Should.ThrowAsync<AmazonServiceException>(() => Find("ValidationException"))).ErrorCode.ShouldBe("ValidationException");

    private static async Task<FailedStage> Find(string error)
    {
        using var aws = new Refusing(error);
        using var tools = new AccountClients(
            InProcess.Connection(new BasicAWSCredentials("id", "key"), "us-east-1", aws),
            account: "222222222222"
        );
        var deployment = new ExecutionArn("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one");
        return (await FailedStage.Find(tools, Pipeline, Id, deployment)).ShouldNotBeNull();
    }

    /// <summary>Refuses every request, as a service of the protocol JSON 1.1 does.</summary>
    private sealed class Refusing(string error) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.BadRequest)
                {
                    Content = new StringContent($$"""{"__type":"{{error}}","message":"no"}""", Encoding.UTF8, "application/x-amz-json-1.1"),
                }
            );
    }
}
