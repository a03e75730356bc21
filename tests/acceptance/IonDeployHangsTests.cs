using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

public sealed class IonDeployHangs() : FailedRehearsal("ion-deploy-hangs");

public sealed class IonDeployHangsTests(IonDeployHangs rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<IonDeployHangs>
{
    /// <summary>Two nodes of ten minutes each, and five for the Lambdas.</summary>
    private const int Limit = 25;

    [Fact]
    public void The_limit_is_a_verdict_of_its_own_with_what_still_runs()
    {
        Failed.Report.Error.ShouldBe("StepTimedOutException");
        var cause = Failed.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith($"execution inventory-dev-{Failed.Report.Revision}-");
        // The first look after the limit comes up to a heartbeat of a minute later.
        cause.ShouldMatch(
            $"of revision {Failed.Report.Revision} to inventory-dev is InProgress after ({Limit}|{Limit + 1}) minutes; "
                + $"step 'ions' waits at most {Limit} minutes for what is still running;"
        );
        Failed.Terminal.ReplaceLineEndings(" ").Replace("     ", " ", StringComparison.Ordinal).ShouldContain("CodeDeploy InProgress");
        Failed.Report.Ions.ShouldHaveSingleItem().DeployStatus.ShouldBe("RUNNING");
        // The step begins with the build that pushes, which takes some minutes more since it installs what its image lacks.
        Failed.Step("ions").VirtualSeconds.ShouldBeInRange(Limit * 60, (Limit + 15) * 60);
    }

    [Fact]
    public void The_redrive_adopts_what_runs()
    {
        Redriven.Count("StartBuild").ShouldBe(0);
        Redriven.Count("StartExecution", "deployer-dev-ions").ShouldBe(0);
    }
}
