using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;

namespace Deployer.Acceptance.Tests;

/// <summary>An ECS service that is deployed, deployed again, given another image that does not start, and deployed after that.</summary>
public sealed class EcsServiceDeployed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public Service Service { get; private set; } = null!;

    public TaskDefinition Definition { get; private set; } = null!;

    public IReadOnlyList<Tag> Tags { get; private set; } = [];

    public CommandResult Again { get; private set; } = null!;

    public CommandResult RolledBack { get; private set; } = null!;

    public Service AfterRollback { get; private set; } = null!;

    public CommandResult Redriven { get; private set; } = null!;

    public CommandResult Back { get; private set; } = null!;

    public string ImageAfterRollback { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        var (state, service) = (Path.Combine(_folder.Path, "state"), await ContainerService.Write(_folder.Path));
        First = await ContainerService.Rehearse(service, state);
        First.ExitCode.ShouldBe(0, First.Terminal);
        Service = await ContainerService.Find(service, state);
        (Definition, Tags) = await Defined(service, state, Service);
        Again = await ContainerService.Rehearse(service, state);
        await ContainerService.AnotherCommit(service);
        RolledBack = await ContainerService.Rehearse(service, state, "tasks-do-not-start");
        AfterRollback = await ContainerService.Find(service, state);
        Redriven = await CommandLine.InProcess("redrive", RolledBack.Report.Deployment!, "--state", state);
        Back = await CommandLine.InProcess(
            "rollback",
            service,
            "--target",
            "dev",
            "--to",
            await FirstCommit(service, state),
            "--state",
            state
        );
        ImageAfterRollback = (await Defined(service, state, await ContainerService.Find(service, state)))
            .Definition
            .ContainerDefinitions[0]
            .Image;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<(TaskDefinition Definition, IReadOnlyList<Tag> Tags)> Defined(string folder, string state, Service service)
    {
        await using var accounts = await SimulatedAccounts.OpenService(folder, state);
        var described = await accounts
            .Target.Target("us-east-1")
            .Ecs.DescribeTaskDefinitionAsync(
                new DescribeTaskDefinitionRequest { TaskDefinition = service.TaskDefinition, Include = ["TAGS"] }
            );
        return (described.TaskDefinition, described.Tags);
    }

    private async Task<string> FirstCommit(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var tools = accounts.Tools.Ledger("dev");
        return (await tools.Query(PushedRevision.All("inventory")))
            .Single(revision => revision.Content == Definition.ContainerDefinitions[0].Image)
            .Name;
    }
}

public sealed class EcsServiceTests(EcsServiceDeployed deployed) : IClassFixture<EcsServiceDeployed>
{
    [Fact]
    public void The_image_of_the_commit_runs_by_its_digest_in_a_revision_made_of_the_one_that_ran()
    {
        deployed.First.ExitCode.ShouldBe(0, deployed.First.Report.Cause ?? deployed.First.Terminal);
        deployed.First.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("web", StepAction.Released)]);
        var container = deployed.Definition.ContainerDefinitions.ShouldHaveSingleItem();
        container.Image.ShouldMatch($"^{ContainerService.Repository}@sha256:[0-9a-f]{{64}}$");
        container.Environment.Select(variable => variable.Name).ShouldBe(["PASSPHRASE", "LOG_LEVEL"], "what is not named stays");
        container.HealthCheck.Interval.ShouldBe(10);
        (deployed.Definition.Revision, deployed.Definition.Cpu, deployed.Definition.Memory).ShouldBe((2, "512", "1024"));
        deployed.Tags.ShouldContain(tag => tag.Key == "team" && tag.Value == "shop", "tags are kept");
    }

    [Fact]
    public void The_deployment_of_the_revision_is_completed_and_its_tasks_run()
    {
        var deployment = deployed.Service.Deployments.ShouldHaveSingleItem();
        deployment.TaskDefinition.ShouldBe(deployed.Definition.TaskDefinitionArn);
        deployment.RolloutState.ShouldBe(DeploymentRolloutState.COMPLETED);
        (deployed.Service.RunningCount, deployed.Service.DesiredCount).ShouldBe((2, 2));
    }

    [Fact]
    public void The_same_commit_is_deployed_once()
    {
        deployed.Again.ExitCode.ShouldBe(0, deployed.Again.Report.Cause);
        deployed.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        deployed.Again.ShouldChangeNothing();
        // What is compared once and proved once more at the end.
        deployed.Again.Report.Transitions.ShouldBe(6);
        deployed.Again.ShouldReadOfEcs("DescribeServices 2", "DescribeTaskDefinition 2");
        deployed.Again.Count("DescribeImages").ShouldBe(2);
    }

    [Fact]
    public void A_rollback_by_ECS_is_a_failure_that_says_what_runs_now_and_why_tasks_stopped()
    {
        deployed.RolledBack.ExitCode.ShouldBe(1);
        deployed.RolledBack.Report.Error.ShouldBe("ServiceRolledBackException");
        var cause = deployed.RolledBack.Report.Cause.ShouldNotBeNull();
        cause.ShouldMatch("^deployment ecs-svc/[0-9]+ of service inventory-dev-web failed: tasks failed to start; ");
        cause.ShouldContain("ECS went back to inventory-dev-web:2; service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks");
        cause.ShouldContain("stopped: Essential container in task exited, container web exited with 1");
        cause.ShouldMatch("log /inventory/dev/web, task [0-9a-f]{32} of inventory-dev-web: web cannot go on: the fault tasks-do-not-start");
        cause.ShouldNotContain(ContainerService.Hidden);
        deployed.AfterRollback.TaskDefinition.ShouldBe(deployed.Definition.TaskDefinitionArn);
    }

    [Fact]
    public void A_redrive_after_it_deploys_the_revision_that_was_registered_then()
    {
        deployed.Redriven.ExitCode.ShouldBe(0, deployed.Redriven.Terminal);
        deployed.Redriven.Terminal.ShouldContain("inventory-dev-web:3 (released)");
    }

    [Fact]
    public void The_image_of_an_earlier_commit_is_gone_back_to()
    {
        deployed.Back.ExitCode.ShouldBe(0, deployed.Back.Terminal);
        deployed.Back.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("web", StepAction.Released)]);
        deployed.ImageAfterRollback.ShouldBe(deployed.Definition.ContainerDefinitions[0].Image);
    }
}
