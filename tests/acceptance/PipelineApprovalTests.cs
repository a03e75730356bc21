using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A pipeline that plans, waits for a manual approval, and deploys what was approved.</summary>
public sealed class ApprovedInPipeline : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public CommandResult Waiting { get; private set; } = null!;

    public string? Message { get; private set; }

    /// <summary>A second run of the pipeline, while the first waits.</summary>
    public CommandResult Behind { get; private set; } = null!;

    /// <summary>Whether the pipeline had as many runs after it as before.</summary>
    public (int Before, int After) Runs { get; private set; }

    public CommandResult OtherDigest { get; private set; } = null!;

    public CommandResult OtherDigestRejected { get; private set; } = null!;

    public CommandResult Approved { get; private set; } = null!;

    public CommandResult Unchanged { get; private set; } = null!;

    /// <summary>What the action of a plan that needs no approval shows, and the approval after it.</summary>
    public (string? Action, string? Approval) Shown { get; private set; }

    public CommandResult ApprovedUnchanged { get; private set; } = null!;

    public CommandResult WaitingAgain { get; private set; } = null!;

    public CommandResult Rejected { get; private set; } = null!;

    public IReadOnlyList<string> AfterRejection { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _service = await Write(_folder.Path);
        Waiting = await Rehearse();
        Message = await ShownMessage();
        var before = await CountRuns();
        Behind = await Rehearse();
        Runs = (before, await CountRuns());
        OtherDigest = await Decide("approve", Waiting, "--digest", "0123");
        OtherDigestRejected = await Decide("reject", Waiting, "--digest", "0123");
        Approved = await Decide("approve", Waiting);
        Unchanged = await Rehearse();
        Shown = (await ShownByPlan(), await ShownMessage());
        ApprovedUnchanged = await Decide("approve", Unchanged);
        await Logs(_service, 3);
        WaitingAgain = await Rehearse();
        Rejected = await Decide("reject", WaitingAgain);
        AfterRejection = await Actions();
    }

    /// <summary>Writes a service with one stack, whose target and pipeline need an approval.</summary>
    /// <returns>Its folder.</returns>
    public static async Task<string> Write(string folder)
    {
        var service = CommandLine.CopyInventory(folder);
        await SmallService.WriteAlone(
            service,
            """
              logs:
                stack: inventory-${target}-logs
                template: stacks/logs.yaml
            """
        );
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, values", "region: us-east-1, approval: true, values");
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "      FirstStage: \"${stage}\"",
            "      FirstApproval: \"true\"\n      FirstStage: \"${stage}\""
        );
        await Logs(service, 1);
        return service;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<CommandResult> Rehearse() => CommandLine.InProcess("rehearse", _service, "--target", "dev", "--state", State);

    private Task<CommandResult> Decide(string verb, CommandResult waiting, params string[] options) =>
        CommandLine.InProcess([verb, waiting.Report.Plan!.Plan, "--rehearsed", State, .. options]);

    private static Task Logs(string service, int days) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "logs.yaml"),
            "Resources: { Orders: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: inventory-dev-orders, "
                + $"RetentionInDays: {days} }} }} }}\n"
        );

    private async Task<string?> ShownMessage()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        return (await accounts.Rehearsal.WaitingApproval("222222222222", "us-east-1", "inventory-pipeline-dev"))?.Message;
    }

    private async Task<string?> ShownByPlan()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var listed = await accounts.InTools<ListActionExecutionsResponse>(
            new ListActionExecutionsRequest { PipelineName = "inventory-pipeline-dev" }
        );
        return listed.ActionExecutionDetails.First(action => action.ActionName == "Plan").Output.ExecutionResult.ExternalExecutionSummary;
    }

    private async Task<int> CountRuns()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var listed = await accounts.InTools<ListPipelineExecutionsResponse>(
            new ListPipelineExecutionsRequest { PipelineName = "inventory-pipeline-dev" }
        );
        return listed.PipelineExecutionSummaries.Count;
    }

    private async Task<IReadOnlyList<string>> Actions()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var listed = await accounts.InTools<ListActionExecutionsResponse>(
            new ListActionExecutionsRequest { PipelineName = "inventory-pipeline-dev", MaxResults = 3 }
        );
        return [.. listed.ActionExecutionDetails.Select(action => $"{action.ActionName} {action.Status}")];
    }
}

