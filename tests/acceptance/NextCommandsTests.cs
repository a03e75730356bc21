using Amazon.CloudFormation.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;

namespace Deployer.Acceptance.Tests;

/// <summary>The next command that is printed of a service whose pipeline asks for approvals is run as it is printed.</summary>
public sealed class NextCommandsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public async ValueTask InitializeAsync() => _service = await ApprovedInPipeline.Write(_folder.Path);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_failed_deployment_of_a_pipeline_is_led_from_its_approval_to_the_retry_of_its_stage()
    {
        var waiting = await Rehearse();
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);

        var failed = await Paste(waiting, "--fault", "stack-rolls-back");
        (failed.ExitCode, failed.Report.Error).ShouldBe((1, nameof(StackFailedException)), failed.Terminal);
        var redriven = await Paste(failed);

        (redriven.ExitCode, redriven.Report.Verdict).ShouldBe((0, Verdict.Succeeded), redriven.Terminal);
        Words(redriven)
            .ShouldContain("Next The pipeline inventory-pipeline-dev still shows that the stage Deploy-dev has failed. A retry ");
        var (before, after) = await Retry(redriven);
        (before, after).ShouldBe((StageExecutionStatus.Failed, StageExecutionStatus.Succeeded));
        (await Rehearse()).Terminal.ShouldContain("0 of 1 steps have something to do");
    }

    /// <summary>Makes the printed request of the AWS CLI, to what the command below it serves; the stage before and after it.</summary>
    private async Task<(StageExecutionStatus Before, StageExecutionStatus After)> Retry(CommandResult redriven)
    {
        redriven.Terminal.ShouldContain($"deployer serve {_service} --state {State} > rehearsal.env &\n");
        var words = LastLine(redriven).Split(". ./rehearsal.env && aws codepipeline retry-stage-execution ")[1].Split(' ');
        var options = words.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        options.Count.ShouldBe(4);
        var request = new RetryStageExecutionRequest
        {
            PipelineName = options["--pipeline-name"],
            StageName = options["--stage-name"],
            PipelineExecutionId = options["--pipeline-execution-id"],
            RetryMode = new StageRetryMode(options["--retry-mode"]),
        };
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var before = await Status();
        await accounts.Tools.CodePipeline.RetryStageExecutionAsync(request, TestContext.Current.CancellationToken);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(30));
        return (before, await Status());

        async Task<StageExecutionStatus> Status() =>
            (
                await accounts.Tools.CodePipeline.GetPipelineStateAsync(
                    new GetPipelineStateRequest { Name = request.PipelineName },
                    TestContext.Current.CancellationToken
                )
            )
                .StageStates.Single(stage => stage.StageName == request.StageName)
                .LatestExecution.Status;
    }

    [Fact]
    public async Task A_plan_that_is_superseded_is_not_approved_and_the_newer_one_is()
    {
        var older = await Rehearse();
        var newer = await CommandLine.InProcess("deploy", _service, "--target", "dev", "--state", State);
        newer.ExitCode.ShouldBe(4, newer.Terminal);

        var superseded = await Paste(older);
        var approved = await Paste(newer);

        (superseded.ExitCode, superseded.Report.Error).ShouldBe((2, nameof(SupersededException)), superseded.Terminal);
        (approved.ExitCode, approved.Report.Verdict).ShouldBe((0, Verdict.Succeeded), approved.Terminal);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_deployed_any_more_is_made_again_by_the_pipeline_and_approved()
    {
        (await Paste(await Rehearse())).ExitCode.ShouldBe(0);
        await SmallService.Change(_service, "stacks/logs.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        var stale = await Rehearse();
        await using (var accounts = await SimulatedAccounts.OpenService(_service, State))
        {
            await accounts.Target.CloudFormation.UpdateStackAsync(
                new UpdateStackRequest
                {
                    StackName = "inventory-dev-logs",
                    TemplateBody = await File.ReadAllTextAsync(
                        Path.Combine(_service, "stacks", "logs.yaml"),
                        TestContext.Current.CancellationToken
                    ),
                },
                TestContext.Current.CancellationToken
            );
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        }

        var refused = await Paste(stale);
        (refused.ExitCode, refused.Report.Error).ShouldBe((1, nameof(PlanChangedException)), refused.Terminal);
        Words(refused).ShouldContain("The pipeline inventory-pipeline-dev makes another plan: retry all actions of the stage that failed ");
        var again = await Paste(refused);
        again.ExitCode.ShouldBe(4, again.Terminal);
        var approved = await Paste(again);

        (approved.ExitCode, approved.Report.Error).ShouldBe((0, null), approved.Terminal);
    }

    private Task<CommandResult> Rehearse() => CommandLine.InProcess("rehearse", _service, "--target", "dev", "--state", State);

    private static string Words(CommandResult result) =>
        string.Join(' ', result.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string LastLine(CommandResult result) =>
        result.Terminal.TrimEnd()[result.Terminal.LastIndexOf("\nNext", StringComparison.Ordinal)..].Split('\n')[^1].Trim();

    /// <summary>Runs the command that stands last, as it stands there.</summary>
    private static Task<CommandResult> Paste(CommandResult result, params string[] more)
    {
        var words = LastLine(result).Split(' ');
        words[0].ShouldEndWith("deployer", Case.Sensitive, LastLine(result));
        return CommandLine.InProcess([.. words.Skip(1), .. more]);
    }
}
