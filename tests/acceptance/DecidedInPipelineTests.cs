using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests;

/// <summary>Of a plan that a pipeline has made its manual approval decides, whoever asks and by whatever way.</summary>
public sealed class DecidedInPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_that_was_rejected_is_not_deployed_also_where_its_stage_is_retried_and_approved()
    {
        var waiting = await Waiting();

        var rejected = await Decide("reject", waiting, "--reason", "not today");
        var approved = await Decide("approve", waiting);
        var (deploy, stacks) = await RetryAndApprove();

        (rejected.ExitCode, rejected.Report.Verdict).ShouldBe((0, Verdict.Rejected), rejected.Terminal);
        approved.ExitCode.ShouldBe(2, approved.Terminal);
        approved.Report.Cause!.ShouldContain(" was rejected by root with deployer reject at ");
        approved.Report.Cause!.ShouldEndWith(": not today; make another plan");
        deploy.ShouldContain("was rejected by root with deployer reject");
        stacks.ShouldBe(0);
    }

    [Fact]
    public async Task A_plan_that_was_rejected_in_the_console_is_not_deployed_by_any_way()
    {
        var waiting = await Waiting();
        await using (var accounts = await Open())
        {
            await new ServicePipeline(() => accounts).Answer("Approve", approved: false);
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        }

        var approved = await Decide("approve", waiting);
        var (deploy, stacks) = await RetryAndApprove();

        (approved.ExitCode, approved.Report.Error).ShouldBe((2, "ApprovalNotWaiting"), approved.Terminal);
        approved.Report.Cause!.ShouldContain(
            " of the pipeline inventory-pipeline-dev, which alone decides about it, and its manual approval Approve "
                + "of the stage Deploy-dev was rejected by arn:aws:iam::222222222222:root"
        );
        deploy.ShouldContain(" was rejected by arn:aws:iam::222222222222:root in the execution ");
        stacks.ShouldBe(0);
    }

    /// <summary>
    /// Who may approve plans may write approvals, and an operator may start the state machine; neither may answer for the pipeline.
    /// </summary>
    [Fact]
    public async Task An_approval_that_is_written_past_the_pipeline_deploys_nothing()
    {
        var waiting = await Waiting();
        await using var accounts = await Open();
        var ledger = accounts.Tools.Ledger("dev");
        var plan = (await ledger.Read(PlanRecord.Key(new ExecutionArn(waiting.Report.Plan!.Plan).Deployment)))!;
        await ledger.Put(
            ApprovalRecord.Key(plan.Plan),
            new ApprovalRecord(plan.Plan, plan.Digest!, Approved: true, "the director", accounts.Rehearsal.World.Now)
        );
        var request = plan.Request with { Plan = plan.Plan.Value, AsksForApproval = false, Pipeline = null, PipelineExecution = null };

        var deployed = await accounts.Start(request.ToJson());

        deployed.Error.ShouldBe(nameof(ApprovalNeededException));
        deployed.Cause.ShouldContain($"nobody has approved plan {plan.Plan}");
        var pipeline = new ServicePipeline(() => accounts);
        await pipeline.Approve("Approve");
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(30));
        (await pipeline.Status((await pipeline.Executions())[0])).ShouldBe("Succeeded");
        (await ledger.Read(ApprovalRecord.KeyOfPipeline(plan.Plan)))!.By.ShouldBe("arn:aws:iam::222222222222:root");
    }

    [Fact]
    public async Task An_approval_of_a_pipeline_that_was_stopped_is_said_to_be_abandoned()
    {
        var waiting = await Waiting();
        await using (var accounts = await Open())
        {
            var pipeline = new ServicePipeline(() => accounts);
            await pipeline.Stop((await pipeline.Executions())[0], abandon: true);
        }

        var approved = await Decide("approve", waiting);

        (approved.ExitCode, approved.Report.Error).ShouldBe((2, "ApprovalNotWaiting"), approved.Terminal);
        approved.Report.Cause!.ShouldEndWith(
            " Approve of the stage Deploy-dev was abandoned, since the execution was stopped; start the pipeline again"
        );
    }

    /// <summary>Nobody waits for an approval that cannot come: an invoke action would do so for up to 24 hours.</summary>
    [Fact]
    public async Task A_deploy_action_with_a_plan_in_a_pipeline_without_a_manual_approval_fails_at_once()
    {
        _service = await ApprovedInPipeline.Write(_folder.Path);
        await using var accounts = await Open();
        var pipeline = new ServicePipeline(() => accounts);
        await pipeline.Change(declaration =>
            declaration
                .Stages.Single(stage => stage.Name == ServicePipeline.Stage)
                .Actions.RemoveAll(action => action.Name == "Approve")
                .ShouldBe(1)
        );
        await accounts.Publish();

        var execution = await pipeline.Start();
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));

        (await pipeline.Status(execution)).ShouldBe("Failed");
        var actions = await pipeline.Actions(execution);
        actions.Select(action => $"{action.ActionName} {action.Status}").ShouldBe(["Deploy Failed", "Plan Succeeded", "Source Succeeded"]);
        actions[0]
            .Output.ExecutionResult.ErrorDetails.Message.ShouldContain(
                $"{nameof(ApprovalNeededException)}: no manual approval of the execution {execution} of the pipeline "
                    + "inventory-pipeline-dev has succeeded after plan "
            );
        (actions[0].LastUpdateTime!.Value - actions[0].StartTime!.Value).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        (await accounts.Rehearsal.Executions()).ShouldNotContain(started => started.MachineName == "deployer-dev-deploy");
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_superseded_plan_is_refused_before_the_approval_of_the_pipeline_is_used_up()
    {
        var waiting = await Waiting();
        var newer = await CommandLine.InProcess("deploy", _service, "--target", "dev", "--rehearsed", State);

        var approved = await Decide("approve", waiting);
        var rejected = await Decide("reject", waiting);

        newer.ExitCode.ShouldBe(4, newer.Terminal);
        (approved.ExitCode, approved.Report.Error).ShouldBe((2, nameof(SupersededException)), approved.Terminal);
        (rejected.ExitCode, rejected.Report.Verdict).ShouldBe((0, Verdict.Rejected), "the pipeline has waited on: " + rejected.Terminal);
    }

    [Fact]
    public async Task A_plan_that_was_deployed_is_shown_with_its_deployment()
    {
        var waiting = await Waiting();
        var approved = await Decide("approve", waiting);

        var again = await Decide("approve", waiting);
        var rejected = await Decide("reject", waiting);

        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        (again.ExitCode, again.Report.Deployment).ShouldBe((0, approved.Report.Deployment), again.Terminal);
        (rejected.ExitCode, rejected.Report.Error).ShouldBe((2, "ApprovalNotWaiting"), rejected.Terminal);
        rejected.Report.Cause!.ShouldContain(" was approved by arn:aws:iam::222222222222:root");
    }

    [Fact]
    public async Task People_of_a_schedule_approve_in_the_pipeline_while_it_waits()
    {
        var approved = await Rehearse("- { who: alice, when: { at: 10m }, do: { approve: { reason: reviewed } } }");

        (approved.ExitCode, approved.Report.Verdict).ShouldBe((0, Verdict.Succeeded), approved.Terminal);
        approved.Report.Plan!.ApprovedBy.ShouldBe("arn:aws:sts::222222222222:assumed-role/person-alice/alice");
        var act = approved.Report.People!.ShouldHaveSingleItem();
        act.Outcome.ShouldBe(ActOutcome.Done);
        act.Requests.ShouldContain(request => request.Operation == "codepipeline:PutApprovalResult" && request.Answer == "OK");
        act.Requests.ShouldNotContain(request => request.Operation == "states:StartExecution");
        approved.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task People_of_a_schedule_reject_in_the_pipeline_while_it_waits()
    {
        var rejected = await Rehearse("- { who: alice, when: { at: 10m }, do: { reject: { reason: not today } } }");

        (rejected.ExitCode, rejected.Report.Verdict).ShouldBe((1, Verdict.Rejected), rejected.Terminal);
        rejected.Report.People!.ShouldHaveSingleItem().Outcome.ShouldBe(ActOutcome.Done);
        rejected.Count("ExecuteChangeSet").ShouldBe(0);
    }

    [Fact]
    public async Task Who_may_not_answer_the_approval_of_the_pipeline_is_told_what_it_takes()
    {
        var waiting = await Rehearse("- { who: eve, when: { at: 10m }, do: approve }");

        (waiting.ExitCode, waiting.Report.Verdict).ShouldBe((4, Verdict.WaitingForApproval), waiting.Terminal);
        var act = waiting.Report.People!.ShouldHaveSingleItem();
        act.Outcome.ShouldBe(ActOutcome.Refused);
        act.Problem!.ShouldContain("waits in the pipeline inventory-pipeline-dev, and ");
        act.Problem!.ShouldEndWith(
            " was denied; expected credentials that may call codepipeline:ListActionExecutions, codepipeline:GetPipelineState and "
                + "codepipeline:PutApprovalResult of it"
        );
    }

    private async Task<CommandResult> Waiting()
    {
        _service = await ApprovedInPipeline.Write(_folder.Path);
        var waiting = await CommandLine.InProcess("rehearse", _service, "--target", "dev", "--state", State);
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        return waiting;
    }

    private async Task<CommandResult> Rehearse(string act)
    {
        _service = await ApprovedInPipeline.Write(_folder.Path);
        var file = await Scheduled.Write(
            _folder.Path,
            $$"""
            people: { alice: , eve: { may: [ "dynamodb:GetItem" ] } }
            schedule:
              {{act}}

            """
        );
        return await CommandLine.InProcess("rehearse", _service, "--target", "dev", "--state", State, "--schedule", file);
    }

    private Task<CommandResult> Decide(string verb, CommandResult waiting, params string[] options) =>
        CommandLine.InProcess([verb, waiting.Report.Plan!.Plan, "--rehearsed", State, .. options]);

    private Task<SimulatedAccounts> Open() => SimulatedAccounts.OpenService(_service, State);

    /// <summary>Retries the stage of the pipeline and approves there.</summary>
    /// <returns>What the deploy action has failed with, and how many of the service's stacks there are.</returns>
    private async Task<(string Deploy, int Stacks)> RetryAndApprove()
    {
        await using var accounts = await Open();
        var pipeline = new ServicePipeline(() => accounts);
        var execution = (await pipeline.Executions())[0];
        await pipeline.Retry(execution);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        await pipeline.Approve("Approve");
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(30));
        var deploy = (await pipeline.Actions(execution)).First(action => action.ActionName == "Deploy");
        deploy.Status.Value.ShouldBe("Failed");
        var stacks = await accounts.Call<Amazon.CloudFormation.Model.ListStacksResponse>(
            new Amazon.CloudFormation.Model.ListStacksRequest { StackStatusFilter = ["CREATE_COMPLETE"] }
        );
        return (
            deploy.Output.ExecutionResult.ErrorDetails.Message,
            (stacks.StackSummaries ?? []).Count(stack => stack.StackName == "inventory-dev-logs")
        );
    }
}
