using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CodeDeploy;

public sealed class DeploymentsTests
{
    [Fact]
    public async Task Instances_are_deployed_to_one_after_another_through_all_lifecycle_events()
    {
        await using var fleet = await Fleet.Start(instances: 3);

        var deployment = await fleet.Deploy("one");

        deployment.Status.ShouldBe("Succeeded");
        deployment.Targets.Count.ShouldBe(3);
        foreach (var target in deployment.Targets)
        {
            target.Status.ShouldBe("Succeeded");
            target
                .Events.Select(done => done.Name)
                .ShouldBe([
                    "ApplicationStop",
                    "DownloadBundle",
                    "BeforeInstall",
                    "Install",
                    "AfterInstall",
                    "ApplicationStart",
                    "ValidateService",
                ]);
            target.Events.ShouldAllBe(done => done.Status == "Succeeded");
        }

        for (var i = 1; i < 3; i++)
        {
            deployment.Targets[i].Events[0].Started!.Value.ShouldBeGreaterThanOrEqualTo(deployment.Targets[i - 1].Events[^1].Ended!.Value);
        }

        (await fleet.Running()).ShouldBe(["one", "one", "one"]);
    }

    [Fact]
    public async Task A_success_is_what_new_instances_and_rollbacks_get()
    {
        await using var fleet = await Fleet.Start();

        var deployment = await fleet.Deploy("one");

        var group = fleet.DeployGroup;
        group.TargetRevision.ShouldBe(Fleet.Revision("one"));
        group.LastSuccessful!.DeploymentId.ShouldBe(deployment.Id);
        group.LastAttempted!.DeploymentId.ShouldBe(deployment.Id);
        fleet.Events.ShouldBe([$"{deployment.Id} START", $"{deployment.Id} SUCCESS"]);
    }

    [Fact]
    public async Task A_failure_on_the_first_instance_ends_the_deployment_and_begins_a_rollback()
    {
        await using var fleet = await Fleet.Start(agent: new FailingAgent("two", "ValidateService", (_, _) => true));
        var first = await fleet.Deploy("one");

        var failed = await fleet.Deploy("two");
        await fleet.Quiet();

        failed.Status.ShouldBe("Failed");
        failed.ErrorCode.ShouldBe("HEALTH_CONSTRAINTS");
        failed.Targets.Select(target => target.Status).ShouldBe(["Failed", "Skipped"]);
        failed.Targets[0].Events[^1].Diagnostics!.ErrorCode.ShouldBe("ScriptFailed");
        var rollback = fleet.Deployment(fleet.Deployment(failed.Id).RolledBackBy!);
        rollback.Creator.ShouldBe("codeDeployRollback");
        rollback.RollsBack.ShouldBe(failed.Id);
        rollback.Revision.ShouldBe(first.Revision);
        rollback.Status.ShouldBe("Succeeded");
        fleet.DeployGroup.LastSuccessful!.DeploymentId.ShouldBe(rollback.Id);
        (await fleet.Running()).ShouldBe(["one", "one"]);
        fleet.Events.ShouldBe([
            $"{first.Id} START",
            $"{first.Id} SUCCESS",
            $"{failed.Id} START",
            $"{failed.Id} FAILURE",
            $"{rollback.Id} START",
            $"{rollback.Id} SUCCESS",
        ]);
    }

    [Fact]
    public async Task A_failure_on_the_last_of_several_instances_is_a_success_with_one_instance_behind()
    {
        await using var fleet = await Fleet.Start(
            agent: new FailingAgent("two", "ApplicationStart", (deployment, instance) => deployment.Targets[^1].InstanceId == instance)
        );
        await fleet.Deploy("one");

        var deployment = await fleet.Deploy("two");

        deployment.Status.ShouldBe("Succeeded");
        deployment.Targets.Select(target => target.Status).ShouldBe(["Succeeded", "Failed"]);
        (await fleet.Running()).ShouldBe(["two", "one"]);
    }

    [Fact]
    public async Task A_first_deployment_that_fails_has_nothing_to_roll_back_to()
    {
        await using var fleet = await Fleet.Start(agent: new FailingAgent("one", "ValidateService", (_, _) => true));

        var failed = await fleet.Deploy("one");
        await fleet.Quiet();

        fleet.Deployment(failed.Id).RolledBackBy.ShouldBeNull();
        fleet.DeployGroup.LastSuccessful.ShouldBeNull();
        fleet.DeployGroup.LastAttempted!.Status.ShouldBe("Failed");
        fleet.Deployments.Of(fleet.DeployGroup).Count().ShouldBe(1);
    }

