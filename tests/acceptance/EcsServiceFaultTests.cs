using System.Text.Json;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>What may go wrong with the tasks of a new revision, each with the cause that a person reads.</summary>
public sealed class EcsServiceFaultTests
{
    [Theory]
    [InlineData("tasks-run-out-of-memory:inventory-dev-web", "exited with 137: OutOfMemoryError: Container killed due to memory usage")]
    [InlineData("tasks-are-unhealthy", "Task failed container health checks")]
    [InlineData("tasks-are-not-placed", "was unable to place a task. Reason: Capacity is unavailable at this time")]
    [InlineData("image-cannot-be-pulled", "CannotPullContainerError")]
    [InlineData("deployment-alarm", "failed: alarm detected: errors; ECS went back to inventory-dev-web:2")]
    public async Task Tasks_that_do_not_come_to_serve_are_rolled_back_with_the_cause(string fault, string cause)
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);
        var before = await ContainerService.Described(service, state);

        var failed = await ContainerService.Rehearse(service, state, fault);

        failed.ExitCode.ShouldBe(1, failed.Terminal);
        failed.Report.Error.ShouldBe("ServiceRolledBackException");
        failed.Report.Cause.ShouldNotBeNull().ShouldContain(cause);
        failed.Report.Cause.ShouldContain("service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks");
        failed.Terminal.ShouldContain("What runs now\n  web: service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks, image");
        var runs = JsonDocument.Parse(failed.Json).RootElement.GetProperty("services")[0];
        (runs.GetProperty("service").GetString(), runs.GetProperty("desired").GetInt32()).ShouldBe(("inventory-dev-web", 2));
        var revision = runs.GetProperty("deployments").EnumerateArray().ShouldHaveSingleItem();
        (revision.GetProperty("taskDefinition").GetString(), revision.GetProperty("running").GetInt32()).ShouldBe(
            ("inventory-dev-web:2", 2)
        );
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));
        (await ContainerService.Described(service, state)).ShouldBe(before);
    }

    [Fact]
    public async Task What_a_service_runs_is_reported_where_its_step_was_not_reached()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);
        await SmallService.WriteAlone(
            service,
            """
              first: { stack: "inventory-${target}-first", template: stacks/first.yaml }

            """
                + ContainerService.Step
                + "\n    after: [ first ]"
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "first.yaml"),
            """Resources: { First: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: /inventory/first } } }"""
        );

        var failed = await ContainerService.Rehearse(service, state, "stack-rolls-back:First");

        failed.Report.Error.ShouldBe("StackFailedException", failed.Terminal);
        failed
            .Report.Steps.Select(step => (step.Name, step.Action))
            .ShouldBe([("first", StepAction.Failed), ("web", StepAction.NotStarted)]);
        failed.Terminal.ShouldContain("  web: service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks, image");
    }

    [Fact]
    public async Task A_deployment_that_ECS_rolled_back_is_no_change_by_others()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);

        (await ContainerService.Rehearse(service, state, "tasks-do-not-start")).Report.Error.ShouldBe("ServiceRolledBackException");

        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));
        (await accounts.Tools.Ledger("dev").Query(LookRecord.All("inventory", "dev"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_cause_says_names_though_values_of_the_environment_have_them_and_says_no_value()
    {
        using var folder = new TemporaryFolder();
        var step =
            ContainerService.Step
            + "\n    environment: { URI: \"datomic:ddb://us-east-1/inventory-dev/kept-base-1f\", TEAM: inventory-dev }";
        var service = await ContainerService.Write(folder.Path, step);
        var state = Path.Combine(folder.Path, "state");
        (await ContainerService.Rehearse(service, state)).ExitCode.ShouldBe(0);
        await ContainerService.AnotherCommit(service);

        var failed = await ContainerService.Rehearse(service, state, "tasks-do-not-start");

        failed.Report.Cause.ShouldNotBeNull().ShouldContain("of service inventory-dev-web failed: tasks failed to start");
        failed.Report.Cause.ShouldContain("ECS went back to inventory-dev-web:2; service inventory-dev-web runs inventory-dev-web:2");
        failed.Report.Cause.ShouldMatch("log /inventory/dev/web, task [0-9a-f]{32} of inventory-dev-web: web cannot go on");
        failed.Report.Cause.ShouldNotContain("kept-base");
        failed.Report.Cause.ShouldNotContain("****");
    }

    [Fact]
    public async Task An_image_that_is_not_there_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);

        var failed = await ContainerService.Rehearse(service, state, "image-is-missing");

        failed.Report.Error.ShouldBe("ImageMissingException");
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("the repository inventory has no tag '");
        (failed.Count("RegisterTaskDefinition"), failed.Count("UpdateService")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_fault_of_images_leaves_the_accounts_as_they_were_prepared()
    {
        using var folder = new TemporaryFolder();
        var state = Path.Combine(folder.Path, "state");

        var failed = await OrdersService.Rehearse(OrdersService.Example, state, "--fault", "image-is-missing");

        failed.ExitCode.ShouldBe(1, failed.Terminal);
        failed.Report.Error.ShouldBe("ImageMissingException");
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("there is no image");
    }

    [Fact]
    public async Task A_fault_of_a_service_that_no_step_names_is_refused_before_anything_runs()
    {
        var refused = await CommandLine.InProcess(
            "rehearse",
            OrdersService.Example,
            "--target",
            "dev",
            "--fault",
            "tasks-do-not-start:nope"
        );

        refused.ExitCode.ShouldBe(2, refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain("the fault tasks-do-not-start strikes no ECS service 'nope'");
    }

    [Fact]
    public async Task Lost_events_cost_a_heartbeat()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);

        (await ContainerService.Rehearse(service, state, "events-lost")).Report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    [Fact]
    public async Task A_service_that_CodeDeploy_deploys_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var service = await ContainerService.Write(
            folder.Path,
            from: "      LaunchType: FARGATE\n",
            to: "      LaunchType: FARGATE\n      DeploymentController: { Type: CODE_DEPLOY }\n"
        );

        var refused = await ContainerService.Rehearse(service, Path.Combine(folder.Path, "state"));

        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "the service inventory-dev-web is deployed by CODE_DEPLOY, not by ECS itself: its task sets are exchanged by CodeDeploy, "
                    + "and ECS refuses another task definition; give it the deployment controller ECS, or leave it out of deployer.yaml"
            );
        refused.Count("RegisterTaskDefinition").ShouldBe(0);
    }

    /// <summary>
    /// Made as AWS documents it, with nothing of its task sets:
    /// https://docs.aws.amazon.com/AmazonECS/latest/userguide/deployment-type-external.html
    /// </summary>
    [Fact]
    public async Task A_service_of_an_external_controller_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var service = await ContainerService.Write(
            folder.Path,
            from: """
                  TaskDefinition: !Ref Definition
                  DesiredCount: !Ref DesiredCount
                  LaunchType: FARGATE
                  DeploymentConfiguration:
                    DeploymentCircuitBreaker: { Enable: true, Rollback: true }
                    Alarms: { AlarmNames: [errors], Enable: true, Rollback: true }
                  NetworkConfiguration:
                    AwsvpcConfiguration: { Subnets: [!ImportValue inventory-Subnet0, !ImportValue inventory-Subnet1] }

            """,
            to: "      DeploymentController: { Type: EXTERNAL }\n"
        );

        var valid = await CommandLine.Print("validate", service, "--rehearsal");
        var refused = await ContainerService.Rehearse(service, Path.Combine(folder.Path, "state"));

        valid.ExitCode.ShouldBe(0, valid.Terminal);
        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "the service inventory-dev-web is deployed by EXTERNAL, not by ECS itself: its task sets are exchanged by the program that "
                    + "made them; give it the deployment controller ECS, or leave it out of deployer.yaml"
            );
        refused.Count("RegisterTaskDefinition").ShouldBe(0);
    }

    [Fact]
    public async Task A_service_without_tasks_is_deployed_and_the_notice_says_so()
    {
        using var folder = new TemporaryFolder();
        var service = await ContainerService.Write(folder.Path, from: "Default: 2", to: "Default: 0");

        var deployed = await ContainerService.Rehearse(service, Path.Combine(folder.Path, "state"));

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        deployed.Terminal.ShouldContain("has a desired count of 0");
    }

    [Fact]
    public async Task A_lost_answer_of_RegisterTaskDefinition_leaves_one_revision()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);

        var deployed = await ContainerService.Rehearse(service, state, "connection-lost-after:ecs:RegisterTaskDefinition");

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        deployed.Report.Faults.ShouldHaveSingleItem().Struck.ShouldBeTrue();
        deployed.Count("RegisterTaskDefinition").ShouldBe(1);
        (await ContainerService.Described(service, state)).ShouldContain("inventory-dev-web:3 COMPLETED 2/2");
    }

    [Fact]
    public async Task A_plan_after_a_deployment_that_failed_compares_with_the_tasks_that_run()
    {
        using var folder = new TemporaryFolder();
        var service = await ContainerService.Write(
            folder.Path,
            from: "DeploymentCircuitBreaker: { Enable: true, Rollback: true }",
            to: "DeploymentCircuitBreaker: { Enable: true, Rollback: false }"
        );
        var state = Path.Combine(folder.Path, "state");
        (await ContainerService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        var runs = (await ContainerService.Find(service, state)).TaskDefinition;
        await ContainerService.AnotherCommit(service);
        (await ContainerService.Rehearse(service, state, "tasks-do-not-start")).Report.Error.ShouldBe("ServiceDeploymentFailedException");

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", state);
        var deployed = await ContainerService.Rehearse(service, state);

        runs.ShouldEndWith(":2");
        plan.Json.ShouldMatch("container web would run [^ ]+@sha256:[0-9a-f]+ instead of [^ ]+@sha256:[0-9a-f]+");
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        (await ContainerService.Described(service, state)).ShouldContain("inventory-dev-web:3 COMPLETED 2/2", Case.Sensitive, "not again");
    }

    [Fact]
    public async Task A_request_that_AWS_does_not_answer_while_tasks_are_replaced_says_what_runs()
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await ContainerService.CopyDeployed(folder.Path);

        var failed = await ContainerService.Rehearse(service, state, "tasks-do-not-start", "server-error:ecs:ListTasks:all");

        failed.Report.Error.ShouldBe("AwsUnavailableException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("; service inventory-dev-web runs inventory-dev-web:");
    }

    [Fact]
    public async Task Tasks_that_never_start_without_a_circuit_breaker_end_with_the_limit()
    {
        using var folder = new TemporaryFolder();
        var service = await ContainerService.Write(
            folder.Path,
            from: "DeploymentCircuitBreaker: { Enable: true, Rollback: true }",
            to: "DeploymentCircuitBreaker: { Enable: false, Rollback: false }"
        );
        var state = Path.Combine(folder.Path, "state");
        (await ContainerService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await ContainerService.AnotherCommit(service);

        var failed = await ContainerService.Rehearse(service, state, "tasks-do-not-start");

        failed.Report.Error.ShouldBe("StepTimedOutException");
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                "^deployment ecs-svc/[0-9]+ of service inventory-dev-web has 0 of 2 tasks with inventory-dev-web:3 after 6[0-9] minutes; "
                    + "step 'web' waits at most 60 minutes for what is still running; redrive the execution to wait again\n"
                    + "[0-9]+ tasks of inventory-dev-web stopped: "
            );
        failed.Report.Cause.ShouldContain("container web exited with 1 (the last one: ");
        failed.Report.Cause.ShouldMatch("\nlog /inventory/dev/web, task [0-9a-f]{32} of inventory-dev-web: web cannot go on");
    }
}