public sealed class PipelineApprovalTests(ApprovedInPipeline pipeline) : IClassFixture<ApprovedInPipeline>
{
    [Fact]
    public void A_decision_about_another_digest_is_refused()
    {
        foreach (var refused in new[] { pipeline.OtherDigest, pipeline.OtherDigestRejected })
        {
            refused.ExitCode.ShouldBe(2, refused.Terminal);
            refused.Report.Error.ShouldBe("DigestDiffers");
        }
    }

    [Fact]
    public void The_pipeline_waits_with_the_plan_in_the_message_of_its_approval()
    {
        pipeline.Waiting.ExitCode.ShouldBe(4, pipeline.Waiting.Terminal);
        var plan = pipeline.Waiting.Report.Plan.ShouldNotBeNull();
        pipeline.Message.ShouldBe(
            "inventory to dev: 1 of 1 steps have something to do; logs: create inventory-dev-logs; digest " + plan.Digest
        );
        pipeline.Waiting.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void A_second_run_behind_an_approval_that_waits_is_refused_and_starts_nothing()
    {
        pipeline.Behind.ExitCode.ShouldBe(2, pipeline.Behind.Terminal);
        (pipeline.Behind.Report.Verdict, pipeline.Behind.Report.Error).ShouldBe((Verdict.Invalid, "ApprovalWaits"));
        pipeline.Behind.Report.Cause.ShouldBe(
            $"the pipeline inventory-pipeline-dev waits until somebody decides about plan {pipeline.Waiting.Report.Plan!.Plan}, and "
                + "another run would wait behind it; expected 'deployer approve' or 'deployer reject' of that plan first"
        );
        pipeline.Runs.ShouldBe((1, 1));
    }

    [Fact]
    public void What_was_approved_in_the_pipeline_is_deployed_in_the_name_of_who_approved_it()
    {
        pipeline.Approved.ExitCode.ShouldBe(0, pipeline.Approved.Terminal);
        pipeline.Approved.Report.Verdict.ShouldBe(Verdict.Succeeded);
        pipeline.Approved.Report.Pipeline!.Job.ShouldBe("succeeded");
        var plan = pipeline.Approved.Report.Plan.ShouldNotBeNull();
        plan.Plan.ShouldBe(pipeline.Waiting.Report.Plan!.Plan);
        plan.Digest.ShouldBe(pipeline.Waiting.Report.Plan.Digest);
        plan.ApprovedBy.ShouldBe("arn:aws:iam::222222222222:root");
        pipeline.Approved.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void Who_has_approved_a_plan_with_nothing_to_do_is_named_too()
    {
        pipeline.Unchanged.Report.Plan!.NeedsApproval.ShouldBeEmpty();
        pipeline.ApprovedUnchanged.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        pipeline.ApprovedUnchanged.Report.Plan!.ApprovedBy.ShouldBe("arn:aws:iam::222222222222:root");
    }

    [Fact]
    public void A_plan_that_needs_no_approval_says_so_in_what_the_action_and_the_approval_show()
    {
        const string Words = "inventory to dev: 0 of 1 steps have something to do; needs no approval";
        pipeline.Shown.ShouldBe((Words, $"{Words}; digest {pipeline.Unchanged.Report.Plan!.Digest}"));
        pipeline.Message.ShouldNotBeNull().ShouldNotContain("needs no approval");
    }

    [Fact]
    public void What_was_rejected_is_not_deployed()
    {
        pipeline.WaitingAgain.ExitCode.ShouldBe(4);
        pipeline.Rejected.ExitCode.ShouldBe(0, pipeline.Rejected.Terminal);
        pipeline.Rejected.ShouldChangeNothing();
        pipeline.AfterRejection.ShouldBe(["Approve Failed", "Plan Succeeded", "Source Succeeded"]);
    }
}
