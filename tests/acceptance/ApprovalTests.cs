using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;

namespace Deployer.Acceptance.Tests;

/// <summary>A target that is deployed by approved plans only.</summary>
public sealed class ApprovedTarget : IAsyncLifetime
{
    private const string Step = """
          logs:
            stack: inventory-${target}-logs
            template: stacks/logs.yaml
        """;

    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public CommandResult WithoutApproval { get; private set; } = null!;

    public CommandResult WithoutPlan { get; private set; } = null!;

    public CommandResult Waiting { get; private set; } = null!;

    public CommandResult Looked { get; private set; } = null!;

    public CommandResult OtherDigest { get; private set; } = null!;

    public CommandResult Failed { get; private set; } = null!;

    public CommandResult Redriven { get; private set; } = null!;

    public CommandResult ApprovedAgain { get; private set; } = null!;

    public CommandResult NothingToDo { get; private set; } = null!;

    public CommandResult Older { get; private set; } = null!;

    public CommandResult Newer { get; private set; } = null!;

    public CommandResult ApprovedOlder { get; private set; } = null!;

    public CommandResult Rejected { get; private set; } = null!;

    public CommandResult ApprovedRejected { get; private set; } = null!;

    public CommandResult ApprovedOlderAgain { get; private set; } = null!;

    public CommandResult Stale { get; private set; } = null!;

    public CommandResult Expired { get; private set; } = null!;

    public CommandResult WithoutReplacement { get; private set; } = null!;

    public CommandResult WithReplacement { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(_service, Step);
        await Logs(1);
        await Run("rehearse", Path.Combine(_folder.Path, "other"));
        WithoutApproval = await Run("deploy", Path.Combine(_folder.Path, "other"));
        await Approval("true");
        WithoutPlan = await Run("rehearse");
        Waiting = await Run("deploy");
        await using (var accounts = await SimulatedAccounts.OpenService(_service, State))
        {
            // The empty stack of the first plan is deleted by then.
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        }

        Looked = await Run("plan");
        OtherDigest = await Decide("approve", Waiting, "--digest", "0123");
        Failed = await Decide("approve", Waiting, "--fault", "stack-rolls-back");
        Redriven = await CommandLine.InProcess("redrive", Failed.Report.Deployment!, "--rehearsed", State);
        ApprovedAgain = await Decide("approve", Waiting);
        NothingToDo = await Run("deploy");

        await Logs(3);
        Older = await Run("deploy");
        await Logs(5);
        Newer = await Run("deploy");
        ApprovedOlder = await Decide("approve", Older);
        Rejected = await Decide("reject", Newer, "--reason", "not today");
        ApprovedRejected = await Decide("approve", Newer);
        ApprovedOlderAgain = await Decide("approve", Older);

        var stale = await Run("deploy");
        await ByHand();
        Stale = await Decide("approve", stale);

        var expiring = await Run("deploy");
        await using (var accounts = await SimulatedAccounts.OpenService(_service, State))
        {
            var decision = new PlanDecision(Approved: true, null, null);
            var ledger = accounts.Tools.Ledger("dev");
            var plan = await decision.Find(ledger, expiring.Report.Plan!.Plan);
            await decision.Make(accounts.Tools, ledger, plan, "jane", accounts.Rehearsal.World.Now);
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(25));
        }

        Expired = await Decide("approve", expiring);
        await Approval("{ for: [ replacements ] }");
        WithoutReplacement = await Run("deploy");
        await Logs(5, name: "other");
        WithReplacement = await Run("deploy");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<CommandResult> Run(string command, string? state = null) =>
        CommandLine.InProcess(command, _service, "--target", "dev", "--state", state ?? State);

    private Task<CommandResult> Decide(string verb, CommandResult waiting, params string[] options) =>
        CommandLine.InProcess([verb, waiting.Report.Plan!.Plan, "--rehearsed", State, .. options]);

    private async Task Approval(string rule)
    {
        var file = Path.Combine(_service, "deployer.yaml");
        var lines = (await File.ReadAllLinesAsync(file)).Select(line =>
            line.StartsWith("  dev: ", StringComparison.Ordinal)
                ? "  dev: { account: \"111111111111\", region: us-east-1, approval: "
                    + rule
                    + ", values: { system: datomic-dev, promotesFrom: \"\" } }"
                : line
        );
        await File.WriteAllLinesAsync(file, lines);
    }

