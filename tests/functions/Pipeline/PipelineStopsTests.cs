using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.Extensions;

namespace Deployer.Functions.Tests.Pipeline;

public sealed class PipelineStopsTests : IAsyncLifetime
{
    private const string Execution = "3137f7cb-7cf7-4321-8ae1-57fb2ab2a0cc";

    private Desk _desk = null!;
    private PipelineStops _stops = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _stops = new PipelineStops(_desk.Ledger, _desk.Lock, _desk.Executions);
        await _desk.Lock.TakeOrWait(await Open("works", Execution), 0, "token-1");
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData("STOPPING")]
    [InlineData("STOPPED")]
    public async Task A_deployment_of_the_execution_that_waits_for_the_lock_waits_no_longer(string state)
    {
        await _desk.Lock.TakeOrWait(await Open("waits", Execution), 0, "token-2");

        (await _stops.EndWaits(Event(state))).ShouldBe([new("waits")]);
        await Should.ThrowAsync<NotYetException>(_stops.EndWaits(Event(state)), "its execution has not ended yet");
        _desk.Close("waits", ExecutionStatus.FAILED);
        (await _stops.EndWaits(Event(state))).ShouldBeEmpty();

        _desk.Answers.ShouldBe(["PipelineStoppedException token-2"]);
        (await _desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("works"));
    }

    [Theory]
    [InlineData("STOPPING", "inventory-pipeline", "another")]
    [InlineData("STOPPING", "orders-pipeline", Execution)]
    [InlineData("SUCCEEDED", "inventory-pipeline", Execution)]
    [InlineData("STARTED", "inventory-pipeline", Execution)]
    public async Task Others_wait_on(string state, string pipeline, string execution)
    {
        await _desk.Lock.TakeOrWait(await Open("waits", Execution), 0, "token-2");

        (await _stops.EndWaits(Event(state, pipeline, execution))).ShouldBeEmpty();

        _desk.Answers.ShouldBeEmpty();
        (await _desk.ReadLock())!.Waiter!.Deployment.ShouldBe(new("waits"));
    }

    [Fact]
    public async Task What_has_no_place_in_the_line_yet_is_looked_at_again()
    {
        await Open("begins", Execution);

        (await Should.ThrowAsync<NotYetException>(_stops.EndWaits(Event("STOPPED")))).Message.ShouldBe(
            "the pipeline inventory-pipeline was stopped, and the deployment begins begins only now"
        );
    }

    [Fact]
    public async Task One_whose_task_has_just_timed_out_is_looked_at_again()
    {
        await _desk.Lock.TakeOrWait(await Open("waits", Execution), 0, "token-2");
        _desk
            .StepFunctions.Configure()
            .SendTaskFailureAsync(Arg.Any<SendTaskFailureRequest>(), Arg.Any<CancellationToken>())
            .Returns<SendTaskFailureResponse>(_ => throw new TaskTimedOutException("timed out"));

        await Should.ThrowAsync<NotYetException>(_stops.EndWaits(Event("STOPPED")));
    }

    [Theory]
    [InlineData("aws.codepipeline", """{ "pipeline": "p", "execution-id": "e", "state": "STOPPED" }""", true)]
    [InlineData("aws.codepipeline", """{ "pipeline": "p", "execution-id": "e", "state": "FAILED" }""", false)]
    [InlineData("aws.codepipeline", """{ "pipeline": 1 }""", false)]
    [InlineData("aws.codepipeline", """{ "state": "STOPPED" }""", false)]
    [InlineData("aws.codepipeline", "[]", false)]
    [InlineData("aws.states", """{ "pipeline": "p", "execution-id": "e", "state": "STOPPED" }""", false)]
    public void What_is_no_stop_of_a_pipeline_is_none(string source, string detail, bool isStop) =>
        PipelineStops.Concerns(new SettledEvent(source, JsonElement.Parse(detail))).ShouldBe(isStop);

    private async Task<DeploymentRecord> Open(string name, string execution)
    {
        var deployment = await _desk.Deployment(name);
        var asked = deployment with { Pipeline = "inventory-pipeline", PipelineExecution = execution };
        await _desk.Ledger.Put(DeploymentRecord.Key(asked.Deployment), asked);
        await _desk.Ledger.Put(OpenDeployment.Key(asked.Deployment), new OpenDeployment(asked.Deployment, asked.Execution));
        return asked;
    }

    private static SettledEvent Event(string state, string pipeline = "inventory-pipeline", string execution = Execution) =>
        new(
            "aws.codepipeline",
            JsonSerializer.SerializeToElement(
                new Dictionary<string, object>
                {
                    ["pipeline"] = pipeline,
                    ["execution-id"] = execution,
                    ["state"] = state,
                    ["version"] = 1,
                }
            )
        );
}
