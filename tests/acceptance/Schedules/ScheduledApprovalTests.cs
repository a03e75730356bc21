using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>People who decide about a plan while others do something else.</summary>
public sealed class ScheduledApprovalTests : IDisposable
{
    private LogsService? _service;

    private LogsService Service => _service ?? throw new InvalidOperationException("it is not deployed yet");

    public void Dispose() => _service?.Dispose();

    [Fact]
    public async Task A_plan_that_is_approved_while_the_deployment_waits_is_deployed()
    {
        await Deployed();

        var approved = await Deploy("- { who: alice, when: { at: 10m }, do: { approve: { reason: reviewed } } }");

        approved.ExitCode.ShouldBe(0, approved.Terminal);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded);
        approved.Report.Plan!.ApprovedBy.ShouldBe("alice");
        var act = approved.Report.People!.ShouldHaveSingleItem();
        (act.Did, act.Outcome).ShouldBe(("approve the plan that waits", ActOutcome.Done));
        act.Requests.ShouldContain(request => request.Operation == "states:StartExecution" && request.Answer == "OK");
        approved.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task What_did_not_happen_is_reported_where_the_plan_waits_in_the_end()
    {
        await Deployed();

        var waiting = await Service.Run("deploy", "--fault", "stack-rolls-back");

        waiting.Report.Verdict.ShouldBe(Verdict.WaitingForApproval, waiting.Terminal);
        waiting.Report.Faults.ShouldNotBeNull().ShouldHaveSingleItem().Struck.ShouldBeFalse();
        waiting.ExitCode.ShouldBe(1, "what it stands for was not rehearsed");
    }

    [Fact]
    public async Task Of_an_approval_and_a_rejection_at_the_same_moment_one_holds_and_the_other_is_refused()
    {
        await Deployed();

        var both = await Deploy(
            "- { who: alice, when: { at: 10m }, do: approve }",
            "- { who: bob, when: { at: 10m }, do: { reject: { reason: not today } } }"
        );

        var (alice, bob) = (both.Report.People![0], both.Report.People[1]);
        new[] { alice.Outcome, bob.Outcome }.ShouldBe([ActOutcome.Done, ActOutcome.Refused], ignoreOrder: true);
        if (alice.Outcome == ActOutcome.Done)
        {
            (both.ExitCode, both.Report.Verdict).ShouldBe((0, Verdict.Succeeded), both.Terminal);
            bob.Problem!.ShouldContain(" was approved by alice at ");
        }
        else
        {
            both.Report.Verdict.ShouldBe(Verdict.Rejected, both.Terminal);
            both.Count("ExecuteChangeSet").ShouldBe(0);
            alice.Problem!.ShouldContain(" was rejected by bob at ");
        }

        both.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task A_plan_whose_stack_somebody_has_changed_before_the_approval_is_refused_with_what_changed()
    {
        await Deployed();

        var stale = await Deploy(
            "- { who: bob, when: { at: 5m }, do: { changeStack: { stack: inventory-dev-logs, tags: { owner: bob } } } }",
            "- { who: alice, when: { at: 30m }, do: approve }"
        );

        stale.Report.People!.Select(act => act.Outcome).ShouldBe([ActOutcome.Done, ActOutcome.Done], stale.Terminal);
        stale.ExitCode.ShouldBe(1);
        stale.Report.Error.ShouldBe(nameof(PlanChangedException));
        stale.Report.Cause!.ShouldContain("step logs: stack inventory-dev-logs: when it was planned ");
        stale.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task A_plan_that_somebody_rejects_is_a_failure_of_the_deployment()
    {
        await Deployed();

        var rejected = await Deploy("- { who: bob, when: { at: 5m }, do: { reject: { reason: not today } } }");

        (rejected.ExitCode, rejected.Report.Verdict).ShouldBe((1, Verdict.Rejected), rejected.Terminal);
    }

    [Fact]
    public async Task A_stack_is_changed_by_hand_twice()
    {
        await Deployed();

        var twice = await Deploy(
            "- { who: bob, when: { at: 5m }, do: { changeStack: { stack: inventory-dev-logs, tags: { owner: bob } } } }",
            "- { who: bob, when: { at: 15m }, do: { changeStack: { stack: inventory-dev-logs, tags: { owner: alice } } } }"
        );

        twice.Report.People!.Select(act => act.Outcome).ShouldBe([ActOutcome.Done, ActOutcome.Done], twice.Terminal);
    }

    [Fact]
    public async Task Who_may_not_write_approvals_approves_nothing()
    {
        await Deployed();

        var refused = await Deploy("- { who: eve, when: { at: 10m }, do: approve }");

        var act = refused.Report.People!.ShouldHaveSingleItem();
        act.Outcome.ShouldBe(ActOutcome.Refused);
        act.Problem!.ShouldStartWith("AccessDeniedException: ");
        refused.Report.Verdict.ShouldBe(Verdict.WaitingForApproval);
        refused.Count("ExecuteChangeSet").ShouldBe(0);
    }

    [Theory]
    [InlineData("arn:aws:states:eu-west-1:222222222222:execution:deployer-dev-plan:one")]
    [InlineData("arn:aws:states:us-east-1:333333333333:execution:deployer-dev-plan:one")]
    [InlineData("arn:aws:states:us-east-1:222222222222:execution:deployer-prod-plan:one")]
    public async Task A_plan_of_another_deployer_is_refused_before_anything_is_done(string plan)
    {
        _service = await LogsService.Deployed();

        var refused = await Deploy($"- {{ who: alice, when: {{ at: 10m }}, do: {{ approve: {{ plan: \"{plan}\" }} }} }}");

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "ScheduleInvalid"), refused.Terminal);
        refused.Report.Cause!.ShouldEndWith(
            $": the plan {plan} is not of the deployer of the target; expected "
                + "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:one, or the plan's id alone"
        );
    }

    private async Task Deployed()
    {
        _service = await LogsService.Deployed();
        await Service.Retain(3);
    }

    private async Task<CommandResult> Deploy(params string[] acts)
    {
        var file = await Scheduled.Write(
            Service.Folder,
            $$"""
            people: { alice: , bob: , eve: { may: [ "dynamodb:GetItem" ] } }
            schedule:
              {{string.Join("\n  ", acts)}}

            """
        );
        return await Service.Run("deploy", "--schedule", file);
    }
}
