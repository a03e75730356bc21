using Amazon.Lambda.Model;
using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests;

/// <summary>The program in a process of its own, with the functions' executable behind the Lambda Runtime API.</summary>
public sealed class ExecutableTests(ITestOutputHelper output)
{
    [Fact]
    public async Task It_rehearses_the_example_and_reports_no_secret()
    {
        using var state = new TemporaryFolder();

        var rehearsed = await CommandLine.Executable("rehearse", CommandLine.Inventory, "--target", "dev", "--state", state.Path);

        rehearsed.ExitCode.ShouldBe(0, rehearsed.Terminal);
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        output.WriteLine($"the functions ran as: {rehearsed.Report.Host}");
        rehearsed.Report.Host.ShouldBe(CommandLine.ExpectedHost);
        rehearsed.Terminal.ShouldContain("pipeline job succeeded");
        rehearsed.Terminal.ShouldContain($"execution {rehearsed.Report.Deployment}");
        rehearsed.ShouldReportToThePipelineOnce("succeeded");
        rehearsed.ShouldLeaveNothingBehind();
        await using var accounts = await SimulatedAccounts.Open(state.Path);
        rehearsed.ShouldHoldNone(await accounts.Secrets());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_document_as_in_process()
    {
        var inProcess = await CommandLine.Rehearse("--seed", "3");

        var executables = await CommandLine.Executable("rehearse", CommandLine.Inventory, "--target", "dev", "--seed", "3");

        executables.ExitCode.ShouldBe(0, executables.Terminal);
        executables.Report.Host.ShouldBe(CommandLine.ExpectedHost);
        executables.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));
    }

    [Fact]
    public async Task With_people_deaths_and_faults_the_document_is_the_same_in_process_as_executables_and_natively()
    {
        using var folder = new TemporaryFolder();
        var schedule = await Scheduled.Write(
            folder.Path,
            """
            schedule:
              - { who: alice, when: { begins: group/PrepareStack, wait: 200ms }, do: stop }
              - { who: bob, when: { closes: 1, wait: 1m }, do: redrive }
              - { when: { request: 3, of: DeployIons }, do: kill }
              - { when: { request: 2, of: UpdateStack }, do: { delay: { by: 15s } } }
              - { when: { request: 2, of: Finish }, do: { pause: { for: 5s } } }
              - { who: carol, when: { begins: ions/DeployIons }, do: deploy }
            """
        );
        string[] command =
        [
            "rehearse",
            CommandLine.Inventory,
            "--target",
            "dev",
            "--seed",
            "4",
            "--schedule",
            schedule,
            "--fault",
            "throttled:lambda:GetFunction",
        ];

        var inProcess = await CommandLine.InProcess(command);
        var managed = await CommandLine.ExecutableOf(CommandLine.ManagedFunctions, command);

        inProcess.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        managed.Report.Host.ShouldBe("executable");
        managed.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));
        if (CommandLine.NativeFunctions is not { } functions)
        {
            CommandLine.ExpectedHost.ShouldNotBe("native", "the native executable is expected and not there");
            Assert.Skip("The native executable was not published since the last build: in process and the executable were compared.");
            return;
        }

        var native = await CommandLine.ExecutableOf(functions, command);
        native.Report.Host.ShouldBe("native");
        native.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));
    }

    /// <summary>
    /// In process the SDK's pauses take no wall time, as executables they take both kinds: simulated time is what the world says in either.
    /// </summary>
    [Fact]
    public async Task With_requests_that_the_SDK_tries_thrice_again_the_document_is_the_same()
    {
        using var folder = new TemporaryFolder();
        var schedule = await Scheduled.Write(
            folder.Path,
            "schedule:\n"
                + Scheduled.Lines(
                    AwsConnection.MostRetries + 1,
                    number =>
                        $"  - {{ when: {{ request: {number}, of: UpdateStack, operation: cloudformation:ExecuteChangeSet }}, "
                        + "do: { delay: { by: 0s } } }"
                )
        );
        string[] command =
        [
            "rehearse",
            CommandLine.Inventory,
            "--target",
            "dev",
            "--seed",
            "5",
            "--schedule",
            schedule,
            .. Thrice("throttled:cloudformation:ExecuteChangeSet"),
            .. Thrice("server-error:codebuild:StartBuild"),
            .. Thrice("connection-lost-after:lambda:UpdateFunctionConfiguration"),
            .. Thrice("connection-lost-before:cloudformation:CreateChangeSet"),
        ];

        var inProcess = await CommandLine.InProcess(command);
        var executables = await CommandLine.Executable(command);

        inProcess.ExitCode.ShouldBe(0, inProcess.Terminal);
        inProcess.Report.Faults!.Count.ShouldBe(12);
        inProcess.Report.Faults!.ShouldAllBe(fault => fault.Struck);
        var attempts = inProcess.Report.People!.Select(act => act.VirtualSeconds!.Value).ToList();
        var pauses = attempts.Zip(attempts.Skip(1), (one, next) => next - one).ToList();
        // A random part of 1, 2 and 4 seconds, and the way of a request and its answer.
        pauses.Zip([1, 2, 4]).ShouldAllBe(pause => pause.First > 0 && pause.First < pause.Second + 0.5);
        pauses.Sum().ShouldBeGreaterThan(1);
        executables.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));

        static IEnumerable<string> Thrice(string fault) =>
            Enumerable.Range(1, AwsConnection.MostRetries).SelectMany(time => new[] { "--fault", $"{fault}:{time}" });
    }

    /// <summary>It is at work, and not dead: what it would do after its time is over is cut off, in simulated time.</summary>
    [Fact]
    public async Task A_function_that_works_beyond_its_timeout_is_ended_at_it_and_tried_again()
    {
        using var folder = new TemporaryFolder();
        var schedule = await Scheduled.Write(
            folder.Path,
            """
            schedule:
              - { when: { request: 1, of: Finish }, do: { pause: { for: 10m } } }
            """
        );
        var state = Path.Combine(folder.Path, "in-process");
        var other = Path.Combine(folder.Path, "executables");
        string[] command = ["rehearse", CommandLine.Inventory, "--target", "dev", "--seed", "6", "--schedule", schedule];

        var inProcess = await CommandLine.InProcess([.. command, "--state", state]);
        var executables = await CommandLine.Executable([.. command, "--state", other]);

        inProcess.ExitCode.ShouldBe(0, inProcess.Terminal);
        inProcess.Report.People!.ShouldHaveSingleItem().Outcome.ShouldBe(ActOutcome.Done);
        executables.RepeatableJson("host").ShouldBe(inProcess.RepeatableJson("host"));
        foreach (var (result, place) in new[] { (inProcess, state), (executables, other) })
        {
            result.ShouldLeaveNothingBehind();
            await using var accounts = await SimulatedAccounts.Open(place);
            var timeout = await accounts.InTools<GetFunctionConfigurationResponse>(
                new GetFunctionConfigurationRequest { FunctionName = "deployer-dev-Finish" }
            );
            var history = await accounts.History(result.Report.Deployment!);
            var ended = history.Single(happened => happened.TaskFailedEventDetails?.Error == "Sandbox.Timedout");
            var started = history.Single(happened => happened.Id == ended.PreviousEventId);
            started.Type.ShouldBe(HistoryEventType.TaskStarted);
            (ended.Timestamp - started.Timestamp).ShouldBe(TimeSpan.FromSeconds(timeout.Timeout!.Value));
            var after = history.SkipWhile(happened => happened != ended).Skip(1).Select(happened => happened.Type.Value).ToList();
            after.Take(3).ShouldBe(["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
            after[^1].ShouldBe("ExecutionSucceeded");
        }
    }

    [Fact]
    public async Task A_wait_of_forty_minutes_trips_its_limit()
    {
        using var state = new TemporaryFolder();

        var rehearsed = await CommandLine.Executable(
            "rehearse",
            CommandLine.Inventory,
            "--target",
            "dev",
            "--fault",
            "stack-never-ends",
            "--state",
            state.Path
        );

        rehearsed.ExitCode.ShouldBe(1, rehearsed.Terminal);
        rehearsed.Report.Host.ShouldBe(CommandLine.ExpectedHost);
        rehearsed.Report.Error.ShouldBe("StepTimedOutException");
        rehearsed.Report.Cause.ShouldNotBeNull().ShouldStartWith("stack inventory-dev is still UPDATE_IN_PROGRESS after 40 minutes");
        rehearsed.Report.Stacks.ShouldHaveSingleItem().Status.ShouldBe("UPDATE_IN_PROGRESS");
        rehearsed.Step("group").VirtualSeconds.ShouldBeInRange(40 * 60, 45 * 60);
        rehearsed.Terminal.ShouldContain("StepTimedOutException");
        rehearsed.ShouldReportToThePipelineOnce("failed");
        rehearsed.ShouldLeaveNothingBehind();
        await using var accounts = await SimulatedAccounts.Open(state.Path);
        rehearsed.ShouldHoldNone(await accounts.Secrets());
    }

    [Fact]
    public async Task Wrong_options_are_reported_on_the_terminal()
    {
        var refused = await CommandLine.Executable("rehearse", CommandLine.Inventory, "--target", "dev", "--seed", "first");

        refused.ExitCode.ShouldBe(2);
        refused.Terminal.ShouldContain("'first'");
        refused.Terminal.ShouldContain("--seed");
    }
}
