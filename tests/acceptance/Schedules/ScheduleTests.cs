using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>What a schedule can say, what the document lists of it, and what is refused.</summary>
public sealed class ScheduleTests : IDisposable
{
    private const string StopAndRedrive = """
        people:
          alice: { may: [ "states:StopExecution" ] }
          bob:
        schedule:
          - { who: alice, when: { begins: group/PrepareStack, wait: 200ms }, do: stop }
          - { who: alice, when: { closes: 1, wait: 1m }, do: redrive }
          - { who: bob, when: { closes: 1, wait: 2m }, do: redrive }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_document_lists_what_was_done_when_and_how_AWS_answered()
    {
        var rehearsed = await Scheduled.Rehearse(StopAndRedrive);

        rehearsed.ExitCode.ShouldBe(0, rehearsed.Report.Cause);
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rehearsed.Report.Pipeline!.Job.ShouldBe("failed");
        var people = rehearsed.Report.People!;
        people
            .Select(act => (act.Who, act.Did, act.Outcome))
            .ShouldBe([
                ("alice", "stop deployment 1", ActOutcome.Done),
                ("alice", "redrive deployment 1", ActOutcome.Refused),
                ("bob", "redrive deployment 1", ActOutcome.Done),
            ]);
        people[0].Requests.ShouldHaveSingleItem().Operation.ShouldBe("states:StopExecution");
        people[0].Requests[0].Answer.ShouldBe("OK");
        people[1]
            .Problem.ShouldNotBeNull()
            .ShouldStartWith("AccessDeniedException: User: arn:aws:sts::222222222222:assumed-role/person-alice/alice");
        people[1].Requests[0].Answer.ShouldBe(people[1].Problem);
        people[2].VirtualSeconds!.Value.ShouldBe(people[0].VirtualSeconds!.Value + 120, 0.001);
        rehearsed.Report.Executions.Single(execution => execution.Arn == rehearsed.Report.Deployment).Redrives.ShouldBe(1);
        rehearsed.ShouldLeaveNothingBehind();
        rehearsed.Terminal.ShouldContain("alice: stop deployment 1");
        rehearsed.Terminal.ShouldContain("alice: redrive deployment 1: refused: AccessDeniedException");
        rehearsed.Count("StopExecution", "person-alice").ShouldBe(1);
    }

    [Fact]
    public async Task Deployment_1_is_the_runs_own_also_when_somebodys_begins_before_it()
    {
        var rehearsed = await Scheduled.RehearseChange(
            """
            schedule:
              - { who: carol, when: { at: 1s }, do: { deploy: { steps: [ network ] } } }
              - { who: alice, when: { begins: Begin, wait: 100ms }, do: stop }
              - { who: bob, when: { closes: 1, wait: 1m }, do: redrive }
              - { who: dave, when: { closes: 2 }, do: { redrive: { deployment: 2 } } }
            """
        );

        var report = rehearsed.Report;
        report
            .People!.Select(act => (act.Who, act.Outcome))
            .ShouldBe([("carol", ActOutcome.Done), ("alice", ActOutcome.Done), ("bob", ActOutcome.Done), ("dave", ActOutcome.Refused)]);
        var executions = report.Executions.Where(execution => execution.Machine == "deployer-dev-deploy").ToList();
        executions.Count.ShouldBe(2);
        executions[0].Arn.Split(':')[^1].ShouldStartWith("carol-1-");
        (executions[0].Status, executions[0].Redrives).ShouldBe(("SUCCEEDED", 0));
        executions[1].Arn.ShouldBe(report.Deployment);
        (executions[1].Status, executions[1].Redrives).ShouldBe(("SUCCEEDED", 1));
        (report.Verdict, rehearsed.ExitCode).ShouldBe((Verdict.Succeeded, 0));
    }

    [Fact]
    public async Task The_same_seed_and_schedule_give_the_same_document_as_executables()
    {
        var file = await Write(StopAndRedrive);
        var inProcess = await CommandLine.Rehearse("--schedule", file, "--seed", "5");

        var executables = await CommandLine.Executable(
            "rehearse",
            CommandLine.Inventory,
            "--target",
            "dev",
            "--schedule",
            file,
            "--seed",
            "5"
        );

        inProcess.Report.People!.Count.ShouldBe(3);
        executables.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));
    }

    [Fact]
    public async Task What_never_happens_is_reported_and_fails_the_command()
    {
        var rehearsed = await Scheduled.Rehearse("schedule: [ { who: alice, when: { request: 1000, of: Finish }, do: stop } ]");

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        rehearsed.ExitCode.ShouldBe(1);
        var act = rehearsed.Report.People!.ShouldHaveSingleItem();
        (act.Outcome, act.VirtualSeconds, act.When).ShouldBe((ActOutcome.NeverHappened, null, "request 1000 of Finish"));
        rehearsed.Json.ShouldContain("\"outcome\": \"never-happened\"");
        rehearsed.Terminal.ShouldContain("alice: stop deployment 1: never happened (request 1000 of Finish)");
    }

    [Fact]
    public async Task A_fault_that_does_not_strike_is_reported_with_what_it_needs_and_fails_the_command()
    {
        var rehearsed = await Scheduled.RehearseFaults(
            "events-twice",
            "ion-load-fails",
            "throttled:cloudformation:DescribeStacks:1000",
            "throttled:cloudformation:DescribeStacks:1"
        );

        var report = rehearsed.Report;
        (report.Verdict, rehearsed.ExitCode).ShouldBe((Verdict.Succeeded, 1));
        report.Faults!.Select(fault => fault.Struck).ShouldBe([true, false, false, true]);
        report.Faults![0].Needs.ShouldBeNull();
        report.Faults[1].Needs.ShouldBe("a new revision of ions on a compute group that has run another one");
        report
            .Faults[2]
            .Needs.ShouldNotBeNull()
            .ShouldMatch(@"^request 1000 of cloudformation:DescribeStacks; functions, builds and tasks made \d+\z");
        rehearsed.Json.ShouldContain("\"fault\": \"ion-load-fails\"");
        rehearsed.Terminal.ShouldContain("ion-load-fails: did not strike; it needs a new revision of ions");
        rehearsed.Terminal.ShouldNotContain("events-twice");
    }

    [Fact]
    public async Task Everything_that_can_be_done_by_hand_is_done_under_the_persons_own_name()
    {
        var rehearsed = await Scheduled.Rehearse(
            """
            schedule:
              - { who: dave, when: { ends: endpoint }, do: { turnOff: { group: "inventory-${target}" } } }
              - { who: dave, when: { ends: endpoint }, do: { deleteStack: { stack: "inventory-${target}-api" } } }
              - who: erin
                when: { ends: endpoint }
                do: { setVariables: { function: "inventory-consumer-${target}-orders", variables: { LOG_LEVEL: debug } } }
              - who: erin
                when: { ends: endpoint }
                do: { moveAlias: { function: "inventory-consumer-${target}-orders", alias: live, version: $LATEST } }
              - { who: erin, when: { at: 3h }, do: { changeStack: { stack: inventory-service, tags: { changed: by-hand } } } }
              - { who: frank, when: { at: 3h }, do: { turnOff: { group: nothing } } }
              - { who: frank, when: { at: 3h }, do: { deleteStack: { stack: no-such-stack } } }
              - { who: frank, when: { at: 3h }, do: { stop: { deployment: 7 } } }
            """,
            async (accounts, _) =>
            {
                (await accounts.ScalingGroup()).DesiredCapacity.ShouldBe(0);
                (await accounts.Target.CloudFormation.DescribeStacksAsync(new())).Stacks.ShouldNotContain(stack =>
                    stack.StackName == "inventory-dev-api"
                );
                var function = await accounts.Rehearsal.World.Do(() =>
                    accounts.Rehearsal.World.Api.Invoke<Amazon.Lambda.Model.GetFunctionConfigurationResponse>(
                        Principal.Root("111111111111"),
                        "us-east-1",
                        new Amazon.Lambda.Model.GetFunctionConfigurationRequest { FunctionName = "inventory-consumer-dev-orders" }
                    )
                );
                function.Environment.Variables["LOG_LEVEL"].ShouldBe("debug");
                function.Environment.Variables.ShouldContainKey("DATOMIC_ENDPOINT");
                var stack = await accounts.Target.CloudFormation.DescribeStacksAsync(new() { StackName = "inventory-service" });
                stack.Stacks.Single().Tags.ShouldContain(tag => tag.Key == "changed");
            }
        );

        rehearsed
            .Report.People!.Select(act => (act.Outcome, act.Problem?.Split(':')[0]))
            .ShouldBe([
                (ActOutcome.Done, null),
                (ActOutcome.Done, null),
                (ActOutcome.Done, null),
                (ActOutcome.Refused, "ResourceNotFoundException"),
                (ActOutcome.Done, null),
                (ActOutcome.Refused, "there is no Auto Scaling group of the compute group nothing, nor of this name"),
                (ActOutcome.Refused, "ValidationError"),
                (ActOutcome.Refused, "there was no deployment 7 yet"),
            ]);
        rehearsed.Json.ShouldNotContain("debug");
        // A person has one request under way: the second begins when the first is over.
        var (off, delete) = (rehearsed.Report.People![0], rehearsed.Report.People![1]);
        delete.VirtualSeconds!.Value.ShouldBeGreaterThan(off.Requests[^1].VirtualSeconds);
        rehearsed.Count("DeleteStack", "person-dave").ShouldBe(1);
        rehearsed.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task Somebody_points_an_alias_at_another_version()
    {
        var service = await AliasOfAFunction.Write(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        var file = await Write(
            $$"""
            schedule:
              - who: erin
                when: { ends: endpoint }
                do: { moveAlias: { function: {{AliasOfAFunction.Orders}}, alias: live, version: $LATEST } }
            """
        );

        var rehearsed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--schedule", file, "--state", state);

        var act = rehearsed.Report.People!.ShouldHaveSingleItem();
        (act.Outcome, act.Problem).ShouldBe((ActOutcome.Done, null));
        act.Requests.ShouldHaveSingleItem().Operation.ShouldBe("lambda:UpdateAlias");
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        (await accounts.Variables(AliasOfAFunction.Orders, "live")).Keys.ShouldContain("DATOMIC_ENDPOINT");
    }

    [Fact]
    public async Task A_schedule_that_is_wrong_is_refused_before_anything_runs()
    {
        var file = await Write("schedule: [ { when: { begins: grop }, do: stop } ]");
        var state = Path.Combine(_folder.Path, "state");

        var refused = await CommandLine.Rehearse("--schedule", file, "--state", state);

        refused.ExitCode.ShouldBe(2);
        (refused.Report.Verdict, refused.Report.Error).ShouldBe((Verdict.Invalid, "ScheduleInvalid"));
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith($"{file}:1:31: there is no step or task 'grop'; expected one of group, ions,");
        Directory.Exists(state).ShouldBeFalse("no account was opened");
    }

    [Fact]
    public async Task A_schedule_that_waits_for_what_never_comes_is_refused_with_what_there_is()
    {
        var operations = await Refused(
            """
            schedule:
              - { when: { request: 1, of: Finish, operation: dynamodb:UpdateItm }, do: stop }
              - { when: { request: 1, of: Finish, operation: dynamodb:UpdateItem }, do: stop }
              - { when: { request: 1, of: Finish, operation: quantum:Leap }, do: stop }
            """
        );
        operations.ShouldContain("2:5: no operation 'UpdateItm' of the service 'dynamodb' is simulated; known: ");
        operations.ShouldContain("UpdateItem");
        operations.ShouldContain("4:5: no service 'quantum' is simulated; known: ");
        operations.Split('\n').Length.ShouldBe(2);

        (await Refused("schedule: [ { when: { begins: group/PushIons }, do: stop } ]")).ShouldContain(
            "1:31: the step 'group' has no task 'PushIons'; expected one of PrepareStack, UpdateStack, ChangeCapacity, RemoveStack"
        );
        (await Refused("schedule: [ { when: { begins: endpoint/UpdateStack }, do: stop } ]")).ShouldContain(
            "1:31: the step 'endpoint' has no task 'UpdateStack'; expected one of ResolveEndpoint, InjectEndpoint"
        );

        async Task<string> Refused(string schedule)
        {
            var refused = await CommandLine.Rehearse("--schedule", await Write(schedule));
            (refused.ExitCode, refused.Report.Error, refused.Report.Deployment).ShouldBe((2, "ScheduleInvalid", null));
            return refused.Report.Cause.ShouldNotBeNull();
        }
    }

    /// <summary>Builds and people are actors as functions are.</summary>
    [Fact]
    public async Task Something_is_done_at_a_request_of_a_build_or_a_person()
    {
        var rehearsed = await Scheduled.Rehearse(
            """
            schedule:
              - { who: alice, when: { at: 1s }, do: { changeStack: { stack: "inventory-${target}-none", parameters: { A: b } } } }
              - { who: bob, when: { request: 1, of: alice }, do: { turnOff: { group: none } } }
              - { when: { request: 1, of: alice }, do: { pause: { for: 1m } } }
              - { who: dave, when: { request: 2, of: build, invocation: 1 }, do: { turnOff: { group: none } } }
              - { when: { request: 2, of: build, invocation: 1 }, do: { pause: { for: 90s } } }
              - { who: dave, when: { request: 3, of: build, invocation: 1 }, do: { turnOff: { group: none } } }
            """
        );

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        var people = rehearsed.Report.People!;
        people.ShouldAllBe(act => act.Outcome != ActOutcome.NeverHappened);
        people[0].VirtualSeconds.ShouldBe(1);
        people[1].VirtualSeconds.ShouldBe(people[0].Requests[0].VirtualSeconds);
        (people[5].VirtualSeconds - people[3].VirtualSeconds).ShouldNotBeNull().ShouldBeInRange(90, 100);
    }

    [Fact]
    public async Task Somebody_deploys_another_folder_of_the_service()
    {
        using var service = await LogsService.Deployed();
        await service.Change("approval: true, ", string.Empty);
        await service.Retain(3);
        Folders.Copy(service.Path, Path.Combine(service.Folder, "next"));
        await service.Retain(5);
        var file = await Scheduled.Write(
            service.Folder,
            "schedule: [ { who: carol, when: { closes: 1 }, do: { deploy: { service: next } } } ]"
        );

        var rehearsed = await service.Run("rehearse", "--schedule", file);

        rehearsed.ExitCode.ShouldBe(0, rehearsed.Report.Cause);
        rehearsed.Report.People!.ShouldHaveSingleItem().Outcome.ShouldBe(ActOutcome.Done);
        rehearsed
            .Report.Executions.Where(execution => execution.Machine == "deployer-dev-deploy")
            .Select(execution => execution.Status)
            .ShouldBe(["SUCCEEDED", "SUCCEEDED"]);
        await using var accounts = await SimulatedAccounts.OpenService(service.Path, service.State);
        var template = await accounts.Target.CloudFormation.GetTemplateAsync(new() { StackName = "inventory-dev-logs" });
        template.TemplateBody.ShouldContain("RetentionInDays: 3");
        (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = "inventory-dev-logs" }))
            .StackEvents.Count(happened =>
                happened.PhysicalResourceId == happened.StackId && happened.ResourceStatus.Value == "UPDATE_IN_PROGRESS"
            )
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_of_a_file_strikes()
    {
        var file = Path.Combine(_folder.Path, "faults.txt");
        await File.WriteAllTextAsync(
            file,
            "# what goes wrong\nevents-twice\nthrottled:cloudformation:ExecuteChangeSet\n",
            TestContext.Current.CancellationToken
        );

        var rehearsed = await CommandLine.Rehearse("--faults", file);

        rehearsed.ExitCode.ShouldBe(0, rehearsed.Report.Cause);
        rehearsed
            .Report.Faults!.Select(fault => (fault.Fault, fault.Struck))
            .ShouldBe([("events-twice", true), ("throttled:cloudformation:ExecuteChangeSet", true)]);
    }

    [Fact]
    public async Task A_folder_of_another_service_is_refused_before_anything_runs()
    {
        var other = CommandLine.CopyInventory(_folder.Path);
        await Replace("deployer.yaml", "service: inventory", "service: orders");
        var file = await Write("schedule: [ { when: { at: 1s }, do: { deploy: { service: service } } } ]");

        var refused = await CommandLine.Rehearse("--schedule", file);

        refused.ExitCode.ShouldBe(2);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain(":1:13: the folder service holds the service orders; expected inventory");

        async Task Replace(string name, string text, string replacement)
        {
            var path = Path.Combine(other, name);
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(text, replacement, StringComparison.Ordinal));
        }
    }

    private async Task<string> Write(string schedule)
    {
        var file = Path.Combine(_folder.Path, "schedule.yaml");
        await File.WriteAllTextAsync(file, schedule);
        return file;
    }
}
