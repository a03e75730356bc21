using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>A revision that does not load, whether events arrive or not.</summary>
public abstract class IonLoadFailureTests(FailedRehearsal rehearsal) : FailedRehearsalTests(rehearsal)
{
    private const string PreviousRevision = "5c1f0c3f7c1e4f0f8f0a4c0b6f0d7d1b7a9e2c44";

    [Fact]
    public void The_cause_names_the_revision_that_runs_now_and_the_first_exception_of_the_log()
    {
        Failed.Report.Error.ShouldBe("IonsRolledBackException");
        var cause = Failed.Report.Cause.ShouldNotBeNull();
        cause.ShouldContain($"revision {Failed.Report.Revision} did not load on inventory-dev");
        cause.ShouldContain(
            $"revision {PreviousRevision} runs on {Failed.Report.Ions[0].Instances[0].Id} and {Failed.Report.Ions[0].Instances[1].Id}"
        );
        cause.ShouldContain("log datomic-datomic-dev");
        cause.ShouldContain("LoadIonsFailed: Assert failed: cfg");
    }

    [Fact]
    public void The_previous_revision_runs_on_every_instance()
    {
        var ions = Failed.Report.Ions.ShouldHaveSingleItem();
        ions.Revision.ShouldBe(Failed.Report.Revision);
        ions.DeployStatus.ShouldBe("FAILED");
        ions.CodeDeployStatus.ShouldBe("FAILED");
        ions.Instances.Count.ShouldBe(2);
        ions.Instances.ShouldAllBe(instance => instance.Revision == PreviousRevision);
        Failed.Step("ions").Action.ShouldBe(StepAction.Failed);
    }

    [Fact]
    public void The_redrive_deploys_again_and_does_no_finished_step_again()
    {
        Redriven.Count("StartBuild", "deployer-dev-PushIons").ShouldBe(0);
        Redriven.Count("StartBuild", "deployer-dev-DeployIons").ShouldBe(1);
        Redriven.Count("CreateDeployment").ShouldBe(1);
        Redriven.Count("CreateChangeSet").ShouldBe(1);
        Redriven.Count("ExecuteChangeSet").ShouldBe(1);
        Redriven
            .Report.Stacks.Select(stack => $"{stack.Name} {stack.Action.Text()}")
            .ShouldBe(
                ["inventory-dev updated", "inventory-dev-network created", "inventory-dev-api created"],
                ignoreOrder: true,
                "the report is of the whole deployment"
            );
        var ions = Redriven.Report.Ions.ShouldHaveSingleItem();
        (ions.DeployStatus, ions.CodeDeployStatus).ShouldBe(("SUCCEEDED", "SUCCEEDED"));
        ions.Instances.ShouldAllBe(instance => instance.Revision == Failed.Report.Revision);
    }

    [Fact]
    public void What_runs_after_the_redrive_is_listed_for_the_steps_that_were_done_before_it_too()
    {
        Redriven.Terminal.ShouldContain("group     done before");
        var running = Redriven.Terminal[Redriven.Terminal.IndexOf("What runs now", StringComparison.Ordinal)..];
        running.ShouldContain("  stack inventory-dev: UPDATE_COMPLETE\n");
        running.ShouldContain("  stack inventory-dev-network: CREATE_COMPLETE\n");
        running.ShouldContain("  stack inventory-dev-api: ");
        running.ShouldContain("  group inventory-dev: revision ");
        Redriven.Report.Steps.ShouldNotContain(step => step.Name == "group");
        Redriven.Report.Stacks.Single(stack => stack.Name == "inventory-dev").Action.ShouldBe(StepAction.Updated);
    }
}