    private Task Logs(int days, string name = "orders") =>
        File.WriteAllTextAsync(Path.Combine(_service, "stacks", "logs.yaml"), Template(days, name));

    private static string Template(int days, string name) =>
        $$"""
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: inventory-dev-{{name}}, RetentionInDays: {{days}} }

            """;

    /// <summary>Somebody updates the stack in the console.</summary>
    private async Task ByHand()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        await accounts.Target.CloudFormation.UpdateStackAsync(
            new UpdateStackRequest { StackName = "inventory-dev-logs", TemplateBody = Template(7, "orders") }
        );
        await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
    }
}

public sealed class ApprovalTests(ApprovedTarget target) : IClassFixture<ApprovedTarget>
{
    [Fact]
    public void A_deploy_action_of_a_pipeline_without_an_approved_plan_fails_at_once()
    {
        target.WithoutPlan.ExitCode.ShouldBe(1);
        target.WithoutPlan.Report.Error.ShouldBe(nameof(ApprovalNeededException));
        target.WithoutPlan.Report.Cause!.ShouldContain("inventory is deployed to dev by an approved plan only");
        target.WithoutPlan.ShouldChangeNothing();
        target.WithoutPlan.Report.Clock.VirtualSeconds.ShouldBeLessThan(120, "with the pipeline's source");
        target.WithoutPlan.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void A_deployment_stops_after_its_plan_and_holds_no_lock()
    {
        target.Waiting.ExitCode.ShouldBe(4, target.Waiting.Terminal);
        target.Waiting.Report.Verdict.ShouldBe(Verdict.WaitingForApproval);
        target.Waiting.Report.Executions.ShouldHaveSingleItem().Machine.ShouldBe("deployer-dev-plan");
        target.Waiting.ShouldLeaveNothingBehind();
        var plan = target.Waiting.Report.Plan.ShouldNotBeNull();
        plan.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
        plan.Document!.Steps.ShouldHaveSingleItem().Step.ShouldBe("logs");
        target.Waiting.Terminal.ShouldContain($"digest {plan.Digest}");
        target.Waiting.Terminal.ShouldContain($"deployer approve {plan.Plan} --state");
    }

    [Fact]
    public void The_same_files_over_the_same_stacks_have_the_same_digest()
    {
        var looked = PlannedExample.Read(target.Looked);

        looked.Digest.ShouldBe(target.Waiting.Report.Plan!.Digest);
        looked.Plan.ShouldNotBe(target.Waiting.Report.Plan.Plan);
        target.Looked.Terminal.ShouldContain($"digest {looked.Digest}");
        target.Looked.Terminal.ShouldContain($"plan {looked.Plan}");
    }

    [Fact]
    public void An_approval_of_another_digest_is_refused()
    {
        target.OtherDigest.ExitCode.ShouldBe(2);
        target.OtherDigest.Report.Error.ShouldBe("DigestDiffers");
    }

    [Fact]
    public void A_redrive_after_a_failure_deploys_the_same_digest()
    {
        target.Failed.ExitCode.ShouldBe(1);
        target.Failed.Report.Error.ShouldBe(nameof(StackFailedException));
        target.Redriven.ExitCode.ShouldBe(0, target.Redriven.Report.Cause);
        target.Redriven.Report.Verdict.ShouldBe(Verdict.Succeeded);
        foreach (var result in new[] { target.Failed, target.Redriven })
        {
            var plan = result.Report.Plan.ShouldNotBeNull();
            plan.Plan.ShouldBe(target.Waiting.Report.Plan!.Plan);
            plan.Digest.ShouldBe(target.Waiting.Report.Plan.Digest);
            plan.ApprovedBy.ShouldBe("root with deployer approve");
        }
    }

    [Fact]
    public void Who_approves_a_plan_again_is_shown_its_deployment()
    {
        target.ApprovedAgain.ExitCode.ShouldBe(0, target.ApprovedAgain.Terminal);
        target.ApprovedAgain.Report.Deployment.ShouldBe(target.Failed.Report.Deployment);
        target.ApprovedAgain.Report.Verdict.ShouldBe(Verdict.Succeeded);
        target.ApprovedAgain.Count("StartExecution").ShouldBe(0);
        string.Join(' ', target.ApprovedAgain.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldMatch(
                "nothing was started: this is the deployment of plan [^ ]+, which was already approved by root with deployer approve at "
                    + "[0-9-]+ [0-9:]+Z"
            );
    }

    [Fact]
    public void Nothing_to_do_is_nothing_to_approve()
    {
        target.NothingToDo.ExitCode.ShouldBe(0, target.NothingToDo.Terminal);
        target.NothingToDo.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        target.NothingToDo.Report.Plan!.ApprovedBy.ShouldBeNull();
    }

    [Fact]
    public void A_newer_plan_supersedes_one_that_waits()
    {
        (target.Older.ExitCode, target.Newer.ExitCode).ShouldBe((4, 4));
        target.ApprovedOlder.ExitCode.ShouldBe(2);
        target.ApprovedOlder.Report.Error.ShouldBe(nameof(SupersededException));
        var newer = new ExecutionArn(target.Newer.Report.Plan!.Plan).Deployment.Value;
        target.ApprovedOlder.Report.Cause!.ShouldContain($"is superseded by the newer plan {newer} of inventory to dev, which waits");
        target.ApprovedOlderAgain.ExitCode.ShouldBe(2);
        target.ApprovedOlderAgain.Report.Cause!.ShouldContain(
            $"plan {newer} of inventory to dev, which was rejected by root with deployer reject at "
        );
        target.ApprovedOlderAgain.Report.Cause!.ShouldEndWith(": not today");
    }

    [Fact]
    public void A_rejected_plan_cannot_be_approved()
    {
        target.Rejected.ExitCode.ShouldBe(0, target.Rejected.Terminal);
        target.Rejected.Report.Verdict.ShouldBe(Verdict.Rejected);
        target.ApprovedRejected.ExitCode.ShouldBe(2);
        target.ApprovedRejected.Report.Cause!.ShouldContain("was rejected by root with deployer reject");
        target.ApprovedRejected.Report.Cause!.ShouldContain(": not today; make another plan");
    }

    [Fact]
    public void A_plan_whose_stack_was_changed_since_is_refused_with_what_changed()
    {
        target.Stale.ExitCode.ShouldBe(1);
        target.Stale.Report.Error.ShouldBe(nameof(PlanChangedException));
        target.Stale.Report.Cause!.ShouldContain("step logs: stack inventory-dev-logs: when it was planned CREATE_COMPLETE, last changed");
        target.Stale.Report.Cause!.ShouldContain("now UPDATE_COMPLETE, last changed");
        target.Stale.ShouldChangeNothing();
        target.Stale.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void An_approval_expires()
    {
        target.Expired.ExitCode.ShouldBe(1);
        target.Expired.Report.Error.ShouldBe(nameof(ApprovalNeededException));
        target.Expired.Report.Cause!.ShouldContain("by jane has expired at");
        target.Expired.ShouldChangeNothing();
    }

    [Fact]
    public void A_plan_without_what_the_rule_names_needs_no_approval()
    {
        target.WithoutReplacement.ExitCode.ShouldBe(0, target.WithoutReplacement.Terminal);
        target.WithoutReplacement.Report.Verdict.ShouldBe(Verdict.Succeeded);
        target.WithoutReplacement.Report.Plan!.ApprovedBy.ShouldBeNull();
        target.WithReplacement.ExitCode.ShouldBe(4, target.WithReplacement.Terminal);
        target.WithReplacement.Report.Plan!.NeedsApproval.ShouldHaveSingleItem().ShouldStartWith("logs: Orders AWS::Logs::LogGroup");
    }

    [Fact]
    public void A_deployment_without_an_approval_costs_no_transition_more()
    {
        target.WithoutApproval.Report.Executions.ShouldHaveSingleItem().Machine.ShouldBe("deployer-dev-deploy");
        // Begin, Plan, Waves, Prove, the choice after it, Finish.
        (target.WithoutApproval.Report.Verdict, target.WithoutApproval.Report.Transitions).ShouldBe((Verdict.NothingToDo, 6));
        target.NothingToDo.Report.Transitions.ShouldBe(6);
    }
}
