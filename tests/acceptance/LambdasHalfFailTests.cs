using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

public sealed class LambdasHalfFail() : FailedRehearsal("lambdas-half-fail");

public sealed class LambdasHalfFailTests(LambdasHalfFail rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<LambdasHalfFail>
{
    [Fact]
    public void The_cause_names_the_Lambdas_that_differ()
    {
        Failed.Report.Error.ShouldBe("LambdasNotConfiguredException");
        var cause = Failed.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith(
            $"revision {Failed.Report.Revision} runs on all 2 instances of inventory-dev, but the Lambdas are not as ion-config.edn says; "
        );
        cause.ShouldContain("inventory-dev-get-item has the description 'An item' instead of 'An item of the inventory'");
        cause.ShouldContain("inventory-dev-add-item has the reserved concurrency 'none' instead of '10'");
    }

    [Fact]
    public void The_code_is_deployed()
    {
        var ions = Failed.Report.Ions.ShouldHaveSingleItem();
        (ions.DeployStatus, ions.CodeDeployStatus).ShouldBe(("FAILED", "SUCCEEDED"));
        ions.Instances.Count.ShouldBe(2);
        ions.Instances.ShouldAllBe(instance => instance.Revision == Failed.Report.Revision);
    }

    [Fact]
    public void The_redrive_brings_the_Lambdas_alone_in_line_and_does_no_finished_step_again()
    {
        Redriven.Count("StartBuild", "deployer-dev-PushIons").ShouldBe(0);
        Redriven.Count("StartBuild", "deployer-dev-DeployIons").ShouldBe(0);
        Redriven.Count("CreateDeployment").ShouldBe(0, "the code runs already");
        Redriven.Count("CreateChangeSet").ShouldBe(1);
        Redriven.Count("ExecuteChangeSet").ShouldBe(1);
        Redriven.Report.Ions.ShouldHaveSingleItem().DeployStatus.ShouldBe("SUCCEEDED");
    }

    [Fact]
    public async Task A_new_deployment_mends_the_Lambdas_alone()
    {
        using var state = new TemporaryFolder();
        (await CommandLine.Rehearse("--fault", "lambdas-half-fail", "--state", state.Path)).Report.Error.ShouldBe(
            "LambdasNotConfiguredException"
        );

        var again = await CommandLine.Rehearse("--state", state.Path);

        again.Report.Verdict.ShouldBe(Verdict.Succeeded);
        again.Report.Deployment.ShouldNotBe(Failed.Report.Deployment);
        again.Count("RedriveExecution", "deployer-dev-target").ShouldBe(1);
        again.Count("StartBuild", "deployer-dev-DeployIons").ShouldBe(0);
        again.Count("CreateDeployment").ShouldBe(0, "the code runs already");
        (again.Count("PutFunctionConcurrency") > 0).ShouldBeTrue();
        again.ShouldLeaveNothingBehind();
    }
}
