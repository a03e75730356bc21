using System.Text.Json;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>A deployment that was stopped by an operator leaves nothing locked, and nobody waiting.</summary>
[Collection(nameof(ServedService))]
public sealed class StopTests(ServedService served)
{
    [Fact]
    public async Task A_deployment_of_a_pipeline_is_stopped_its_lock_is_free_and_its_end_is_reported_to_the_pipeline()
    {
        var held = await served.HoldTime();
        using var pipelines = served.Administrator.Open(
            (credentials, config) => new AmazonCodePipelineClient(credentials, config),
            new AmazonCodePipelineConfig()
        );
        await pipelines.StartPipelineExecutionAsync(
            new StartPipelineExecutionRequest { Name = "inventory-pipeline" },
            TestContext.Current.CancellationToken
        );
        var execution = await ExecutionOfPipeline(pipelines);

        var stopped = await served.Run("stop", execution, "--reason", "wrong branch");
        var again = await served.Run("stop", execution);
        var watched = await served.Run("watch", execution);
        await held.DisposeAsync();

        stopped.ExitCode.ShouldBe(0, stopped.Error + stopped.Output);
        stopped.Error.ShouldContain("the lock is free");
        stopped.Error.ShouldContain("the end was reported to the pipeline");
        stopped.Output.Words().ShouldContain("stopped by assumed-role/deployer-dev-operator/jane with deployer stop: wrong branch");
        stopped.Output.ShouldContain("the lock is free");
        stopped.Output.ShouldStartWith("- inventory to dev: stopped in ");
        watched.ExitCode.ShouldBe(1, watched.Error + watched.Output);
        watched.Output.ShouldStartWith("- inventory to dev: stopped in ");
        again.ExitCode.ShouldBe(2);
        again.Error.Words().ShouldContain("the execution has ended already, as ABORTED");
        var state = await pipelines.GetPipelineStateAsync(
            new GetPipelineStateRequest { Name = "inventory-pipeline" },
            TestContext.Current.CancellationToken
        );
        state.StageStates[1].ActionStates[0].LatestExecution.Status.ShouldBe(ActionExecutionStatus.Failed);
        state.StageStates[1].ActionStates[0].LatestExecution.ErrorDetails.Message.ShouldContain("wrong branch");

        var next = await served.Run("deploy", served.Folder, "--target", "dev");
        next.ExitCode.ShouldBe(0, next.Error);
    }

    /// <summary>What was asked for is done, whenever the answer comes; that it goes on by itself would be untrue.</summary>
    [Fact]
    public async Task Whoever_interrupts_a_stop_hears_that_it_was_stopped()
    {
        var held = await served.HoldTime();
        var detached = await served.Run("deploy", served.Folder, "--target", "dev", "--detach", "--json", "-");
        var execution = JsonDocument.Parse(detached.Output).RootElement.GetProperty("deployment").GetString()!;

        var (code, output, error) = await ServedAccounts.Interrupt(served.Start("stop", execution), "AWSStepFunctions.StopExecution");
        await held.DisposeAsync();

        (code, output).ShouldBe((130, string.Empty), error);
        error.Words().ShouldContain($"interrupted; {execution.Split(':')[^1]} has ended. To see how: ");
        error.TrimEnd().Split('\n')[^1].ShouldMatch($"^  [^ ]*deployer watch {execution}( --profile [^ ]+)?$");
        (await served.Run("watch", execution)).Output.ShouldStartWith("- inventory to dev: stopped in ");
    }

    [Fact]
    public async Task Whoever_interrupts_a_watch_after_the_end_hears_that_it_has_ended()
    {
        var deployed = await served.Run("deploy", served.Folder, "--target", "dev", "--json", "-");
        var execution = JsonDocument.Parse(deployed.Output).RootElement.GetProperty("deployment").GetString()!;

        var (code, output, error) = await ServedAccounts.Interrupt(
            served.Start("watch", execution, "--json", "-"),
            "DynamoDB_20120810.GetItem"
        );

        (code, output).ShouldBe((130, string.Empty), error);
        error.ShouldContain("execution succeeded");
        error.Words().ShouldContain($"interrupted; {execution.Split(':')[^1]} has ended. To see how: ");
    }

    [Fact]
    public async Task History_and_releases_say_what_ran_where_since_when_and_by_whom()
    {
        var deployed = await served.Run("deploy", served.Folder, "--target", "dev", "--json", "-");
        deployed.ExitCode.ShouldBe(0, deployed.Error);

        var history = await served.Run("history", served.Folder, "--target", "dev", "--most", "1", "--json", "-");
        var shown = await served.Run("history", served.Folder, "--target", "dev");
        var releases = await served.Run("releases", served.Folder, "--json", "-");
        var seen = await served.Run("releases", served.Folder);

        history.ExitCode.ShouldBe(0, history.Error);
        var newest = JsonDocument.Parse(history.Output).RootElement.GetProperty("deployments").EnumerateArray().ShouldHaveSingleItem();
        // Whether another test of the collection has deployed the same before decides what this one had to do.
        newest
            .GetProperty("verdict")
            .GetString()
            .ShouldBe(JsonDocument.Parse(deployed.Output).RootElement.GetProperty("verdict").GetString());
        newest.GetProperty("by").GetString().ShouldBe("assumed-role/deployer-dev-operator/jane with deployer deploy");
        shown.Output.Words().ShouldContain("deploy by assumed-role/deployer-dev-operator/jane with deployer deploy");
        shown.Output.ShouldContain("succeeded in ");
        releases.ExitCode.ShouldBe(0, releases.Error);
        var release = JsonDocument.Parse(releases.Output).RootElement.GetProperty("releases").EnumerateArray().ShouldHaveSingleItem();
        release.GetProperty("target").GetString().ShouldBe("dev");
        release.GetProperty("step").GetString().ShouldBe("group");
        release.GetProperty("resource").GetString().ShouldStartWith("arn:aws:cloudformation:us-east-1:111111111111:stack/inventory-dev/");
        release.GetProperty("since").GetDateTimeOffset().Year.ShouldBe(2040);
        seen.Output.ShouldStartWith("inventory on dev\n");
        seen.Output.Words().ShouldContain("by assumed-role/deployer-dev-operator/jane");
    }

    private static async Task<string> ExecutionOfPipeline(AmazonCodePipelineClient pipelines)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            var page = await pipelines.ListActionExecutionsAsync(
                new ListActionExecutionsRequest { PipelineName = "inventory-pipeline" },
                patience.Token
            );
            if (
                page.ActionExecutionDetails?.Find(action =>
                    action.Status == ActionExecutionStatus.InProgress
                    && action.Output?.ExecutionResult?.ExternalExecutionId?.StartsWith("arn:aws:states:", StringComparison.Ordinal) == true
                ) is
                { } deploying
            )
            {
                return deploying.Output.ExecutionResult.ExternalExecutionId;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), patience.Token);
        }
    }
}
