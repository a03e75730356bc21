using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>What holds for every failure, and for its redrive.</summary>
public abstract class FailedRehearsalTests(FailedRehearsal rehearsal)
{
    protected CommandResult Failed => rehearsal.Failed;

    protected CommandResult Redriven => rehearsal.Redriven;

    [Fact]
    public void It_fails()
    {
        Failed.ExitCode.ShouldBe(1);
        Failed.Report.Verdict.ShouldBe(Verdict.Failed);
        Failed.Report.Executions[0].Status.ShouldBe("FAILED");
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        Failed.ShouldLeaveNothingBehind();
        Redriven.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void The_cause_is_reported_to_the_pipeline_once()
    {
        Failed.ShouldReportToThePipelineOnce("failed");
        var reported = Failed.Report.Pipeline!.Summary!.TrimEnd('…');
        $"{Failed.Report.Error}: {Failed.Report.Cause}".ShouldStartWith(reported);
    }

    [Fact]
    public void Nothing_secret_is_reported()
    {
        Failed.ShouldHoldNone(rehearsal.Secrets);
        Redriven.ShouldHoldNone(rehearsal.Secrets);
    }

    [Fact]
    public void A_redrive_without_the_fault_succeeds()
    {
        Redriven.ExitCode.ShouldBe(0);
        Redriven.Report.Verdict.ShouldBe(Verdict.Succeeded);
        Redriven.Report.Error.ShouldBeNull();
        Redriven.Report.Cause.ShouldBeNull();
        Redriven.Report.Deployment.ShouldBe(Failed.Report.Deployment);
        var execution = Redriven.Report.Executions.Single(execution => execution.Arn == Failed.Report.Deployment);
        (execution.Status, execution.Redrives).ShouldBe(("SUCCEEDED", 1));
        Redriven.Report.Endpoints.Count.ShouldBe(2);
        Redriven.Report.Endpoints.ShouldAllBe(endpoint => endpoint.Action == StepAction.Injected);
    }
}