    [Fact]
    public async Task One_deployment_of_a_group_runs_at_a_time()
    {
        await using var fleet = await Fleet.Start();
        var running = await fleet.World.Do(() => fleet.Deployments.Create(fleet.DeployGroup, Fleet.Revision("one"), null));

        var refused = await Should.ThrowAsync<ApiException>(
            fleet.World.Do(() => fleet.Deployments.Create(fleet.DeployGroup, Fleet.Revision("two"), null))
        );

        refused.Code.ShouldBe("DeploymentLimitExceededException");
        refused.Message.ShouldContain(running.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stopped_deployment_is_rolled_back_only_when_that_was_asked_for(bool rollBack)
    {
        await using var fleet = await Fleet.Start();
        await fleet.Deploy("one");
        var id = (await fleet.World.Do(() => fleet.Deployments.Create(fleet.DeployGroup, Fleet.Revision("two"), null))).Id;
        await fleet.World.RunUntil(() => fleet.Deployment(id).Status == "InProgress");

        await fleet.World.Do(() => fleet.Deployments.Stop(fleet.Deployment(id), rollBack));
        await fleet.Quiet();

        fleet.Deployment(id).Status.ShouldBe("Stopped");
        fleet.Events.ShouldContain($"{id} STOP");
        (fleet.Deployment(id).RolledBackBy is not null).ShouldBe(rollBack);
        fleet.DeployGroup.TargetRevision.ShouldBe(Fleet.Revision("one"));
    }

    [Fact]
    public async Task A_new_instance_serves_only_after_it_got_the_last_successful_revision()
    {
        await using var fleet = await Fleet.Start(instances: 1);
        await fleet.Deploy("one");

        await fleet.World.Do(() =>
            fleet.Scaling.Update(Fleet.Account, Fleet.Region, Fleet.Group, group => group with { DesiredCapacity = 2 })
        );
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Instances.Any(instance => instance.State == "Pending:Wait"));
        var deployment = fleet.Deployments.Of(fleet.DeployGroup).First();
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Settled);

        deployment.Creator.ShouldBe("autoscaling");
        fleet.Deployment(deployment.Id).Status.ShouldBe("Succeeded");
        (await fleet.Running()).ShouldBe(["one", "one"]);
    }

    /// <summary>https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html</summary>
    [Fact]
    public async Task An_instance_that_is_launched_while_another_revision_is_deployed_gets_it_by_a_deployment_of_CodeDeploy()
    {
        await using var fleet = await Fleet.Start(instances: 2);
        await fleet.Deploy("one");
        await fleet.World.Do(() =>
            fleet.Scaling.Update(Fleet.Account, Fleet.Region, Fleet.Group, group => group with { DesiredCapacity = 3 })
        );
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Instances.Any(instance => instance.State == "Pending:Wait"));

        await fleet.Deploy("two");
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Settled);
        await fleet.Quiet();

        var launched = fleet.Deployments.Of(fleet.DeployGroup).Single(deployment => deployment.ForNewInstance);
        launched.Revision.ShouldBe(Fleet.Revision("one"));
        fleet
            .Deployments.Of(fleet.DeployGroup)
            .Single(deployment => deployment.Creator == "CodeDeployAutoUpdate")
            .Targets.ShouldHaveSingleItem()
            .InstanceId.ShouldBe(launched.Targets[0].InstanceId);
        (await fleet.Running()).ShouldBe(["two", "two", "two"]);
    }

    [Fact]
    public async Task A_new_instance_that_cannot_run_the_revision_is_replaced()
    {
        var failures = 0;
        await using var fleet = await Fleet.Start(
            instances: 1,
            agent: new FailingAgent("one", "ApplicationStart", (deployment, _) => deployment.ForNewInstance && failures++ == 0)
        );
        await fleet.Deploy("one");

        await fleet.World.Do(() =>
            fleet.Scaling.Update(Fleet.Account, Fleet.Region, Fleet.Group, group => group with { DesiredCapacity = 2 })
        );
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Settled);

        fleet
            .Deployments.Of(fleet.DeployGroup)
            .Where(deployment => deployment.ForNewInstance)
            .Select(deployment => deployment.Status)
            .ShouldBe(["Succeeded", "Failed"]);
        (await fleet.Running()).ShouldBe(["one", "one"]);
    }
}
