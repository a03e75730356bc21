using System.Text.Json.Nodes;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>What can be decided about a plan, how it is named, and what is remembered of it.</summary>
public sealed class DecidedPlanTests : IDisposable
{
    private LogsService? _service;

    private LogsService Service => _service ?? throw new InvalidOperationException("it is not deployed yet");

    public void Dispose() => _service?.Dispose();

    [Theory]
    [InlineData("approve")]
    [InlineData("reject")]
    public async Task About_a_plan_that_needs_no_approval_nobody_decides(string verb)
    {
        await Deployed();
        await Service.Change("approval: true", "approval: { for: [ replacements ] }");
        var planned = PlannedExample.Read(await Service.Run("plan"));

        var decided = await CommandLine.InProcess(verb, planned.Plan!, "--rehearsed", Service.State);
        var deployed = await Service.Run("deploy");

        (decided.ExitCode, decided.Report.Error).ShouldBe((2, "NothingToApprove"), decided.Terminal);
        decided.Report.Cause.ShouldBe(
            $"plan {new ExecutionArn(planned.Plan!).Deployment} needs no approval, and nothing was recorded; expected a plan that "
                + "waits for an approval: 'deployer deploy' deploys what needs none"
        );
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        deployed.Report.Plan!.ApprovedBy.ShouldBeNull();
    }

    [Fact]
    public async Task A_plan_is_named_by_its_id_alone_and_the_history_says_who_approved_it()
    {
        await Deployed();
        var waiting = await Service.Run("deploy");
        var id = new ExecutionArn(waiting.Report.Plan!.Plan).Deployment.Value;

        var approved = await CommandLine.InProcess("approve", id, "--rehearsed", Service.State);
        var history = await History();
        var document = Path.Combine(Service.Folder, "history.json");
        await History("--json", document);

        (approved.ExitCode, approved.Report.Verdict).ShouldBe((0, Verdict.Succeeded), approved.Terminal);
        approved.Report.Plan!.Plan.ShouldBe(waiting.Report.Plan.Plan);
        history.ShouldContain("approved by root with deployer approve");
        JsonNode.Parse(await File.ReadAllTextAsync(document, TestContext.Current.CancellationToken))!["deployments"]![0]!["approvedBy"]!
            .GetValue<string>()
            .ShouldBe("root with deployer approve");
    }

    [Fact]
    public async Task What_a_deployment_that_was_stopped_did_is_shown_where_its_plan_is_approved_again()
    {
        await Deployed();
        var waiting = await Service.Run("deploy");
        var schedule = Path.Combine(Service.Folder, "stop.yaml");
        await File.WriteAllTextAsync(
            schedule,
            "schedule: [ { who: alice, when: { begins: logs/UpdateStack, wait: 2s }, do: stop } ]\n",
            TestContext.Current.CancellationToken
        );
        var stopped = await CommandLine.InProcess(
            "approve",
            waiting.Report.Plan!.Plan,
            "--rehearsed",
            Service.State,
            "--schedule",
            schedule
        );

        var again = await CommandLine.InProcess("approve", waiting.Report.Plan.Plan, "--rehearsed", Service.State);

        waiting.Report.Transitions.ShouldBeGreaterThan(0, "the plan's own");
        waiting.Report.Transitions.ShouldBe(waiting.Report.Executions.Sum(execution => execution.Transitions));
        waiting.Terminal.ShouldNotContain(" 0 transitions");
        stopped.Report.Verdict.ShouldBe(Verdict.Stopped, stopped.Terminal);
        again.Report.Verdict.ShouldBe(Verdict.Stopped, again.Terminal);
        again.Report.Deployment.ShouldBe(stopped.Report.Deployment);
        again.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe(stopped.Report.Steps.Select(step => (step.Name, step.Action)));
        again.Report.Steps.ShouldNotBeEmpty();
        again.Report.Stacks.Select(stack => stack.Name).ShouldBe(stopped.Report.Stacks.Select(stack => stack.Name));
        again.Report.Stacks.ShouldNotBeEmpty();
        again.Terminal.ShouldNotContain("not started");
        again.Terminal.ShouldContain("What runs now");
        again.Report.Transitions.ShouldBe(0, "nothing was started");
    }

    [Fact]
    public async Task The_history_says_by_which_command_a_plan_was_made_that_was_deployed()
    {
        await Deployed();
        var planned = PlannedExample.Read(await Service.Run("plan"));
        var approved = await CommandLine.InProcess("approve", planned.Plan!, "--rehearsed", Service.State);

        var history = await History();

        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        history.ShouldContain(" by deployer plan");
        history.ShouldNotContain("unnamed");
    }

    [Theory]
    [InlineData("approve", "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:nothing")]
    [InlineData("reject", "nothing")]
    public async Task A_plan_that_there_is_not_is_named_with_what_was_expected(string verb, string plan)
    {
        await Deployed();

        var refused = await CommandLine.InProcess(verb, plan, "--rehearsed", Service.State);

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "PlanUnknown"), refused.Terminal);
        refused.Report.Cause.ShouldBe(
            "there is no plan arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:nothing in the rehearsed accounts; "
                + $"expected one that 'deployer deploy', 'deployer plan' or 'deployer rehearse' has made with --state {Service.State}"
        );
    }

    [Fact]
    public async Task The_input_of_a_plan_that_was_deployed_is_refused_with_the_deployment_of_it()
    {
        await Deployed();
        var waiting = await Service.Run("deploy");
        var approved = await CommandLine.InProcess("approve", waiting.Report.Plan!.Plan, "--rehearsed", Service.State);
        await using var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State);
        var input = (await accounts.Describe(approved.Report.Deployment!)).Input;

        var pasted = await accounts.Start(input);

        (pasted.Status.Value, pasted.Error).ShouldBe(("FAILED", nameof(PlanChangedException)));
        pasted.Cause.ShouldContain(
            $"was deployed already, by the deployment {new ExecutionArn(approved.Report.Deployment!).Deployment}; what it looked "
                + "at is other since, and nothing was deployed again; plan again"
        );
        pasted.Cause.ShouldNotContain("has changed since");
    }

    [Fact]
    public async Task The_history_has_what_was_refused_at_its_start_whatever_the_name_of_its_execution()
    {
        await Deployed();
        await using (var accounts = await SimulatedAccounts.OpenService(Service.Path, Service.State))
        {
            // Its name is one that Step Functions gives.
            (
                await accounts.Start(
                    """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222","key":"nothing.zip"}}"""
                )
            ).Status.Value.ShouldBe("FAILED");
            await accounts.Start(
                """{"service":"orders","target":"dev","source":{"bucket":"deployer-dev-222222222222","key":"orders.zip"}}"""
            );
        }

        var history = await History();

        history.ShouldContain("SpecInvalidException: the source");
        history.ShouldContain("nothing.zip");
        history.ShouldNotContain("orders.zip");
    }

    private async Task<string> History(params string[] options) =>
        (await CommandLine.Print(["history", Service.Path, "--target", "dev", "--rehearsed", Service.State, .. options])).Terminal;

    private async Task Deployed()
    {
        _service = await LogsService.Deployed();
        await Service.Retain(3);
    }
}
