using Deployer.Cli.Deployments;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Tests.Deployments;

public sealed class NextCommandTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1";

    private static readonly string[] Arguments = ["rehearse", "examples/inventory", "--target", "dev", "--fault", "ion load fails"];

    private static readonly DeployedService Inventory = new("examples/inventory", "dev", Instance: null);

    [Fact]
    public void What_a_newer_deployment_has_replaced_is_not_gone_on_with_where_the_accounts_are_gone() =>
        new NextCommand("deployer", null, null)
            .After(Report(Verdict.Failed, "SupersededException") with { SupersededBy = new NewerDeployment(2, null, "SUCCEEDED") })
            .Reason.ShouldBe(
                "The newer deployment number 2 came after it and has succeeded, and the rehearsed accounts are gone: there is nothing "
                    + "to go on with."
            );

    /// <summary>Also where the accounts are gone: to keep them would not help.</summary>
    [Fact]
    public void What_started_nothing_is_run_again_once_its_cause_is_gone() =>
        new NextCommand("deployer", null, null)
            .After(Report(Verdict.Failed, "PipelineFailed") with { Deployment = null })
            .Reason.ShouldBe("No execution was started. Correct the cause, then run the same command again.");

    [Fact]
    public void A_failure_in_kept_accounts_is_redriven() =>
        After(Verdict.Failed, "accounts").Command.ShouldBe($"deployer redrive {Execution} --state accounts");

    [Fact]
    public void A_failure_in_accounts_that_are_gone_is_rehearsed_again_in_accounts_that_are_kept() =>
        After(Verdict.Failed, state: null)
            .Command.ShouldBe("deployer rehearse examples/inventory --target dev --fault 'ion load fails' --state accounts");

    [Theory]
    [InlineData("StepDiffersException")]
    [InlineData("SupersededException")]
    [InlineData("GroupNotLiveException")]
    public void A_failure_after_which_a_redrive_does_nothing_again_is_deployed_again(string error)
    {
        After(Verdict.Failed, "accounts", error).Command.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");

        var next = new NextCommand("deployer", NextPlace.Kept("accounts"), null).After(
            Report(Verdict.Failed, error) with
            {
                Service = "inventory",
                Target = "dev",
                Folder = "examples/inventory",
            }
        );
        next.Reason.ShouldEndWith("then deploy again:");
        next.Command.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");
    }

    [Fact]
    public void What_was_changed_by_hand_is_put_back_or_written_over()
    {
        var next = After(Verdict.Failed, "accounts", "DriftedException");

        next.Reason.ShouldStartWith("'deployer deploy examples/inventory --target dev --state accounts --accept-drift' writes over ");
        next.Command.ShouldBe($"deployer redrive {Execution} --state accounts");
    }

    [Theory]
    [InlineData(Verdict.Stopped, "SUCCEEDED", "has succeeded")]
    [InlineData(Verdict.Stopped, "FAILED", "has failed")]
    [InlineData(Verdict.Failed, "RUNNING", "still runs")]
    public void What_a_newer_deployment_came_after_is_deployed_again_and_not_redriven(Verdict verdict, string status, string words)
    {
        var newer = new NewerDeployment(2, Execution[..^1] + "2", status);

        var next = new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory).After(Report(verdict) with { SupersededBy = newer });

        next.Reason.ShouldBe(
            $"The newer deployment inventory-dev-2 (number 2) came after it and {words}: a redrive would end with SupersededException. "
                + "See what it changed, then deploy again:"
        );
        next.Command.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");
    }

    [Theory]
    [InlineData("StepDiffersException", false)]
    [InlineData("SupersededException", true)]
    public void What_a_pipeline_has_deployed_on_AWS_the_pipeline_deploys_again(string error, bool newer)
    {
        var next = new NextCommand("deployer", new NextPlace(["--profile", "tools"], IsOnAws: true), deployed: null).After(
            Report(Verdict.Failed, error) with
            {
                DeployingPipeline = "orders-pipeline",
                SupersededBy = newer ? new NewerDeployment(2, Execution[..^1] + "2", "SUCCEEDED") : null,
            }
        );

        next.Reason.ShouldEndWith(", then have the pipeline orders-pipeline deploy its newest commit:");
        next.Command.ShouldBe("aws codepipeline start-pipeline-execution --name orders-pipeline --region us-east-1 --profile tools");
    }

    [Theory]
    [InlineData("ApprovalNeededException")]
    [InlineData("PlanChangedException")]
    public void A_plan_that_is_refused_is_made_again(string error)
    {
        After(Verdict.Failed, "accounts", error).Command.ShouldBe("deployer deploy examples/inventory --target dev --state accounts");

        var next = new NextCommand("deployer", NextPlace.Kept("accounts"), null).After(
            Report(Verdict.Failed, error) with
            {
                Service = "inventory",
                Target = "dev",
                Folder = "examples/inventory",
            }
        );
        next.Command.ShouldBe("deployer deploy examples/inventory --target dev --state accounts");
        next.Reason.ShouldBe("It needs a plan. 'deployer deploy' makes one of what there is now, which somebody approves:");
        var planned = Report(Verdict.Failed, error) with { Plan = new PlanReport(Execution, "digest") };
        new NextCommand("deployer", NextPlace.Kept("accounts"), null)
            .After(planned)
            .Reason.ShouldStartWith("It cannot go on by this plan. 'deployer deploy' makes one ");
    }

    [Fact]
    public void What_did_not_happen_is_said_to_be_why_the_exit_code_is_1()
    {
        var report = Report(Verdict.Succeeded, error: null) with
        {
            Faults = [new Deployer.Rehearsal.World.FaultReport("tasks-do-not-start", Struck: false, Needs: null)],
        };

        new NextCommand("deployer", NextPlace.Kept("accounts"), deployed: null)
            .After(report)
            .Reason.ShouldStartWith("The exit code is 1: not all that the schedule or the faults name has happened");
    }

    [Theory]
    [InlineData("PlanChangedException")]
    [InlineData("SupersededException")]
    public void A_plan_of_a_pipeline_that_is_refused_is_made_again_by_the_pipeline(string error)
    {
        var report = Report(Verdict.Failed, error) with { PlanningPipeline = "orders-pipeline" };
        const string Words =
            "The pipeline orders-pipeline makes another plan: retry all actions of the stage that failed if it makes the plan itself, "
            + "else start the pipeline again";

        var onAws = new NextCommand("deployer", new NextPlace([], IsOnAws: true), deployed: null).After(report);
        onAws.Reason.ShouldEndWith(Words + ":");
        const string Start = "aws codepipeline start-pipeline-execution --name orders-pipeline --region us-east-1";
        onAws.Command.ShouldBe(Start);
        var notBegun = new NextCommand(
            "deployer",
            new NextPlace(["--profile", "tools", "--region", "eu-west-1"], IsOnAws: true),
            deployed: null
        ).After(
            report with
            {
                Deployment = null,
                Plan = new PlanReport(Execution.Replace("-deploy:", "-plan:", StringComparison.Ordinal), "digest"),
            }
        );
        notBegun.Reason.ShouldBe($"Correct the cause. {Words}:");
        notBegun.Command.ShouldBe($"{Start} --profile tools");

        var rehearsed = new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory).After(report);
        rehearsed.Reason.ShouldEndWith(Words + ":");
        rehearsed.Command.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");
    }

    [Fact]
    public void A_plan_whose_accounts_are_gone_is_made_again_in_accounts_that_are_kept()
    {
        var next = After(Verdict.WaitingForApproval, state: null);

        next.Reason.ShouldStartWith("The rehearsed accounts are gone, and the plan with them.");
        next.Command.ShouldBe("deployer rehearse examples/inventory --target dev --fault 'ion load fails' --state accounts");
    }

    [Fact]
    public void After_a_redrive_has_succeeded_the_stage_that_shows_the_failure_is_retried()
    {
        const string Id = "01234567-89ab-cdef-0123-456789abcdef";
        const string Words =
            "The pipeline orders-pipeline still shows that the stage Dev has failed. A retry of its failed actions turns it green at once, "
            + "and deploys nothing again";
        const string Retry =
            "aws codepipeline retry-stage-execution --pipeline-name orders-pipeline --stage-name Dev "
            + $"--pipeline-execution-id {Id} --retry-mode FAILED_ACTIONS";
        var report = Report(Verdict.Succeeded) with { FailedStage = new FailedStage("orders-pipeline", Id, "Dev"), Target = "dev" };

        var onAws = new NextCommand("deployer", new NextPlace(["--profile", "tools"], IsOnAws: true), deployed: null).After(report);
        onAws.ShouldBe(new NextStep(Words + ":", $"{Retry} --region us-east-1 --profile tools"));
        new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory)
            .After(report)
            .ShouldBe(
                new NextStep(
                    $"{Words}. Serve the rehearsed accounts, and once rehearsal.env is written run the second command:",
                    "deployer serve examples/inventory --state accounts > rehearsal.env &",
                    $". ./rehearsal.env && {Retry}"
                )
            );
    }

    /// <summary>CodePipeline refuses to retry what is not the latest of its stage.</summary>
    [Theory]
    [InlineData(
        true,
        "plan-arn",
        "it is rolled back by the execution taker since, whose plan waits and has looked at what was there before the redrive. Reject it; "
            + "the next execution of the pipeline turns the stage green:",
        "deployer reject plan-arn --profile tools"
    )]
    [InlineData(true, null, "it is rolled back by the execution taker since. The next execution of the pipeline turns it green.", null)]
    [InlineData(
        false,
        "plan-arn",
        "it has the newer execution taker since, and shows how that one ends. Nothing is left to do for this execution.",
        null
    )]
    public void A_stage_to_which_another_execution_has_come_is_not_retried(bool isRollback, string? plan, string reason, string? command)
    {
        var failed = new FailedStage("orders-pipeline", "id", "Dev") { TakenBy = new StageTaker("taker", isRollback, plan) };

        new NextCommand("deployer", new NextPlace(["--profile", "tools"], IsOnAws: true), deployed: null)
            .After(Report(Verdict.Succeeded) with { FailedStage = failed })
            .ShouldBe(new NextStep($"The stage Dev of the pipeline orders-pipeline cannot be retried: {reason}", command));
    }

    [Fact]
    public void A_stage_that_may_not_be_looked_up_is_retried_where_it_shows_the_failure() =>
        new NextCommand("deployer", new NextPlace([], IsOnAws: true), deployed: null)
            .After(Report(Verdict.Succeeded) with { FailedStage = new FailedStage("orders-pipeline", "id", Stage: null) })
            .ShouldBe(
                new NextStep(
                    "If the pipeline orders-pipeline still shows that the stage has failed, a retry of its failed actions turns it green "
                        + "at once, and deploys nothing again."
                )
            );

    [Theory]
    [InlineData(null, "dev", "prod", "--target prod --profile tools --region us-east-1 --stage dev")]
    [InlineData(null, "prod", "prod", "--target prod --profile tools --region us-east-1")]
    [InlineData("try", "dev", "dev-try", "--target dev --instance try --profile tools --region us-east-1")]
    public void Of_an_execution_that_was_named_a_command_has_the_deployer_and_the_instance(
        string? instance,
        string stage,
        string target,
        string words
    )
    {
        var next = new NextCommand("deployer", new NextPlace(["--profile", "tools"], IsOnAws: true), deployed: null).After(
            Report(Verdict.Failed, "StepDiffersException") with
            {
                Aws = new AwsRun(stage, 1, null, default, default, 0, null, Settled: true, null),
                Service = "inventory",
                Target = target,
                Instance = instance,
            }
        );

        next.Command.ShouldBe("deployer deploy . " + words);
        next.Reason.ShouldEndWith("then deploy again, in the folder with inventory's deployer.yaml:");
    }

    [Fact]
    public void A_group_that_is_off_is_turned_on_before_it_is_deployed_to_again()
    {
        var next = After(Verdict.Failed, "accounts", "GroupOffException");

        next.Reason.ShouldBe("The compute group is off. Turn it on, then deploy again:");
        next.Command.ShouldBe("deployer group on examples/inventory --target dev --state accounts");
        next.Then.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");
    }

    [Fact]
    public void A_rollback_to_a_group_that_is_off_is_asked_for_again()
    {
        var next = new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory, Arguments).After(
            Report(Verdict.Failed, "GroupOffException") with
            {
                RollbackTo = "4d1e0a77",
            }
        );

        next.Reason.ShouldBe("The compute group is off. Turn it on, then go back again:");
        next.Command.ShouldBe("deployer group on examples/inventory --target dev --state accounts");
        next.Then.ShouldBe("deployer rollback examples/inventory --target dev --to 4d1e0a77 --state accounts");
    }

    [Fact]
    public void A_failure_whose_cause_may_be_in_the_files_says_both()
    {
        var next = After(Verdict.Failed, "accounts", "StackFailedException");

        next.Reason.ShouldStartWith("If the cause is in the service's files, correct them and deploy again.");
        next.Command.ShouldBe($"deployer redrive {Execution} --state accounts");
    }

    [Fact]
    public void Transactors_that_are_not_well_are_rolled_back()
    {
        var next = After(Verdict.Failed, "accounts", "TransactorUnsteadyException", subject: "4d1e0a7");

        next.Reason.ShouldStartWith("What was deployed is unhealthy. Bring back what was deployed before;");
        next.Reason.ShouldContain($"'deployer redrive {Execution} --state accounts'");
        next.Command.ShouldBe("deployer rollback examples/inventory --target dev --to 4d1e0a7 --state accounts");
        var unknown = After(Verdict.Failed, "accounts", "TransactorUnsteadyException");
        unknown.Command.ShouldBe($"deployer redrive {Execution} --state accounts");
        unknown.Reason.ShouldContain("'deployer history examples/inventory --target dev --state accounts' lists the revisions that ");
        unknown.Reason.ShouldContain("'deployer rollback examples/inventory --target dev --to REVISION --state accounts' brings back.");
    }

    [Theory]
    [InlineData("4d1e0a7", "--to 4d1e0a7 --profile tools' brings back what was deployed")]
    [InlineData(null, "--to REVISION --profile tools' brings back, in the folder with orders's deployer.yaml.")]
    public void After_a_redrive_by_the_execution_alone_the_commands_are_complete(string? revision, string words)
    {
        var next = new NextCommand("deployer", new NextPlace(["--profile", "tools"], IsOnAws: true), null).After(
            Report(Verdict.Failed, "TransactorUnsteadyException") with
            {
                RemedySubject = revision,
                Service = "orders",
                Target = "dev",
            }
        );

        next.Reason.ShouldContain("'deployer rollback . --target dev " + words);
        next.Command.ShouldBe($"deployer redrive {Execution} --profile tools");
    }

    [Fact]
    public void Ions_that_bake_badly_are_rolled_back_where_there_is_a_revision_before()
    {
        After(Verdict.Failed, "accounts", "IonsBakeFailedException", subject: "4d1e0a7")
            .Command.ShouldBe("deployer rollback examples/inventory --target dev --to 4d1e0a7 --state accounts");
        After(Verdict.Failed, "accounts", "IonsBakeFailedNoWayBackException")
            .Command.ShouldBe($"deployer redrive {Execution} --state accounts");
    }

    [Fact]
    public void Without_a_way_back_no_rollback_is_named()
    {
        var next = After(Verdict.Failed, "accounts", "TransactorUnsteadyNoWayBackException");

        next.Reason.ShouldEndWith("Deploy a newer release, or look at this one again:");
        next.Reason.ShouldNotContain("rollback");
        next.Command.ShouldBe($"deployer redrive {Execution} --state accounts");
    }

    [Fact]
    public void An_error_of_Step_Functions_is_redriven() =>
        After(Verdict.Failed, "accounts", "States.Timeout").Command.ShouldBe($"deployer redrive {Execution} --state accounts");

    [Fact]
    public void A_failure_that_a_redrive_would_repeat_asks_for_a_correction()
    {
        var next = After(Verdict.Failed, "accounts", "IonsPreflightException");

        next.Command.ShouldBeNull();
        next.Reason.ShouldContain("Correct the cause");
    }

    /// <summary>To keep the accounts, or to redrive, would end the same way.</summary>
    [Theory]
    [InlineData("accounts", "dev first, then run the same command again:")]
    [InlineData(null, "dev first, in accounts that are kept, then run the same command again with '--state accounts':")]
    public void What_the_stage_before_has_not_released_is_released_there_first(string? state, string words)
    {
        var refused = Report(Verdict.Failed, "RevisionNotPromotedException") with { TargetToReleaseFirst = "dev" };
        string[] arguments = ["rehearse", "examples/inventory", "--target", "prod"];

        var next = new NextCommand(
            "deployer",
            state is null ? null : NextPlace.Kept(state),
            new DeployedService("examples/inventory", "prod", Instance: null),
            arguments
        ).After(refused);

        next.Reason.ShouldBe($"A redrive would end the same way. Release the same files to {words}");
        next.Command.ShouldBe("deployer rehearse examples/inventory --target dev --state accounts");
    }

    [Fact]
    public void On_AWS_the_stage_before_has_its_own_deployer_and_a_pipeline_deploys_what_it_has_deployed()
    {
        var refused = Report(Verdict.Failed, "RevisionNotPromotedException") with { TargetToReleaseFirst = "dev" };
        var next = new NextCommand(
            "deployer",
            new NextPlace(["--profile", "tools", "--stage", "prod", "--region", "us-east-1"], IsOnAws: true),
            new DeployedService("examples/inventory", "prod", Instance: null)
        );

        next.After(refused).Command.ShouldBe("deployer deploy examples/inventory --target dev --profile tools --region us-east-1");
        next.After(refused with { DeployingPipeline = "orders-pipeline" })
            .ShouldBe(
                new NextStep(
                    "A redrive would end the same way. Release the same files to dev first, then have the pipeline orders-pipeline "
                        + "deploy it."
                )
            );
        next.After(refused with { TargetToReleaseFirst = null })
            .Reason.ShouldBe(
                "A redrive would end the same way. Release the same files in the stage before, then run the same command again."
            );
    }

    [Theory]
    [InlineData(
        "IonsPreflightException",
        "A redrive would deploy the same files again. Correct the cause, then run the same command again."
    )]
    [InlineData("GroupOffException", "The rehearsed accounts are gone. To go on from there, rehearse the same and keep the accounts:")]
    public void What_a_redrive_would_not_mend_is_not_gone_on_with_at_the_task_that_failed(string error, string words) =>
        After(Verdict.Failed, state: null, error).Reason.ShouldBe(words);

    /// <summary>The same command, a redrive or a watch, would do the same again.</summary>
    [Fact]
    public void Of_an_execution_that_was_named_a_correction_is_deployed_by_what_has_deployed_it()
    {
        var failed = Report(Verdict.Failed, "IonsPreflightException") with { Service = "inventory", Target = "dev" };
        var onAws = new NextCommand("deployer", new NextPlace([], IsOnAws: true), deployed: null);

        var byHand = onAws.After(failed);
        byHand.Reason.ShouldBe(
            "A redrive would deploy the same files again. Correct the cause, then deploy again, in the folder with inventory's "
                + "deployer.yaml:"
        );
        byHand.Command.ShouldBe("deployer deploy . --target dev");
        var byPipeline = onAws.After(failed with { DeployingPipeline = "orders-pipeline" });
        byPipeline.Reason.ShouldEndWith("Correct the cause, then have the pipeline orders-pipeline deploy the corrected commit.");
        byPipeline.Command.ShouldBeNull();
    }

    /// <summary>The program may be given by a path of the present folder, and the command is for another one.</summary>
    [Fact]
    public void A_command_for_another_folder_has_the_whole_path_of_the_program()
    {
        var failed = Report(Verdict.Failed, "IonsPreflightException") with { Service = "inventory", Target = "dev" };
        var program = Path.Combine("bin", "deployer");

        new NextCommand(program, new NextPlace([], IsOnAws: true), deployed: null)
            .After(failed)
            .Command.ShouldBe($"{Path.GetFullPath(program)} deploy . --target dev");
        new NextCommand(program, new NextPlace([], IsOnAws: true), deployed: null)
            .After(failed with { Target = null })
            .Command.ShouldBeNull();
    }

    [Fact]
    public void A_success_in_kept_accounts_is_planned_again() =>
        After(Verdict.Succeeded, "my accounts").Command.ShouldBe("deployer plan examples/inventory --target dev --state 'my accounts'");

    [Fact]
    public void A_stopped_deployment_goes_on_where_it_was_stopped()
    {
        var next = After(Verdict.Stopped, "accounts");

        next.Reason.ShouldContain("nothing failed");
        next.Command.ShouldBe($"deployer redrive {Execution} --state accounts");
    }

    [Fact]
    public void Groups_that_were_turned_off_are_turned_on_again() =>
        new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory)
            .After(Report(Verdict.Succeeded) with { Steps = [new StepReport("group", "stack", StepAction.Off, 1)] })
            .Command.ShouldBe("deployer group on examples/inventory --target dev --state accounts");

    [Fact]
    public void Nothing_is_proposed_for_a_development_instance_that_is_removed() =>
        new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory with { Instance = "try" })
            .After(Report(Verdict.Succeeded) with { Steps = [new StepReport("group", "stack", StepAction.Removed, 1)] })
            .Command.ShouldBeNull();

    [Fact]
    public void A_development_instance_is_named() =>
        new NextCommand("deployer", NextPlace.Kept("accounts"), Inventory with { Instance = "try" })
            .After(Report(Verdict.NothingToDo))
            .Command.ShouldBe("deployer plan examples/inventory --target dev --instance try --state accounts");

    [Fact]
    public void A_success_in_accounts_that_are_gone_leads_to_the_faults() =>
        After(Verdict.Succeeded, state: null).Command.ShouldBe("deployer faults");

    private static NextStep After(Verdict verdict, string? state, string? error = null, string? subject = null) =>
        new NextCommand("deployer", state is null ? null : NextPlace.Kept(state), Inventory, Arguments).After(
            Report(verdict, error) with
            {
                RemedySubject = subject,
            }
        );

    private static DeploymentReport Report(Verdict verdict, string? error = null) =>
        new()
        {
            Verdict = verdict,
            Error = error,
            Deployment = Execution,
            Clock = new ClockReport(0, 0),
        };
}
