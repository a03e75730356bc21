using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Rehearsal.Sns;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Acceptance.Tests;

/// <summary>What pipelines of every execution mode do, and people to them.</summary>
public sealed class PipelineModesTests
{
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Queued_executions_deploy_one_after_the_other()
    {
        await using var target = await ChangedTarget.Deploy();
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration => declaration.ExecutionMode = ExecutionMode.QUEUED);
        var before = (await target.Executions()).Count;
        await target.UpdateByHand("first", 7);

        var (one, two) = (await pipeline.Start(), await pipeline.Start());
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        (await pipeline.Status(one), await pipeline.Status(two)).ShouldBe(("Succeeded", "Succeeded"));
        var deployments = await Since(target, before);
        deployments.Count.ShouldBe(2);
        deployments[0].StoppedAt!.Value.ShouldBeLessThanOrEqualTo(deployments[1].StartedAt);
        (await target.Days("first")).ShouldBe("1");
    }

    /// <summary>
    /// "In PARALLEL mode, executions run simultaneously and independently of one another"
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html): all three start a deployment at once, and
    /// CodePipeline supersedes none. What holds them apart is the deployer's lock. The first to begin works; of those that wait, the
    /// newest takes the place of the other, whose action says so.
    /// </summary>
    [Fact]
    public async Task Parallel_executions_wait_for_the_lock_and_the_newest_of_those_that_wait_is_deployed()
    {
        await using var target = await ChangedTarget.Deploy();
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration => declaration.ExecutionMode = ExecutionMode.PARALLEL);
        var before = (await target.Executions()).Count;
        await target.UpdateByHand("first", 7);

        var ids = new[] { await pipeline.Start(), await pipeline.Start(), await pipeline.Start() };
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        var deployments = await Since(target, before);
        deployments.Count.ShouldBe(3);
        var ended = new Dictionary<long, (ExecutionState State, DeploymentRecord Record)>();
        foreach (var deployment in deployments)
        {
            var record = await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(new ExecutionArn(deployment.Arn).Deployment));
            ended.Add(record!.Number, (deployment, record));
        }

        var (first, second, third) = (ended[ended.Keys.Min()], ended[ended.Keys.Order().ElementAt(1)], ended[ended.Keys.Max()]);
        first.State.Output.ShouldNotBeNull().ShouldContain("\"outcome\":\"succeeded\"");
        second.Record.Error.ShouldBe(nameof(SupersededException));
        third.State.Output.ShouldNotBeNull().ShouldContain("\"outcome\":\"nothing-to-do\"");
        second.State.StoppedAt!.Value.ShouldBeLessThan(first.State.StoppedAt!.Value, "it gives way as soon as the newer one waits");
        var work = (await target.Accounts.WorkingPeriods(third.State.Arn)).Min(period => period.From);
        work.ShouldBeGreaterThanOrEqualTo(first.State.StoppedAt!.Value.UtcDateTime, "one after the other");

        var statuses = new Dictionary<string, string>();
        foreach (var id in ids)
        {
            var deployed = (await pipeline.Actions(id)).Single(action => action.ActionName == "Deploy");
            statuses.Add(deployed.Output.ExecutionResult.ExternalExecutionId, await pipeline.Status(id));
            if (await pipeline.Status(id) == "Failed")
            {
                // It had waited, or came to the lock when the newer one waited already.
                string[] reasons =
                [
                    $"SupersededException: the newer deployment {new ExecutionArn(third.State.Arn).Deployment} of inventory to dev took",
                    $"SupersededException: a newer deployment of inventory to dev came after number {second.Record.Number};",
                ];
                var message = deployed.Output.ExecutionResult.ErrorDetails.Message;
                reasons.ShouldContain(reason => message.StartsWith(reason, StringComparison.Ordinal), message);
            }
        }

        statuses[first.State.Arn].ShouldBe("Succeeded");
        statuses[second.State.Arn].ShouldBe("Failed");
        statuses[third.State.Arn].ShouldBe("Succeeded");
        (await target.Days("first")).ShouldBe("1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Of_a_superseded_pipeline_two_approvals_may_wait_at_once()
    {
        await using var target = await ChangedTarget.Deploy();
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration =>
        {
            declaration.ExecutionMode = ExecutionMode.SUPERSEDED;
            var deploy = declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage);
            deploy.Actions.Insert(0, Approval("Second"));
            declaration.Stages.Insert(1, new StageDeclaration { Name = "Look", Actions = [Approval("First")] });
        });

        var one = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        await pipeline.Approve("First");
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        var two = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        var three = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        var four = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));

        (await pipeline.Status(three)).ShouldBe("Superseded", "it waited for the stage in which the second one waits");
        (await pipeline.Approve("Second")).ShouldNotBe(four, "the fourth has not come to an approval");
        await target.Accounts.Rehearsal.Pass(ToTheEnd);
        (await pipeline.Status(one)).ShouldBe("Succeeded");
        (await pipeline.Status(two)).ShouldBe("InProgress");
        await pipeline.Approve("First");
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(1));
        await pipeline.Approve("Second");
        await target.Accounts.Rehearsal.Pass(ToTheEnd);
        (await pipeline.Status(two)).ShouldBe("Succeeded");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_stage_that_is_retried_after_a_successful_redrive_turns_green_at_once()
    {
        await using var target = await ChangedTarget.Deploy();
        var (failed, execution) = await Fail(target);
        await target.Reopen();
        (await target.Accounts.Redrive(failed)).Verdict.ShouldBe(Verdict.Succeeded);
        var before = (await target.Executions()).Count;
        var pipeline = new ServicePipeline(target);

        await pipeline.Retry(execution);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(3));

        (await pipeline.Status(execution)).ShouldBe("Succeeded");
        var again = (await Since(target, before)).ShouldHaveSingleItem();
        again.Output.ShouldNotBeNull().ShouldContain("nothing-to-do");
        (again.StoppedAt!.Value - again.StartedAt).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_stage_that_is_rolled_back_deploys_what_its_earlier_execution_deployed()
    {
        await using var target = await ChangedTarget.Deploy();
        var pipeline = new ServicePipeline(target);
        var first = (await pipeline.Executions())[0];
        await ChangeFirst(target, 3);
        (await target.Accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        (await target.Days("first")).ShouldBe("3");
        pipeline = new ServicePipeline(target);

        var rollback = await pipeline.Rollback(first);
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        (await pipeline.Status(rollback)).ShouldBe("Succeeded");
        (await pipeline.Actions(rollback)).Select(action => action.ActionName).ShouldBe(["Deploy"]);
        (await target.Days("first")).ShouldBe("1");
    }

    [Theory]
    [InlineData("ROLLBACK")]
    [InlineData("RETRY")]
    public async Task A_stage_that_fails_is_rolled_back_or_retried_by_itself(string result)
    {
        await using var target = await ChangedTarget.Deploy();
        await new ServicePipeline(target).Change(declaration =>
            declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage).OnFailure = new FailureConditions { Result = result }
        );
        await ChangeFirst(target, 3, "stack-rolls-back");
        var pipeline = new ServicePipeline(target);

        var report = await target.Accounts.Deploy();
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        var executions = await pipeline.Executions();
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
        var statuses = (await target.Executions()).Select(deployment => deployment.Status).ToList();
        statuses.Count(status => status == ExecutionStatus.Failed).ShouldBeGreaterThanOrEqualTo(1);
        if (result == "ROLLBACK")
        {
            (await pipeline.Status(executions[1])).ShouldBe("Failed");
            (await pipeline.Status(executions[0])).ShouldBe("Succeeded");
            (await target.Days("first")).ShouldBe("1");
            var rollback = await pipeline.Execution(executions[0]);
            (rollback.ExecutionType.Value, rollback.Trigger.TriggerType.Value, rollback.Trigger.TriggerDetail).ShouldBe(
                ("ROLLBACK", "AutomatedRollback", $$"""{"FailedPipelineExecutionId":"{{executions[1]}}"}""")
            );
            rollback.RollbackMetadata.RollbackTargetPipelineExecutionId.ShouldBe(executions[2]);
        }
        else
        {
            (await pipeline.Actions(executions[0])).Count(action => action.ActionName == "Deploy").ShouldBe(2);
            var failed = (await target.Executions()).First(deployment => deployment.Status == ExecutionStatus.Failed);
            report.Deployment.ShouldNotBe(failed.Arn);
            report
                .NoticesOfDocument!.Single(notice => notice.Contains("the pipeline's stage was tried again: ", StringComparison.Ordinal))
                .ShouldStartWith($"the deployment {failed.Arn} failed before this one, and the pipeline's stage was tried again: Stack");
        }
    }

    /// <summary>
    /// "CodePipeline stops the execution without waiting for in-progress actions to complete"
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html): it does not wait for the deployment any more, and
    /// what the action has started is not called back.
    /// </summary>
    [Fact]
    public async Task An_execution_that_is_abandoned_ends_at_once_and_its_deployment_comes_to_its_own_end()
    {
        await using var target = await ChangedTarget.Deploy();
        await target.UpdateByHand("first", 7);
        var pipeline = new ServicePipeline(target);
        var execution = await pipeline.Start();
        var deployment = await target.RunningDeployment();

        await pipeline.Stop(execution, abandon: true);

        var stopped = await pipeline.Execution(execution);
        (stopped.Status.Value, stopped.StatusSummary).ShouldBe(("Stopped", "somebody stopped it"));
        (await pipeline.DeployAction()).Status.Value.ShouldBe("Abandoned");
        await target.Accounts.Rehearsal.Pass(ToTheEnd);
        (await target.Executions()).Single(found => found.Arn == deployment).Status.ShouldBe(ExecutionStatus.Succeeded);
        (await target.Days("first")).ShouldBe("1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
        (await Notified(target, deployment)).ShouldBe([("succeeded", execution)]);
        (await Ended(target, deployment)).ShouldBe((true, true));
        var next = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(ToTheEnd);
        (await pipeline.Status(next)).ShouldBe("Succeeded");
    }

    /// <summary>
    /// Whoever stops it does not want its deployment to begin once the lock is free: its wait ends, and that is told. What works goes on.
    /// </summary>
    [Theory]
    [InlineData(true, "Abandoned")]
    [InlineData(false, "Failed")]
    public async Task A_deployment_waits_for_the_lock_no_longer_when_its_pipeline_is_stopped(bool abandon, string actionStatus)
    {
        await using var target = await ChangedTarget.Deploy("notifications: [ succeeded, nothingToDo, failed ]");
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration => declaration.ExecutionMode = ExecutionMode.PARALLEL);
        await target.UpdateByHand("first", 7);
        var first = await pipeline.Start();
        var working = await target.RunningDeployment();
        var execution = await pipeline.Start();
        var waiting = await Waiting(target);

        await pipeline.Stop(execution, abandon);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(2));

        waiting.ShouldNotBe(working);
        (await pipeline.Status(execution)).ShouldBe("Stopped");
        (await pipeline.Actions(execution)).Single(action => action.ActionName == "Deploy").Status.Value.ShouldBe(actionStatus);
        var ended = (await target.Executions()).Single(found => found.Arn == waiting);
        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.Failed, nameof(PipelineStoppedException)));
        ended.Cause.ShouldBe(
            $"the execution {execution} of the pipeline {ServicePipeline.Name} was stopped while the deployment waited for another one of "
                + "inventory to dev; nothing was changed"
        );
        ended
            .StoppedAt.ShouldNotBeNull()
            .ShouldBeLessThan((await target.Executions()).Single(found => found.Arn == working).StoppedAt!.Value);
        (await Notified(target, waiting)).ShouldBe([("failed", execution)]);
        (await Ended(target, waiting)).ShouldBe((true, false));

        await target.Accounts.Rehearsal.Pass(ToTheEnd);
        (await pipeline.Status(first)).ShouldBe("Succeeded", "it is another execution");
        (await target.Days("first")).ShouldBe("1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_execution_that_is_stopped_waits_for_its_deployment_and_then_is_stopped()
    {
        await using var target = await ChangedTarget.Deploy("notifications: [ succeeded, nothingToDo, failed ]");
        await target.UpdateByHand("first", 7);
        var pipeline = new ServicePipeline(target);
        var execution = await pipeline.Start();
        var deployment = await target.RunningDeployment();

        await pipeline.Stop(execution, abandon: false);
        (await pipeline.Status(execution)).ShouldBe("Stopping");
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        (await pipeline.Status(execution)).ShouldBe("Stopped");
        (await pipeline.DeployAction()).Status.Value.ShouldBe("Succeeded");
        (await target.Days("first")).ShouldBe("1");
        (await Notified(target, deployment)).ShouldBe([("succeeded", execution)]);
        (await Ended(target, deployment)).ShouldBe((true, true));
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Progress_is_shown_in_percent_and_words_while_a_deployment_runs()
    {
        await using var target = await ChangedTarget.Deploy();
        await ChangeFirst(target, 3);
        await target.Accounts.Publish();
        var pipeline = new ServicePipeline(target);
        var before = (await pipeline.DeployAction()).ActionExecutionId;
        await pipeline.Start();
        var deployment = await target.RunningDeployment();
        var seen = new List<(int? Percent, string? Summary)>();
        for (var look = 0; look < 90; look++)
        {
            await target.Accounts.Rehearsal.Pass(TimeSpan.FromSeconds(2));
            var action = await pipeline.DeployAction();
            if (action.ActionExecutionId != before && (seen.Count == 0 || seen[^1] != (action.PercentComplete, action.Summary)))
            {
                seen.Add((action.PercentComplete, action.Summary));
            }
        }

        // The third step has nothing to do.
        seen.ShouldContain(
            shown =>
                shown.Percent == 50
                && shown.Summary!.Contains("1 of 2 steps done, at second", StringComparison.Ordinal)
                && shown.Summary.Contains(deployment, StringComparison.Ordinal),
            string.Join('\n', seen)
        );
        seen[^1].Percent.ShouldBe(100);
        var percents = seen.Where(shown => shown.Percent is not null).Select(shown => shown.Percent!.Value).ToList();
        percents.ShouldBe(percents.Order().ToList(), "it does not go back");
    }

    /// <summary>Beside the source what another action has made: the plan, a zip of another content.</summary>
    [Theory]
    [InlineData("Source")]
    [InlineData("PlanOutput")]
    [InlineData("Sauce")]
    public async Task The_source_of_several_input_artifacts_is_the_one_that_is_named(string artifact)
    {
        await using var target = await ChangedTarget.Deploy();
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration => SeveralArtifacts(declaration, artifact));
        await SmallService.Change(target.Service, "stacks/first.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await SmallService.Change(target.Service, "stacks/first.yaml", "Value: \"1\"", "Value: \"3\"");
        await target.Open();
        await target.Accounts.Publish();
        var before = (await target.Executions()).Count;

        var execution = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(ToTheEnd);

        var deploy = (await pipeline.Actions(execution)).Single(action => action.ActionName == "Deploy");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
        if (artifact == "Source")
        {
            (await pipeline.Status(execution)).ShouldBe("Succeeded", deploy.Output.ExecutionResult.ErrorDetails?.Message);
            (await target.Days("first")).ShouldBe("3");
            return;
        }

        (await pipeline.Status(execution)).ShouldBe("Failed");
        (await target.Days("first")).ShouldBe("1");
        var error = deploy.Output.ExecutionResult.ErrorDetails;
        if (artifact == "PlanOutput")
        {
            error.Code.ShouldBe("JobFailed");
            error.Message.ShouldContain("deployer.yaml");
        }
        else
        {
            error.Code.ShouldBe("ConfigurationError");
            error.Message.ShouldBe(
                "the action has no input artifact 'Sauce', which its user parameters name; expected one of PlanOutput, Source"
            );
            (await target.Executions()).Count.ShouldBe(before, "nothing is started");
        }
    }

    /// <summary>
    /// In PARALLEL mode an approval of each execution waits at once, and is answered by its own token
    /// (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html).
    /// </summary>
    [Fact]
    public async Task Of_two_parallel_executions_that_wait_each_approval_decides_about_its_own_plan()
    {
        using var folder = new TemporaryFolder();
        var service = await ApprovedInPipeline.Write(folder.Path);
        var state = Path.Combine(folder.Path, "state");
        SimulatedAccounts accounts = null!;
        var pipeline = new ServicePipeline(() => accounts);
        string older;
        string newer;
        string[] plans;
        await using (accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await pipeline.Change(declaration => declaration.ExecutionMode = ExecutionMode.PARALLEL);
            await accounts.Publish();
            older = await pipeline.Start();
            await accounts.Rehearsal.Pass(ToTheEnd);
        }

        await SmallService.Change(service, "stacks/logs.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await using (accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts.Publish();
            newer = await pipeline.Start();
            await accounts.Rehearsal.Pass(ToTheEnd);
            plans = [await Plan(older), await Plan(newer)];
            (await Waits(older), await Waits(newer)).ShouldBe((true, true), "both at once");
        }

        var superseded = await CommandLine.InProcess("approve", plans[0], "--rehearsed", state);
        await using (accounts = await SimulatedAccounts.OpenService(service, state))
        {
            (await Waits(older), await Waits(newer)).ShouldBe((true, true), "an approval that is refused is not used up");
        }

        var approved = await CommandLine.InProcess("approve", plans[1], "--rehearsed", state);
        await using (accounts = await SimulatedAccounts.OpenService(service, state))
        {
            (await Waits(older)).ShouldBeTrue("it is another execution's");
            (await pipeline.Status(newer)).ShouldBe("Succeeded");
        }

        var rejected = await CommandLine.InProcess("reject", plans[0], "--rehearsed", state);

        (superseded.ExitCode, superseded.Report.Error).ShouldBe((2, nameof(SupersededException)), superseded.Terminal);
        (approved.ExitCode, approved.Report.Verdict).ShouldBe((0, Verdict.Succeeded), approved.Terminal);
        approved.Report.Plan!.Plan.ShouldBe(plans[1]);
        (rejected.ExitCode, rejected.Report.Verdict).ShouldBe((0, Verdict.Rejected), rejected.Terminal);
        await using (accounts = await SimulatedAccounts.OpenService(service, state))
        {
            (await pipeline.Status(older)).ShouldBe("Failed");
            (await pipeline.Status(newer)).ShouldBe("Succeeded");
            var groups = await accounts.Call<DescribeLogGroupsResponse>(
                new DescribeLogGroupsRequest { LogGroupNamePrefix = "inventory-dev-orders" }
            );
            groups.LogGroups.ShouldHaveSingleItem().RetentionInDays.ShouldBe(3);
            (await accounts.Leftovers()).ShouldBe((0, 0));
        }

        async Task<string> Plan(string execution) =>
            (await pipeline.Actions(execution)).Single(action => action.ActionName == "Plan").Output.ExecutionResult.ExternalExecutionId;

        async Task<bool> Waits(string execution) =>
            (await pipeline.Actions(execution)).Any(action =>
                action.ActionName == "Approve" && action.Status == ActionExecutionStatus.InProgress
            );
    }

    /// <summary>Lets time pass until a deployment waits for the lock.</summary>
    /// <returns>ARN of its execution.</returns>
    private static async Task<string> Waiting(ChangedTarget target)
    {
        for (var look = 0; look < 60; look++)
        {
            await target.Accounts.Rehearsal.Pass(TimeSpan.FromSeconds(1));
            if (await target.Accounts.Tools.Ledger("dev").Read(LockRecord.Key("inventory", "dev")) is { Waiter: { } waiter })
            {
                return waiter.Execution.Value;
            }
        }

        throw new InvalidOperationException("no deployment waits");
    }

    /// <summary>The notifications about a deployment: the kind, and the execution of the pipeline.</summary>
    private static async Task<IReadOnlyList<(string? Kind, string? Execution)>> Notified(ChangedTarget target, string deployment)
    {
        var world = target.Accounts.Rehearsal.World;
        return
        [
            .. (await world.Do(() => SnsService.Messages(world)))
                .Select(message => JsonNode.Parse(message.Messages["sqs"])!)
                .Where(detail => (string?)detail["execution"] == deployment)
                .DistinctBy(detail => (string?)detail["id"])
                .Select(detail => ((string?)detail["kind"], (string?)detail["pipeline"]?["execution"])),
        ];
    }

    /// <summary>Whether the record of a deployment is closed, and it has succeeded.</summary>
    private static async Task<(bool Closed, bool Succeeded)> Ended(ChangedTarget target, string deployment)
    {
        var record = await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(new ExecutionArn(deployment).Deployment));
        return (record!.Closed, record.Succeeded);
    }

    private static async Task<IReadOnlyList<ExecutionState>> Since(ChangedTarget target, int before) =>
        [.. (await target.Executions()).OrderBy(execution => execution.StartedAt).Skip(before)];

    private static ActionDeclaration Approval(string name) =>
        new()
        {
            Name = name,
            RunOrder = 1,
            ActionTypeId = new ActionTypeId
            {
                Category = ActionCategory.Approval,
                Owner = ActionOwner.AWS,
                Provider = "Manual",
                Version = "1",
            },
        };

    private static ActionDeclaration Deploy(PipelineDeclaration declaration) =>
        declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage).Actions.Single(action => action.Name == "Deploy");

    /// <summary>The deploy action gets the artifact of a plan first, and the source after it.</summary>
    private static void SeveralArtifacts(PipelineDeclaration declaration, string artifact)
    {
        var deploy = Deploy(declaration);
        declaration.Stages.Insert(
            1,
            new StageDeclaration
            {
                Name = "Plan",
                Actions =
                [
                    new ActionDeclaration
                    {
                        Name = "Plan",
                        ActionTypeId = deploy.ActionTypeId,
                        Configuration = new(deploy.Configuration)
                        {
                            ["UserParameters"] = """{"service":"inventory","target":"dev","action":"plan"}""",
                        },
                        InputArtifacts = [new InputArtifact { Name = deploy.InputArtifacts.Single().Name }],
                        OutputArtifacts = [new OutputArtifact { Name = "PlanOutput" }],
                        RunOrder = 1,
                    },
                ],
            }
        );
        deploy.InputArtifacts.Insert(0, new InputArtifact { Name = "PlanOutput" });
        deploy.Configuration["UserParameters"] = $$"""{"service":"inventory","target":"dev","artifact":"{{artifact}}"}""";
    }

    private static async Task ChangeFirst(ChangedTarget target, int days, params string[] faults)
    {
        await SmallService.Change(target.Service, "stacks/first.yaml", "RetentionInDays: 1", $"RetentionInDays: {days}");
        await SmallService.Change(target.Service, "stacks/first.yaml", "Value: \"1\"", $"Value: \"{days}\"");
        await target.Accounts.DisposeAsync();
        await target.Reopen(faults);
    }

    /// <summary>A deployment through the pipeline that fails.</summary>
    /// <returns>The deployment's execution, and the pipeline's.</returns>
    private static async Task<(string Deployment, string Execution)> Fail(ChangedTarget target)
    {
        await ChangeFirst(target, 3, "stack-rolls-back");
        var failed = await target.Accounts.Deploy();
        failed.Verdict.ShouldBe(Verdict.Failed);
        var execution = (await new ServicePipeline(target).Executions())[0];
        await target.Accounts.DisposeAsync();
        return (failed.Deployment!, execution);
    }
}
