using System.Text.Json;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Tests.Deployments;

public sealed class DeploymentViewTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1";

    private static readonly DeploymentReport Failed = new()
    {
        Verdict = Verdict.Failed,
        Error = "StackFailedException",
        Cause =
            "TxAutoScalingGroup (AWS::AutoScaling::AutoScalingGroup) failed: Received 0 SUCCESS signal(s) out of 1; "
            + "stack inventory-dev is UPDATE_ROLLBACK_COMPLETE",
        Service = "inventory",
        Target = "dev",
        Deployment = Execution,
        Host = "in-process",
        Pipeline = new PipelineReport("failed", "id", "StackFailedException: the cause again", new Dictionary<string, string>()),
        Parts = [new StackReport("inventory-dev", StepAction.Failed, "UPDATE_ROLLBACK_COMPLETE")],
        Outline =
        [
            new StepOutline("group", new StepReport("group", "stack", StepAction.None, 1775), StepEnd.Failed),
            new StepOutline("ions", Ran: null, End: null),
        ],
        Transitions = 15,
        LambdaInvocations = 87,
        Clock = new ClockReport(1810, 16.04),
    };

    private static readonly DeploymentReport Succeeded = new()
    {
        Verdict = Verdict.Succeeded,
        Service = "inventory",
        Target = "dev",
        Deployment = Execution,
        Host = "native",
        Parts =
        [
            new IonsReport(
                "inventory-dev",
                "a0e6a07e",
                "SUCCEEDED",
                "SUCCEEDED",
                [new InstanceReport("i-1", "a0e6a07e"), new InstanceReport("i-2", "a0e6a07e")],
                []
            ),
            new EndpointReport("consumer", ["DATOMIC_ENDPOINT"], "vpce-1.amazonaws.com", StepAction.Injected),
        ],
        Notices = ["ions: acme/lib is 2 instead of 1"],
        Outline =
        [
            new StepOutline("group", Ran: null, StepEnd.Succeeded),
            new StepOutline("ions", new StepReport("ions", "ions", StepAction.Released, 534), StepEnd.Succeeded),
        ],
        Clock = new ClockReport(1420, 7),
    };

    [Fact]
    public void A_removal_is_from_a_target_and_what_it_took_away_is_removed()
    {
        var removal = Succeeded with
        {
            IsRemoval = true,
            Target = "dev-try",
            Parts = [new StackReport("inventory-dev-try", StepAction.Removed, StackReport.NoStack)],
        };

        var removed = Written(removal);
        var failed = Written(removal with { Verdict = Verdict.Failed, Error = "StackFailedException", Cause = "it is held" });

        removed.ShouldStartWith("✓ inventory removed from dev-try in ");
        removed.ShouldContain("✓ ions   removed");
        removed.ShouldContain("What it removed\n  stack inventory-dev-try: removed\n");
        failed.ShouldStartWith("✗ removal of inventory from dev-try: failed in ");
        failed.ShouldContain("What it left\n");
        Written(Succeeded with { Parts = [new StackReport("inventory-dev", StepAction.Failed, StackReport.NoStack)] })
            .ShouldContain("What runs now\n  stack inventory-dev: does not exist\n");
    }

    [Fact]
    public void What_people_did_stands_below_the_steps_with_its_simulated_time()
    {
        ActReport[] people =
        [
            new("alice", "stop deployment 1", "at 10s", ActOutcome.Done, 10.8, []),
            new("bob", "delete stack api", "at 1h", ActOutcome.Refused, 3600, [], "AccessDenied: no"),
            new("carol", "redrive", "at 9h", ActOutcome.NeverHappened, null, []),
        ];

        var screen = Written(Failed with { People = people });

        screen.ShouldContain(
            """
            People
              ✓ 0:10 alice: stop deployment 1
              ✗ 1:00:00 bob: delete stack api: refused: AccessDenied: no
              · carol: redrive: never happened (at 9h)
            """
        );
    }

    [Fact]
    public void Faults_that_did_not_strike_stand_with_what_they_need()
    {
        FaultReport[] faults = [new("events-twice", true, null), new("throttled:s3:Get:9", false, "request 9")];

        var screen = Written(Failed with { Faults = faults });

        screen.ShouldContain(
            """
            Faults
              · throttled:s3:Get:9: did not strike; it needs request 9
            """
        );
        screen.ShouldNotContain("events-twice");
    }

    [Fact]
    public void A_verdict_is_wrapped_at_word_ends_too()
    {
        var screen = Written(Succeeded with { Service = "inventory", Target = "development-of-a-branch" });

        screen.ShouldStartWith(
            """
            ✓ inventory to development-of-a-branch: succeeded in 23:40
              simulated (7.0 s)

            """
        );
    }

    [Fact]
    public void On_AWS_it_is_said_what_a_deployment_left_since_another_may_have_followed()
    {
        var aws = new AwsRun("dev", 3, "jane", default, DateTimeOffset.UnixEpoch, 0, null, true, null);

        var screen = Written(Succeeded with { Aws = aws });

        screen.ShouldContain("What it deployed\n");
        screen.ShouldNotContain("What runs now");
    }

    [Fact]
    public void A_lock_that_is_not_free_yet_is_shown_with_what_is_waited_for()
    {
        var aws = new AwsRun("dev", 3, "jane", default, DateTimeOffset.UnixEpoch, 0, null, Settled: false, null);

        var screen = Written(Succeeded with { Aws = aws });

        string.Join(' ', screen.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("its lock is not free yet: its end has not reached the deployer; the sweep, every five minutes, tries again");
    }

    [Fact]
    public void A_stopped_deployment_has_not_failed()
    {
        var screen = Written(
            Failed with
            {
                Verdict = Verdict.Stopped,
                Aws = new AwsRun("dev", 3, "jane", default, null, 0, null, true, null),
            }
        );

        screen.ShouldStartWith("- inventory to dev: stopped in 30:10\n");
    }

    [Fact]
    public void A_failure_is_one_screen_that_names_the_cause_once() =>
        Written(Failed)
            .ShouldBe(
                $"""
                ✗ inventory to dev: failed in 30:10 simulated (16.0 s)

                Cause
                  StackFailedException
                  TxAutoScalingGroup (AWS::AutoScaling::AutoScalingGroup)
                    failed: Received 0 SUCCESS signal(s) out of 1
                  stack inventory-dev is UPDATE_ROLLBACK_COMPLETE

                Steps
                  ✗ group  failed         29:35
                  · ions   not started

                What runs now
                  stack inventory-dev: UPDATE_ROLLBACK_COMPLETE

                This run
                  pipeline job failed
                  15 transitions, 87 invocations (in-process); locks held 0,
                    waits open 0
                  execution {Execution}

                Next
                  If the cause is in the service's files, correct them and
                    deploy again. Otherwise continue at the task that
                    failed; finished steps are not run again:
                  deployer redrive {Execution} --state accounts

                """
            );

    [Fact]
    public void A_kind_of_step_that_the_document_has_no_list_for_is_shown_by_its_own_lines_and_stands_in_the_document()
    {
        var report = Failed with { Parts = [.. Failed.Parts, new TopicReport("orders")] };

        Written(report)
            .ShouldContain(
                """
                What runs now
                  stack inventory-dev: UPDATE_ROLLBACK_COMPLETE
                  topic orders: 2 subscribers
                """
            );
        JsonSerializer.Serialize(report, JsonSerializerOptions.Web).ShouldContain(""","topics":[{"name":"orders"}]""");
    }

    [Fact]
    public void What_is_left_is_explained() =>
        Written(Failed with { LocksHeld = 1, WaitsOpen = 2, Unsettled = ["deployment one is not settled and keeps its lock: no"] })
            .ShouldContain(
                """
                  15 transitions, 87 invocations (in-process); locks held 1,
                    waits open 2
                  deployment one is not settled and keeps its lock: no
                """
            );

    [Fact]
    public void A_success_shows_each_step_what_runs_and_the_notices() =>
        Written(Succeeded)
            .ShouldStartWith(
                """
                ✓ inventory to dev: succeeded in 23:40 simulated (7.0 s)

                Steps
                  ✓ group  done before
                  ✓ ions   released        8:54

                What runs now
                  group inventory-dev: revision a0e6a07e on i-1, i-2
                  function consumer: DATOMIC_ENDPOINT (injected), address
                    vpce-1.amazonaws.com

                Notices
                  ions: acme/lib is 2 instead of 1

                """
            );

    [Fact]
    public void What_was_changed_by_hand_is_shown_once_where_it_is_the_cause()
    {
        const string Mode = "modes: Mode (AWS::SSM::Parameter) of stack m was changed by hand: /Value: slow → fast";
        const string Name = "modes: Mode (AWS::SSM::Parameter) of stack m was changed by hand: /Name: **** → ****";
        const string Other = "modes: Mode (AWS::SSM::Parameter) of stack m was changed by hand: /Value: slow";
        var written = Written(
                Failed with
                {
                    Cause = $"2 changes by hand may be written over\n{Mode}\n{Name} (not the value that it had when plan p was made)",
                    Notices = [Mode, Name, Other],
                }
            )
            .Words();

        written.Split(Mode).Length.ShouldBe(2);
        written.Split(Name).Length.ShouldBe(2);
        written.ShouldContain($"Notices {Other} This run");
        Written(Failed with { Cause = Mode, Notices = [Mode] }).ShouldNotContain("Notices");
    }

    [Fact]
    public void Instances_with_different_revisions_are_shown_apart_and_so_is_a_deploy_that_failed()
    {
        var written = Written(
            Failed with
            {
                Parts =
                [
                    .. Failed.Parts,
                    Succeeded.Ions[0] with
                    {
                        DeployStatus = "FAILED",
                        Instances = [new InstanceReport("i-1", "old"), new InstanceReport("i-2", "a0e6a07e")],
                    },
                ],
            }
        );

        written.ShouldContain("  group inventory-dev: revision old on i-1\n  group inventory-dev: revision a0e6a07e on i-2\n");
        written.ShouldContain("  the deploy of revision a0e6a07e: datomic-inventory-dev\n    FAILED, CodeDeploy SUCCEEDED\n");
    }

    /// <summary>The cause has the same status as CodeDeploy spells it.</summary>
    [Fact]
    public void A_status_of_CodeDeploy_is_spelled_as_in_the_cause()
    {
        var ions = Succeeded.Ions[0] with { DeployStatus = "RUNNING", CodeDeployStatus = "INPROGRESS", CodeDeployWord = "InProgress" };

        Written(Failed with { Parts = [ions] }).ShouldContain(", CodeDeploy InProgress\n");
    }

    [Fact]
    public void A_step_that_has_no_changes_is_listed_as_one_that_is_done() =>
        Written(Succeeded with { Outline = [new StepOutline("api", Ran: null, StepEnd.Unchanged)] }).ShouldContain("  ✓ api  no changes\n");

    [Fact]
    public void A_step_that_was_stopped_by_another_ones_failure_is_no_failure_of_its_own() =>
        Written(Failed with { Outline = [new StepOutline("api", new StepReport("api", "stack", StepAction.None, 5), StepEnd.Stopped)] })
            .ShouldContain("  - api  stopped         0:05\n");

    [Fact]
    public void Only_what_is_copied_is_longer_than_the_window() =>
        Written(Failed).Split('\n').Where(line => line.Length > 60).ShouldAllBe(line => line.Contains(Execution, StringComparison.Ordinal));

    private static string Written(DeploymentReport report)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var next = new NextCommand(
            "deployer",
            NextPlace.Kept("accounts"),
            new DeployedService("examples/inventory", "dev", Instance: null),
            []
        );
        new DeploymentView(next).Show(report, new Screen(output, width: 60));
        return output.ToString();
    }

    private sealed record TopicReport(string Name) : IReportPart
    {
        string IReportPart.Section => "topics";

        IEnumerable<string> IReportPart.Lines => [$"topic {Name}: 2 subscribers"];
    }
}
