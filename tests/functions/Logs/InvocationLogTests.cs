using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Logs;
using Deployer.Functions.Stacks;
using NSubstitute;

namespace Deployer.Functions.Tests.Logs;

public sealed class InvocationLogTests
{
    private readonly List<string> _lines = [];
    private readonly ILambdaContext _context = Substitute.For<ILambdaContext>();

    public InvocationLogTests()
    {
        _context.AwsRequestId.Returns("c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
        _context.FunctionName.Returns("deployer-dev-UpdateStack");
        _context.InvokedFunctionArn.Returns("arn:aws:lambda:us-east-1:222222222222:function:deployer-dev-UpdateStack");
        _context.Logger.When(logger => logger.LogLine(Arg.Any<string>())).Do(call => _lines.Add(call.Arg<string>()));
    }

    [Fact]
    public async Task A_line_has_the_request_the_deployment_the_step_and_the_account()
    {
        var scope = new LogScope(new("inventory-dev-1"), "network", "stack");

        var done = await _context.Logged(scope, () => Task.FromResult(7), n => $"did {n}");

        done.ShouldBe(7);
        var line = Line();
        line.ToJsonString()
            .ShouldBe(
                "{\"level\":\"INFO\",\"requestId\":\"c6af9ac6-7b61-11e6-9a41-93e8deadbeef\",\"function\":\"deployer-dev-UpdateStack\","
                    + "\"deployment\":\"inventory-dev-1\",\"step\":\"network\",\"task\":\"stack\",\"account\":\"222222222222\","
                    + "\"message\":\"did 7\"}"
            );
    }

    [Fact]
    public async Task A_failure_is_a_line_with_its_cause_and_is_thrown_on()
    {
        await Should.ThrowAsync<StackFailedException>(
            _context.Logged<int>(new LogScope(new("inventory-dev-1")), () => throw new StackFailedException("it\nrolled back"))
        );

        var line = Line();
        ((string?)line["level"], (string?)line["message"]).ShouldBe(("ERROR", "StackFailedException: it\nrolled back"));
        _lines[0].ShouldNotContain("\n");
        line.ContainsKey("step").ShouldBeFalse();
    }

    [Theory]
    [InlineData("SUCCEEDED", 1, 0)]
    [InlineData("FAILED", 0, 1)]
    [InlineData("TIMED_OUT", 0, 1)]
    [InlineData("ABORTED", 0, 1)]
    public void The_end_of_a_deployment_is_counted_and_timed_as_CloudWatch_reads_it(string status, int succeeded, int failed)
    {
        _context.WriteMetrics(Ended(status) with { StartDate = 1_000, StopDate = 61_000 });

        var line = Line();
        var metrics = line["_aws"]!["CloudWatchMetrics"]![0]!;
        ((long)line["_aws"]!["Timestamp"]!).ShouldBe(61_000);
        ((string?)metrics["Namespace"], (string?)metrics["Dimensions"]![0]![0]).ShouldBe(("Deployer", "StateMachine"));
        metrics["Metrics"]!
            .AsArray()
            .Select(metric => $"{metric!["Name"]} {metric["Unit"]}")
            .ShouldBe(["DeploymentsSucceeded Count", "DeploymentsFailed Count", "DeploymentDuration Milliseconds"]);
        ((long)line["DeploymentsSucceeded"]!, (long)line["DeploymentsFailed"]!, (long)line["DeploymentDuration"]!).ShouldBe(
            (succeeded, failed, 60_000)
        );
        ((string?)line["StateMachine"], (string?)line["deployment"]).ShouldBe(("deployer-dev-deploy", "inventory-dev-1"));
    }

    [Fact]
    public void An_execution_that_runs_or_whose_event_lacks_its_times_is_not_counted()
    {
        _context.WriteMetrics(Ended("RUNNING") with { StartDate = 1_000, StopDate = 61_000 });
        _context.WriteMetrics(Ended("SUCCEEDED"));

        _lines.ShouldBeEmpty();
    }

    private static ExecutionStatusDetail Ended(string status) =>
        new(new ExecutionArn("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1"), status);

    private JsonObject Line() => JsonNode.Parse(_lines.ShouldHaveSingleItem())!.AsObject();
}
