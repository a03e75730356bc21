using System.Text;
using Amazon.StepFunctions;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal.Wire;

namespace Deployer.Cli.Tests.Places;

public sealed class NamedExecutionsTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one";

    [Theory]
    [InlineData("""{"service":"inventory","target":"dev","instance":"x"}""", "x")]
    [InlineData("""{"service":"inventory","target":"dev"}""", null)]
    [InlineData("[]", null)]
    public async Task The_instance_is_the_one_that_the_execution_was_started_for(string input, string? instance) =>
        (await On(new Answers(200, $$"""{"input":{{Quoted(input)}}}""")).InstanceOf(Execution)).ShouldBe(instance);

    [Fact]
    public async Task An_execution_that_does_not_exist_has_none_and_the_redrive_says_so()
    {
        var executions = On(new Answers(400, """{"__type":"ExecutionDoesNotExist","message":"there is none"}"""));

        (await executions.InstanceOf(Execution)).ShouldBeNull();
        var refused = await Should.ThrowAsync<InvalidInputException>(executions.Redrive(Execution));
        (refused.Error, refused.Message).ShouldBe(("ExecutionDoesNotExist", "there is none"));
    }

    [Fact]
    public async Task What_is_no_ARN_is_refused()
    {
        var executions = On(new Answers(400, """{"__type":"InvalidArn","message":"Invalid Arn"}"""));

        (await Should.ThrowAsync<InvalidInputException>(executions.InstanceOf(Execution))).Error.ShouldBe("InvalidArn");
        (await Should.ThrowAsync<InvalidInputException>(executions.Redrive(Execution))).Error.ShouldBe("InvalidArn");
    }

    [Fact]
    public async Task Whatever_else_goes_wrong_is_neither_swallowed_nor_blamed_on_the_person()
    {
        var executions = On(new Answers(400, """{"__type":"AccessDeniedException","message":"no"}"""));

        (await Should.ThrowAsync<AmazonStepFunctionsException>(executions.InstanceOf(Execution))).ErrorCode.ShouldBe(
            "AccessDeniedException"
        );
        (await Should.ThrowAsync<AmazonStepFunctionsException>(executions.Redrive(Execution))).ErrorCode.ShouldBe("AccessDeniedException");
    }

    private static NamedExecutions On(IWireEndpoint endpoint) => new(InProcess.Clients(endpoint, "222222222222", "us-east-1"));

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Answers every request with the same.</summary>
    private sealed class Answers(int status, string body) : IWireEndpoint
    {
        public Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default) =>
            Task.FromResult(
                new WireResponse(
                    status,
                    new Dictionary<string, string> { ["Content-Type"] = "application/x-amz-json-1.0" },
                    Encoding.UTF8.GetBytes(body)
                )
            );
    }
}
