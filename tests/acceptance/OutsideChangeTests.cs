using System.Text.Json.Nodes;
using Amazon.EventBridge.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.OutsideChanges;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary>Stacks of a target that others than the deployer change.</summary>
public sealed class OutsideChangeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_change_by_others_is_reported_and_nothing_is_started_where_the_file_says_nothing()
    {
        await using var target = await ChangedTarget.Deploy();
        var before = (await target.Executions()).Count;

        await target.UpdateByHand("third", 7);
        await target.PassLooks();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        var told = (await Told(target)).ShouldHaveSingleItem();
        told.ShouldTellWhole(hasExecution: false);
        ((string)told["text"]!).ShouldContain(look.Differences[0]);
        told["changes"]!.AsArray().Select(change => (string?)change).ShouldBe(look.Differences);
        told["events"]!
            .AsArray()
            .Select(happened => ((string?)happened!["resource"], (string?)happened["what"], (string?)happened["operation"]))
            .ShouldBe(look.Changes.Select(change => ((string?)change.Resource, (string?)change.What, change.Operation)));
        told["events"]!.AsArray().Select(happened => (DateTimeOffset)happened!["at"]!).ShouldBe(look.Changes.Select(change => change.At));
        ((string)told["text"]!).ShouldContain(":stack/inventory-dev-third: UPDATE_IN_PROGRESS, ");
        ((string)told["text"]!).ShouldContain(
            $"UPDATE_COMPLETE by operation Console-UpdateStack-1, since {look.Changes.Min(change => change.At):u}"
        );
        ((string?)told["next"]!["reason"]).ShouldBe(
            "Nothing was started. Another deployment brings back what was deployed, or 'onStackChange: redeploy' does so by itself. All "
                + "looks and deployments, in the folder with inventory's deployer.yaml:"
        );
        ((string?)told["next"]!["command"]).ShouldBe("deployer history . --target dev --region us-east-1");
        look.Differences.ShouldBe(["step 'third': stack inventory-dev-third was updated since the last deployment"]);
        look.Changes.ShouldAllBe(change => change.Operation == "Console-UpdateStack-1");
        look.Changes.Select(change => change.Resource).Distinct().ShouldHaveSingleItem().ShouldEndWith(":stack/inventory-dev-third");
        look.Changes.Select(change => change.What).ShouldContain("UPDATE_COMPLETE");
        look.Deployment.ShouldBeNull();
        (await target.Executions()).Count.ShouldBe(before);
        (await target.Days("third")).ShouldBe("7");
    }

    [Fact]
    public async Task What_was_deployed_last_is_deployed_again_where_the_file_says_so()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        var before = await target.Executions();

        await target.UpdateByHand("first", 7);
        await target.PassLooks();

        var look = (await target.Looks())[0];
        look.Result.ShouldBe(LookResult.Redeployed);
        var started = (await target.Executions())
            .Where(execution => !before.Any(known => known.Arn == execution.Arn))
            .ShouldHaveSingleItem();
        started.Arn.ShouldEndWith($":{look.Deployment}");
        started.Status.ShouldBe(ExecutionStatus.Succeeded);
        (await target.Days("first")).ShouldBe("1");
        var told = (await Told(target)).ShouldHaveSingleItem();
        told.ShouldTellWhole();
        ((string?)told["execution"]).ShouldBe(started.Arn);
        ((string?)told["next"]!["reason"]).ShouldBe("What was deployed last is deployed again:");
        ((string?)told["next"]!["command"]).ShouldBe($"deployer watch {started.Arn}");
        var record = await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(look.Deployment!));
        record!.By.ShouldBe(ChangeLooks.By);
    }

    /// <summary>The notifications of changes by others.</summary>
    private static async Task<IReadOnlyList<JsonNode>> Told(ChangedTarget target) =>
        [.. (await target.Accounts.Told()).Where(detail => (string?)detail["kind"] == "stackChanged")];

    [Fact]
    public async Task Nothing_is_compared_where_the_file_says_ignore()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: ignore");
        var before = (await target.Executions()).Count;

        await target.UpdateByHand("third", 7);
        await target.PassLooks();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        (look.Result, look.Differences.Count).ShouldBe((LookResult.Ignored, 0));
        (await target.Executions()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_storm_of_events_over_three_stacks_is_one_deployment()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        var before = (await target.Executions()).Count;
        string[] names = ["first", "second", "third"];
        foreach (var name in names)
        {
            await target.UpdateByHand(name, 7);
        }

        for (var number = 0; number < 200; number++)
        {
            var name = names[number % names.Length];
            await target.Send(
                await target.StackId(name),
                number % 2 == 0 ? "UPDATE_IN_PROGRESS" : "UPDATE_COMPLETE",
                $"storm-{number % 4}"
            );
        }

        await target.PassLooks();
        await target.PassLooks();

        (await target.Executions()).Count.ShouldBe(before + 1);
        (await target.Looks()).Count(look => look.Result == LookResult.Redeployed).ShouldBe(1);
        foreach (var name in names)
        {
            (await target.Days(name)).ShouldBe("1");
        }
    }

    [Fact]
    public async Task An_event_that_comes_twice_or_late_finds_nothing_that_differs_and_starts_nothing()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        var before = (await target.Executions()).Count;

        await target.Send(await target.StackId("first"), "UPDATE_COMPLETE", "Console-1");
        await target.Send(await target.StackId("first"), "UPDATE_COMPLETE", "Console-1");
        await target.PassLooks();
        await target.Send(
            await target.StackId("first"),
            "UPDATE_COMPLETE",
            "Console-1",
            at: target.Accounts.Rehearsal.World.Now - TimeSpan.FromHours(3)
        );
        await target.PassLooks();

        (await target.Looks()).Select(look => look.Result).ShouldBe([LookResult.NothingDiffers, LookResult.NothingDiffers]);
        (await target.Executions()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_stack_event_that_changes_nothing_costs_no_transition_and_few_requests_and_is_decided_within_minutes()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        await target.PassLooks();
        var world = target.Accounts.Rehearsal.World;
        var transitions = await Transitions();
        await world.Do(world.Audit.Clear);
        var began = world.Now;
        await target.Send(await target.StackId("first"), "UPDATE_COMPLETE", "Console-1");
        await target.PassLooks();
        var (requests, lasted) = (await Requests(), world.Now - began);
        (await OfOperation("DescribeStacks"), await OfOperation("AssumeRole"), await OfOperation("GetObject")).ShouldBe((3, 1, 2));
        transitions = await Transitions() - transitions;

        // As many sweeps, which come every five minutes, are in the same time without an event.
        var interval = TimeSpan.FromMinutes(5);
        await target.Accounts.Rehearsal.Pass(interval - TimeSpan.FromTicks(lasted.Ticks % interval.Ticks));
        await world.Do(world.Audit.Clear);
        await target.Accounts.Rehearsal.Pass(lasted);
        requests -= await Requests();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        var time = look.At - look.Changes[0].At;
        output.WriteLine($"three stacks: {transitions} transitions, {requests} requests, decided after {time}");
        transitions.ShouldBe(0);
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "changes-by-others.md"));
        document.ShouldContain($"of three stacks are {requests}:");
        time.ShouldBeInRange(ChangeLooks.Quiet, ChangeLooks.Quiet + PendingChange.MomentsApart + TimeSpan.FromMinutes(5));

        Task<int> Requests() => world.Do(() => world.Audit.Calls.Where(call => call.Role != "root").Sum(call => call.Count));

        Task<int> OfOperation(string operation) =>
            world.Do(() => world.Audit.Calls.Where(call => call.Role != "root" && call.Operation == operation).Sum(call => call.Count));

        async Task<int> Transitions() => (await target.Accounts.Rehearsal.Executions()).Sum(execution => execution.Transitions);
    }

    [Fact]
    public async Task An_operation_of_the_deployer_itself_is_no_change_by_others()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        await target.PassLooks();

        (await target.Looks()).ShouldBeEmpty();
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await target.Open();
        (await target.Accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        await target.PassLooks();

        (await target.Looks()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deployment_that_runs_is_not_disturbed_and_its_end_is_looked_at_once_more()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        await target.Send(await target.StackId("second"), "UPDATE_COMPLETE", "Console-1");
        await target.PassLooks();
        var first = (await target.Looks()).ShouldHaveSingleItem().At;
        var sweep = first;
        while (sweep < target.Accounts.Rehearsal.World.Now + TimeSpan.FromMinutes(2))
        {
            sweep += TimeSpan.FromMinutes(5);
        }

        await target.Accounts.Rehearsal.Pass(sweep - target.Accounts.Rehearsal.World.Now - TimeSpan.FromSeconds(65));
        await target.UpdateByHand("first", 7);
        await target.Accounts.Rehearsal.Pass(sweep - target.Accounts.Rehearsal.World.Now - TimeSpan.FromSeconds(25));
        var execution = await target.Accounts.BeginDeployment(TimeSpan.FromSeconds(20));
        await target.Accounts.Rehearsal.Pass(sweep - target.Accounts.Rehearsal.World.Now + TimeSpan.FromSeconds(3));

        var running = (await target.Executions()).Single(found => found.Arn == execution);
        running.Status.ShouldBe(ExecutionStatus.Running, "the sweep has come while it runs");
        (await target.Looks()).Count.ShouldBe(1);
        await target.PassLooks();

        running = (await target.Executions()).Single(found => found.Arn == execution);
        running.Status.ShouldBe(ExecutionStatus.Succeeded);
        var after = (await target.Looks()).Skip(1).ShouldHaveSingleItem();
        after.Result.ShouldBe(LookResult.NothingDiffers);
        after.At.ShouldBeGreaterThan(running.StoppedAt!.Value);
        (await target.Days("first")).ShouldBe("1");
    }

    [Theory]
    [InlineData("redeploy")]
    [InlineData("notify")]
    public async Task A_newer_deployment_that_failed_is_not_undone_by_an_older_one_and_its_changes_are_not_called_those_of_others(
        string policy
    )
    {
        await using var target = await ChangedTarget.Deploy($"onStackChange: {policy}");
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await target.Accounts.DisposeAsync();
        var failed = await CommandLine.InProcess(
            "rehearse",
            target.Service,
            "--target",
            "dev",
            "--state",
            target.State,
            "--fault",
            "stack-rolls-back"
        );
        failed.Report.Verdict.ShouldBe(Verdict.Failed);
        await target.Reopen();
        var before = (await target.Executions()).Count;

        await target.Send(await target.StackId("first"), "UPDATE_COMPLETE", "Console-1");
        await target.PassLooks();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        look.Reason.ShouldNotBeNull().ShouldContain("deployment number 2 came after the last one that succeeded and has changed things");
        (await target.Executions()).Count.ShouldBe(before);
    }

    [Fact]
    public async Task An_event_of_a_foreign_account_is_ignored_and_counted_and_the_bus_takes_none()
    {
        const string Foreign = "999999999999";
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");

        await target.Send(await target.StackId("first"), "UPDATE_COMPLETE", "Console-1", Foreign);
        await target.PassLooks();

        (await target.Looks()).ShouldBeEmpty();
        (await target.Ignored(EventMetrics.ForeignAccount)).ShouldBe(1);
        var world = target.Accounts.Rehearsal.World;
        var refused = await Should.ThrowAsync<ApiException>(
            world.Do(() =>
                world.Api.Invoke<PutEventsResponse>(
                    Principal.Root(Foreign),
                    "us-east-1",
                    new PutEventsRequest
                    {
                        Entries =
                        [
                            new PutEventsRequestEntry
                            {
                                EventBusName = "arn:aws:events:us-east-1:222222222222:event-bus/deployer-dev",
                                Source = "deployer.check",
                                DetailType = "Deployer Check",
                                Detail = "{}",
                            },
                        ],
                    }
                )
            )
        );
        refused.Code.ShouldBe("AccessDeniedException");
    }

    [Fact]
    public async Task An_event_of_a_stack_that_no_target_owns_or_reads_is_ignored_and_counted()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        var before = await target.Ignored(EventMetrics.UnknownResource);

        await target.Send(
            $"arn:aws:cloudformation:us-east-1:{ChangedTarget.TargetAccount}:stack/another/00000000-0000-0000-0000-000000000000",
            "UPDATE_COMPLETE"
        );
        await target.PassLooks();

        (await target.Looks()).ShouldBeEmpty();
        (await target.Ignored(EventMetrics.UnknownResource)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_change_whose_last_event_was_lost_is_found_by_another_one_of_its_stack()
    {
        await using var target = await ChangedTarget.Deploy();
        await target.Accounts.DisposeAsync();
        await target.Reopen("events-lost");

        await target.UpdateByHand("third", 7);
        await target.Send(await target.StackId("third"), "UPDATE_IN_PROGRESS", "Console-UpdateStack-1");
        await target.PassLooks();

        (await target.Looks()).ShouldHaveSingleItem().Differences.ShouldHaveSingleItem().ShouldContain("inventory-dev-third was updated");
    }

    [Fact]
    public async Task With_an_approval_what_was_deployed_last_is_planned_and_deployed_once_somebody_approves()
    {
        await using var target = await ChangedTarget.Deploy("approval: true, onStackChange: redeploy");
        var before = (await target.Executions()).Count;

        await target.UpdateByHand("third", 7);
        await target.PassLooks();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        (look.Result, look.Deployment).ShouldBe((LookResult.Planned, null));
        look.Reason.ShouldNotBeNull().ShouldContain($"plan {look.Plan} waits for an approval");
        var told = (await Told(target)).ShouldHaveSingleItem();
        told.ShouldTellWhole();
        ((string?)told["execution"]).ShouldNotBeNull().ShouldEndWith($":deployer-dev-plan:{look.Plan}");
        ((string?)told["next"]!["command"]).ShouldBe("deployer history . --target dev --region us-east-1");
        (await target.Executions()).Count.ShouldBe(before);
        (await target.Days("third")).ShouldBe("7");

        var approved = await target.Accounts.Approve(look.Plan!.Value);

        approved.Verdict.ShouldBe(Verdict.Succeeded, approved.Cause);
        (await target.Days("third")).ShouldBe("1");
    }

    [Fact]
    public async Task A_look_says_that_its_plan_is_superseded_and_does_not_wait_any_more()
    {
        await using var target = await ChangedTarget.Deploy("approval: true, onStackChange: redeploy");
        await target.UpdateByHand("third", 7);
        await target.PassLooks();
        var waiting = (await Reports()).ShouldHaveSingleItem().Reason;
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await target.Accounts.DisposeAsync();
        var newer = await CommandLine.InProcess("deploy", target.Service, "--target", "dev", "--state", target.State);
        await target.Reopen();

        var superseded = (await Reports())[0].Reason;

        newer.ExitCode.ShouldBe(4, newer.Terminal);
        waiting.ShouldNotBeNull().ShouldContain(" waits for an approval");
        superseded
            .ShouldNotBeNull()
            .ShouldContain($" is superseded by the newer plan {new ExecutionArn(newer.Report.Plan!.Plan).Deployment} of inventory to dev");

        Task<IReadOnlyList<LookReport>> Reports() => LookReport.All(target.Accounts.Tools.Ledger("dev"), "inventory", "dev");
    }

    [Fact]
    public async Task What_a_look_left_to_a_plan_that_waits_is_looked_at_once_more_when_the_plan_is_rejected()
    {
        await using var target = await ChangedTarget.Deploy("approval: true, onStackChange: redeploy");
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await target.Accounts.DisposeAsync();
        var waiting = await CommandLine.InProcess("deploy", target.Service, "--target", "dev", "--state", target.State);
        await target.Reopen();
        await target.UpdateByHand("first", 7);
        await target.PassLooks();
        await target.PassLooks();
        var left = (await target.Looks()).ShouldHaveSingleItem("the plan still waits");
        await target.Accounts.DisposeAsync();

        var rejected = await CommandLine.Print([
            "reject",
            waiting.Report.Plan!.Plan,
            "--rehearsed",
            target.State,
            "--reason",
            "not today",
            "--in-process",
        ]);
        await target.Reopen();
        await target.PassLooks();

        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        left.Result.ShouldBe(LookResult.Reported);
        left.Reason.ShouldNotBeNull().ShouldContain(" of something newer waits to be approved");
        rejected.ExitCode.ShouldBe(0, rejected.Terminal);
        var look = (await target.Looks()).Skip(1).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Planned);
        look.Differences.ShouldBe(left.Differences);
        look.Changes.ShouldHaveSingleItem().Resource.ShouldBe($"plan {new ExecutionArn(waiting.Report.Plan.Plan).Deployment}");
        look.Changes[0].What.ShouldEndWith(": not today");
        (look.At - look.Changes[0].At).ShouldBeLessThan(TimeSpan.FromMinutes(6));
        (await target.Accounts.Approve(look.Plan!.Value)).Verdict.ShouldBe(Verdict.Succeeded);
        (await target.Days("first")).ShouldBe("1");
        (await target.Days("third")).ShouldBe("1");
    }

    [Fact]
    public async Task A_plan_that_needs_no_approval_is_deployed_as_soon_as_it_is_finished()
    {
        await using var target = await ChangedTarget.Deploy("approval: { for: [ replacements ] }, onStackChange: redeploy");

        await target.UpdateByHand("third", 7);
        await target.PassLooks();

        var look = (await target.Looks()).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Redeployed);
        look.Plan.ShouldNotBeNull();
        (await target.Executions()).Count(execution => execution.Name == look.Deployment!.Value).ShouldBe(1);
        (await target.Days("third")).ShouldBe("1");
    }

    [Fact]
    public async Task A_step_that_was_deployed_alone_is_compared_with_what_deployed_it()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await SmallService.Change(target.Service, "stacks/first.yaml", "RetentionInDays: 1", "RetentionInDays: 5");
        await target.Accounts.DisposeAsync();
        var alone = await CommandLine.InProcess("deploy", target.Service, "--target", "dev", "--state", target.State, "--step", "third");
        alone.Report.Verdict.ShouldBe(Verdict.Succeeded, alone.Report.Cause);
        await target.Reopen();

        await target.Send(await target.StackId("third"), "UPDATE_COMPLETE", "Console-1");
        await target.PassLooks();

        (await target.Looks()).ShouldHaveSingleItem().Result.ShouldBe(LookResult.NothingDiffers);
    }

    [Fact]
    public async Task History_and_the_report_of_a_rehearsal_show_what_changed_since_when_by_which_operation_and_what_was_done()
    {
        await using var target = await ChangedTarget.Deploy("onStackChange: redeploy");
        await target.UpdateByHand("third", 7);
        await target.PassLooks();
        var look = (await target.Looks())[0];
        await target.Accounts.DisposeAsync();

        var history = await CommandLine.Print("history", target.Service, "--target", "dev", "--rehearsed", target.State);

        history.ExitCode.ShouldBe(0, history.Terminal);
        history.Terminal.ShouldContain("Changed outside of deployments");
        history.Terminal.ShouldContain($"deployed again by {look.Deployment}");
        var text = string.Join(' ', history.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        text.ShouldContain(":stack/inventory-dev-third: UPDATE_IN_PROGRESS, ");
        text.ShouldContain($"UPDATE_COMPLETE by operation Console-UpdateStack-1, since {look.Changes[0].At:u}");
        text.ShouldContain("step 'third': stack inventory-dev-third was updated since the last deployment");
        await target.Reopen();
    }
}
