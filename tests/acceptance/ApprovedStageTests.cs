using Amazon.CloudWatchLogs.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Stages with plans and approvals that are retried or rolled back, by hand or by themselves.
/// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html,
/// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
/// </summary>
public sealed class ApprovedStageTests : IAsyncLifetime
{
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromMinutes(15);

    private readonly TemporaryFolder _folder = new();
    private readonly ServicePipeline _pipeline;
    private SimulatedAccounts? _accounts;
    private string _service = null!;

    public ApprovedStageTests() => _pipeline = new ServicePipeline(() => _accounts!);

    private SimulatedAccounts Accounts => _accounts!;

    public async ValueTask InitializeAsync() => _service = await ApprovedInPipeline.Write(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await Close();
        _folder.Dispose();
    }

    [Fact]
    public async Task Failed_actions_that_are_retried_by_themselves_change_nothing_more_and_name_the_deployment_to_redrive()
    {
        await Open("stack-rolls-back");
        await Declare(stage => stage.OnFailure = Retried(StageRetryMode.FAILED_ACTIONS));
        var run = await StartAndApprove();

        (await _pipeline.Status(run)).ShouldBe("Failed");
        var tries = await Tries(run);
        tries.Count.ShouldBe(2, "the stage is tried once more");
        var failed = tries[1].Output.ExecutionResult.ExternalExecutionId;
        tries[1].Output.ExecutionResult.ErrorDetails.Message.ShouldStartWith("StackFailedException: ");
        tries[0]
            .Output.ExecutionResult.ErrorDetails.Message.ShouldContain(
                $"is deployed by the deployment {new ExecutionArn(failed).Deployment} already, which has failed: redrive that one; what "
                    + "the plan looked at is other since, and nothing more was deployed"
            );
        (await Accounts.Leftovers()).ShouldBe((0, 0));

        await Open();
        (await Accounts.Redrive(failed)).Verdict.ShouldBe(Verdict.Succeeded);
        await _pipeline.Retry(run);
        await Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(3));

