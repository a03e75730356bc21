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

    [Theory]
    [InlineData("Deploy", true)]
    [InlineData("Source", false)]
    public async Task The_execution_that_has_come_to_the_stage_since_is_found_with_its_plan_that_waits(string firstStage, bool isRollback)
    {
        const string Taker = "fedcba98-7654-3210-fedc-ba9876543210";
        const string Plan = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:two";
        var failed = Action(Id, "Deploy", "Deploy", 1, "Failed", Deployment);
        var planned = Action(Taker, firstStage, "Plan", 2, "Succeeded", Plan);
        var approval = Action(Taker, "Deploy", "Approve", 3, "InProgress", null);
        using var aws = new Listing(request =>
            request.Contains(Id, StringComparison.Ordinal) ? [failed]
            : request.Contains(Taker, StringComparison.Ordinal) ? [approval, planned]
            : [approval, planned, failed]
        );

        var found = await Find(aws);

        found.ShouldBe(new FailedStage(Pipeline, Id, "Deploy") { TakenBy = new StageTaker(Taker, isRollback, Plan) });
        var reading = new ExecutionReading(new DescribeExecutionResponse(), Record: null, Tasks: [], Spec: null, Outline: []);
        string[] notices = isRollback
            ?
            [
                $"the pipeline {Pipeline} has begun to roll its stage Deploy back, by its execution {Taker}, whose plan {Plan} waits: "
                    + "'deployer approve' of it goes back to what was deployed before; reject it where the failed deployment is redriven",
            ]
            : [];
        (reading with { FailedStage = found }).Notices.ShouldBe(notices);
    }

    [Fact]
    public async Task A_stage_to_which_no_other_execution_has_come_is_taken_by_none()
    {
        var failed = Action(Id, "Deploy", "Deploy", 2, "Failed", Deployment);
        using var aws = new Listing(request =>
            request.Contains(Id, StringComparison.Ordinal) ? [failed] : [failed, Action("older", "Deploy", "Deploy", 1, "Succeeded", null)]
        );

        (await Find(aws)).ShouldBe(new FailedStage(Pipeline, Id, "Deploy"));
    }

    private const string Deployment = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one";

    private static string Action(string execution, string stage, string action, int at, string status, string? external) =>
        $$"""
            {"pipelineExecutionId":"{{execution}}","actionExecutionId":"{{action}}","stageName":"{{stage}}","actionName":"{{action}}",
            "startTime":{{at}},"status":"{{status}}","input":{"actionTypeId":{"category":"{{(
                action == "Approve" ? "Approval" : "Invoke"
            )}}","owner":"AWS","provider":"{{(action == "Approve" ? "Manual" : "Lambda")}}","version":"1"} },
            "output":{"executionResult":{ {{(external is null ? string.Empty : $"\"externalExecutionId\":\"{external}\"")}} } } }
            """;

    private static async Task<FailedStage> Find(string error)
    {
        using var aws = new Refusing(error);
        return await Find(aws);
    }

    private static async Task<FailedStage> Find(HttpMessageHandler aws)
    {
        using var tools = new AccountClients(
            InProcess.Connection(new BasicAWSCredentials("id", "key"), "us-east-1", aws),
            account: "222222222222"
        );
        return (await FailedStage.Find(tools, Pipeline, Id, new ExecutionArn(Deployment))).ShouldNotBeNull();
    }

    /// <summary>Lists executions of actions, by the text of the request.</summary>
    private sealed class Listing(Func<string, IReadOnlyList<string>> list) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var listed = list(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    $$"""{"actionExecutionDetails":[{{string.Join(',', listed)}}]}""",
                    Encoding.UTF8,
                    "application/x-amz-json-1.1"
                ),
            };
        }
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