        (await _pipeline.Status(run)).ShouldBe("Succeeded");
        (await _pipeline.DeployAction()).ExternalExecutionId.ShouldBe(failed);
        (await Days()).ShouldBe(1);
    }

    [Fact]
    public async Task A_stage_whose_actions_are_all_retried_by_themselves_makes_another_plan_which_waits_for_another_approval()
    {
        await Open("stack-rolls-back");
        await Declare(stage => stage.OnFailure = Retried(StageRetryMode.ALL_ACTIONS));
        var run = await StartAndApprove();
        (await _pipeline.Status(run)).ShouldBe("InProgress", "nothing of the second plan is deployed before somebody approves it");
        (await Days()).ShouldBeNull();

        await Open();
        await _pipeline.Approve("Approve");
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(run)).ShouldBe("Succeeded");
        var plans = (await _pipeline.Actions(run)).Where(action => action.ActionName == "Plan").Select(PlanOf).ToList();
        plans.Distinct().Count().ShouldBe(2);
        (await Deployment((await Tries(run))[0])).Plan.ShouldBe(plans[0]);
        (await Days()).ShouldBe(1);
        (await Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_stage_that_is_rolled_back_by_itself_plans_what_was_deployed_before_and_waits_for_an_approval()
    {
        await Open();
        await Declare(stage => stage.OnFailure = new FailureConditions { Result = Result.ROLLBACK });
        await StartAndApprove();
        await Change(1, 3);
        await Open("stack-rolls-back");
        await Accounts.Publish();
        var failed = await StartAndApprove();
        (await _pipeline.Status(failed)).ShouldBe("Failed");
        var rollback = (await _pipeline.Executions())[0];
        rollback.ShouldNotBe(failed);
        (await _pipeline.Status(rollback)).ShouldBe("InProgress", "it waits");

        await Open();
        await _pipeline.Approve("Approve");
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(rollback)).ShouldBe("Succeeded");
        (await Days()).ShouldBe(1);
        (await Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_stage_that_is_rolled_back_by_hand_deploys_the_earlier_source_by_a_plan_and_an_approval_of_its_own()
    {
        await Open();
        await Declare(_ => { });
        var first = await StartAndApprove();
        await Change(1, 3);
        await Open();
        await Accounts.Publish();
        await StartAndApprove();
        (await Days()).ShouldBe(3);

        var rollback = await _pipeline.Rollback(first);
        await Accounts.Rehearsal.Pass(ToTheEnd);
        (await Days()).ShouldBe(3, "nobody has approved it");
        (await _pipeline.Approve("Approve")).ShouldBe(rollback);
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(rollback)).ShouldBe("Succeeded");
        var (before, again) = (await Deployment((await Tries(first))[0]), await Deployment((await Tries(rollback))[0]));
        (again.Revision, again.ApprovedBy).ShouldBe((before.Revision, "arn:aws:iam::222222222222:root"));
        again.Plan.ShouldNotBe(before.Plan);
        (await Days()).ShouldBe(1);
    }

    /// <summary>
    /// A stage without the plan's action names the plan of the execution to which it is rolled back, whose variables it has. That plan was
    /// deployed, and is not any more.
    /// </summary>
    [Fact]
    public async Task A_plan_that_is_not_deployed_any_more_is_no_success_of_the_stage_that_is_rolled_back_to_it()
    {
        await Open();
        await _pipeline.Change(declaration =>
        {
            var deploy = Stage(declaration);
            var plan = deploy.Actions.Single(action => action.Name == "Plan");
            deploy.Actions.Remove(plan);
            declaration.Stages.Insert(1, new StageDeclaration { Name = "Plan", Actions = [plan] });
        });
        await Accounts.Publish();
        var first = await StartAndApprove();
        await Change(1, 3);
        await Open();
        await Accounts.Publish();
        await StartAndApprove();

        var rollback = await _pipeline.Rollback(first);
        await Accounts.Rehearsal.Pass(ToTheEnd);
        await _pipeline.Approve("Approve");
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(rollback)).ShouldBe("Failed");
        (await Tries(rollback))[0]
            .Output.ExecutionResult.ErrorDetails.Message.ShouldContain(
                $"was deployed already, by the deployment {(await Deployment((await Tries(first))[0])).Deployment}; what it looked at is "
                    + "other since, and nothing was deployed again"
            );
        (await Days()).ShouldBe(3);
        (await Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_approval_of_a_pipeline_expires_for_a_retry_and_not_for_a_redrive_of_what_it_has_begun()
    {
        await SmallService.Change(_service, "deployer.yaml", "approval: true", "approval: { expireAfter: 1h }");
        await Open("stack-rolls-back");
        await Accounts.Publish();
        var run = await StartAndApprove();
        var failed = (await Tries(run)).ShouldHaveSingleItem().Output.ExecutionResult.ExternalExecutionId;
        await Open();
        await Accounts.Rehearsal.Pass(TimeSpan.FromHours(1));

        await _pipeline.Retry(run);
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(run)).ShouldBe("Failed");
        (await Tries(run))[0]
            .Output.ExecutionResult.ErrorDetails.Message.ShouldMatch(
                $"^{nameof(ApprovalNeededException)}: the approval of plan [^ ]+ by arn:aws:iam::222222222222:root has expired at "
            );
        (await Days()).ShouldBeNull();

        (await Accounts.Redrive(failed)).Verdict.ShouldBe(Verdict.Succeeded);
        (await Days()).ShouldBe(1);
    }

    /// <summary>
    /// An invoke action ends after 24 hours (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html), so that the manual
    /// approval waits, and what is approved expires 24 hours after the answer.
    /// </summary>
    [Fact]
    public async Task What_is_approved_after_thirty_hours_is_deployed()
    {
        await Open();
        await Accounts.Publish();
        var run = await _pipeline.Start();
        await Accounts.Rehearsal.Pass(TimeSpan.FromHours(30));
        (await _pipeline.Status(run)).ShouldBe("InProgress");
        (await Days()).ShouldBeNull();

        await _pipeline.Approve("Approve");
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(run)).ShouldBe("Succeeded");
        (await Deployment((await Tries(run)).ShouldHaveSingleItem())).ApprovedBy.ShouldBe("arn:aws:iam::222222222222:root");
        (await Days()).ShouldBe(1);
        (await Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_approval_that_nobody_gave_in_time_is_no_rejection_and_is_asked_for_again_by_a_retry_of_its_stage()
    {
        await Open();
        await Declare(stage => stage.Actions.Single(action => action.Name == "Approve").TimeoutInMinutes = 60);
        var run = await _pipeline.Start();
        await Accounts.Rehearsal.Pass(TimeSpan.FromHours(2));
        (await _pipeline.Status(run)).ShouldBe("Failed");
        (await Tries(run)).ShouldBeEmpty();

        await _pipeline.Retry(run);
        await Accounts.Rehearsal.Pass(ToTheEnd);
        (await _pipeline.Approve("Approve")).ShouldBe(run);
        await Accounts.Rehearsal.Pass(ToTheEnd);

        (await _pipeline.Status(run)).ShouldBe("Succeeded");
        var deployed = await Deployment((await Tries(run)).ShouldHaveSingleItem());
        deployed.ApprovedBy.ShouldBe("arn:aws:iam::222222222222:root");
        var plan = (await _pipeline.Actions(run)).Where(action => action.ActionName == "Plan").ShouldHaveSingleItem();
        deployed.Plan.ShouldBe(PlanOf(plan), "a retry of what has failed makes no other plan");
        (await Days()).ShouldBe(1);
    }

    private static FailureConditions Retried(StageRetryMode mode) =>
        new()
        {
            Result = Result.RETRY,
            RetryConfiguration = new RetryConfiguration { RetryMode = mode },
        };

    private static StageDeclaration Stage(PipelineDeclaration declaration) =>
        declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage);

    private static DeploymentId PlanOf(ActionExecutionDetail action) =>
        new ExecutionArn(action.Output.ExecutionResult.ExternalExecutionId).Deployment;

    private async Task Open(params string[] faults)
    {
        await Close();
        _accounts = await SimulatedAccounts.OpenService(_service, Path.Combine(_folder.Path, "state"), faults);
    }

    private async Task Close()
    {
        if (_accounts is { } open)
        {
            await open.DisposeAsync();
        }
    }

    /// <summary>Makes the pipeline anew, with another stage of the deployment, and the service's source.</summary>
    private async Task Declare(Action<StageDeclaration> change)
    {
        await _pipeline.Change(declaration => change(Stage(declaration)));
        await Accounts.Publish();
    }

    private Task Change(int from, int to) =>
        SmallService.Change(_service, "stacks/logs.yaml", $"RetentionInDays: {from}", $"RetentionInDays: {to}");

    /// <summary>Runs the pipeline, approves the plan, and lets everything come to its end.</summary>
    /// <returns>The pipeline's execution.</returns>
    private async Task<string> StartAndApprove()
    {
        var run = await _pipeline.Start();
        await Accounts.Rehearsal.Pass(ToTheEnd);
        (await _pipeline.Approve("Approve")).ShouldBe(run);
        await Accounts.Rehearsal.Pass(ToTheEnd);
        return run;
    }

    /// <summary>The deploy actions of a run, the newest first.</summary>
    private async Task<IReadOnlyList<ActionExecutionDetail>> Tries(string run) =>
        [.. (await _pipeline.Actions(run)).Where(action => action.ActionName == "Deploy")];

    private async Task<DeploymentRecord> Deployment(ActionExecutionDetail action) =>
        (await Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(PlanOf(action)))).ShouldNotBeNull();

    private async Task<int?> Days()
    {
        var groups = await Accounts.Call<DescribeLogGroupsResponse>(
            new DescribeLogGroupsRequest { LogGroupNamePrefix = "inventory-dev-orders" }
        );
        return groups.LogGroups is [{ RetentionInDays: var days }] ? days : null;
    }
}
