using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CodeDeploy;

public sealed class CodeDeployServiceTests : IAsyncLifetime
{
    private const string Groups = "arn:aws:codedeploy:us-east-1:111111111111:deploymentgroup:inventory/inventory-dev";
    private Fleet _fleet = null!;
    private TestAws _aws = null!;
    private AmazonCodeDeployClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.Start(
            agent: new FailingAgent("two", "ValidateService", (_, _) => true),
            prepare: fleet => fleet.World.Api.Register(new CodeDeployService(fleet.Groups, fleet.Deployments))
        );
        _aws = TestAws.Over(_fleet.World);
        _client = new AmazonCodeDeployClient(TestAws.Root(Fleet.Account), _aws.Configure(new AmazonCodeDeployConfig()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_goes_from_created_to_succeeded_with_its_overview()
    {
        var id = await Create("one");

        var created = await Get(id);
        await _fleet.World.RunUntil(() => _fleet.Deployment(id).Targets[0].Status == "Succeeded");
        var running = await Get(id);
        await _fleet.Quiet();
        var ended = await Get(id);

        created.Status.ShouldBe(DeploymentStatus.Created);
        created.Creator.ShouldBe(DeploymentCreator.User);
        created.DeploymentOverview.Pending.ShouldBe(2);
        running.Status.ShouldBe(DeploymentStatus.InProgress);
        running.DeploymentOverview.Succeeded.ShouldBe(1);
        ended.Status.ShouldBe(DeploymentStatus.Succeeded);
        ended.DeploymentOverview.Succeeded.ShouldBe(2);
        ended.CompleteTime.ShouldNotBeNull();
        ended.Revision.S3Location.Key.ShouldBe(Fleet.Revision("one").Key);
        ended.RollbackInfo.ShouldBeNull();
        ended.ErrorInformation.ShouldBeNull();
    }

    [Fact]
    public async Task More_than_25_targets_are_not_described_at_once()
    {
        var id = await Create("one");

        (
            await Should.ThrowAsync<DeploymentTargetListSizeExceededException>(
                _client.BatchGetDeploymentTargetsAsync(
                    new BatchGetDeploymentTargetsRequest
                    {
                        DeploymentId = id,
                        TargetIds = [.. Enumerable.Range(0, 26).Select(number => $"i-{number}")],
                    }
                )
            )
        ).Message.ShouldContain("25");
    }

    [Fact]
    public async Task A_failure_reports_its_error_its_instance_and_its_rollback()
    {
        var first = await Create("one");
        await _fleet.Quiet();
        var id = await Create("two");
        await _fleet.Quiet();

        var failed = await Get(id);
        var rollback = await Get(failed.RollbackInfo.RollbackDeploymentId);
        var targets = await _client.BatchGetDeploymentTargetsAsync(
            new BatchGetDeploymentTargetsRequest
            {
                DeploymentId = id,
                TargetIds = (await _client.ListDeploymentTargetsAsync(new ListDeploymentTargetsRequest { DeploymentId = id })).TargetIds,
            }
        );
        var group = (
            await _client.GetDeploymentGroupAsync(
                new GetDeploymentGroupRequest { ApplicationName = Fleet.Application, DeploymentGroupName = Fleet.Group }
            )
        ).DeploymentGroupInfo;

        failed.Status.ShouldBe(DeploymentStatus.Failed);
        failed.ErrorInformation.Code.Value.ShouldBe("HEALTH_CONSTRAINTS");
        failed.PreviousRevision.S3Location.Key.ShouldBe(Fleet.Revision("one").Key);
        rollback.Creator.ShouldBe(DeploymentCreator.CodeDeployRollback);
        rollback.RollbackInfo.RollbackTriggeringDeploymentId.ShouldBe(id);
        targets.DeploymentTargets.Select(target => target.InstanceTarget.Status.Value).ShouldBe(["Failed", "Skipped"]);
        var last = targets.DeploymentTargets[0].InstanceTarget.LifecycleEvents[^1];
        last.LifecycleEventName.ShouldBe("ValidateService");
        last.Diagnostics.ErrorCode.ShouldBe(LifecycleErrorCode.ScriptFailed);
        group.LastAttemptedDeployment.DeploymentId.ShouldBe(rollback.DeploymentId);
        group.LastSuccessfulDeployment.DeploymentId.ShouldBe(rollback.DeploymentId);
        group.TargetRevision.S3Location.Key.ShouldBe(Fleet.Revision("one").Key);
        (await List()).ShouldBe([rollback.DeploymentId, id, first]);
        (await List("Succeeded")).ShouldBe([rollback.DeploymentId, first]);
        (await List("Failed")).ShouldBe([id]);
        (
            await _client.BatchGetDeploymentsAsync(new BatchGetDeploymentsRequest { DeploymentIds = [id, first] })
        ).DeploymentsInfo.Count.ShouldBe(2);
        (
            await _client.ListDeploymentInstancesAsync(
                new ListDeploymentInstancesRequest { DeploymentId = id, InstanceStatusFilter = ["Failed"] }
            )
        ).InstancesList.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_busy_group_takes_no_second_deployment()
    {
        await Create("one");

        await Should.ThrowAsync<DeploymentLimitExceededException>(Create("two"));
    }

    [Fact]
    public async Task A_revision_is_registered_and_known_by_where_it_is_deployed()
    {
        await _client.RegisterApplicationRevisionAsync(
            new RegisterApplicationRevisionRequest
            {
                ApplicationName = Fleet.Application,
                Revision = Fleet.Revision("one").Location(),
                Description = "first",
            }
        );
        var registered = await Revision("one");
        await Create("one");
        await _fleet.Quiet();
        var deployed = await Revision("one");

        registered.Description.ShouldBe("first");
        registered.FirstUsedTime.ShouldBeNull();
        deployed.DeploymentGroups.ShouldBe([Fleet.Group]);
        deployed.FirstUsedTime.ShouldNotBeNull();
        (
            await _client.ListDeploymentGroupsAsync(new ListDeploymentGroupsRequest { ApplicationName = Fleet.Application })
        ).DeploymentGroups.ShouldBe([Fleet.Group]);
    }

    [Fact]
    public async Task What_does_not_exist_is_named_by_its_own_error()
    {
        await Should.ThrowAsync<ApplicationDoesNotExistException>(
            _client.ListDeploymentGroupsAsync(new ListDeploymentGroupsRequest { ApplicationName = "other" })
        );
        await Should.ThrowAsync<DeploymentGroupDoesNotExistException>(
            _client.GetDeploymentGroupAsync(
                new GetDeploymentGroupRequest { ApplicationName = Fleet.Application, DeploymentGroupName = "other" }
            )
        );
        await Should.ThrowAsync<DeploymentDoesNotExistException>(
            _client.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = "d-0" })
        );
        await Should.ThrowAsync<RevisionDoesNotExistException>(Revision("other"));
        await Should.ThrowAsync<ApplicationAlreadyExistsException>(
            _client.CreateApplicationAsync(new CreateApplicationRequest { ApplicationName = Fleet.Application })
        );
    }

    [Fact]
    public async Task A_stopped_deployment_cannot_be_stopped_again()
    {
        var id = await Create("one");

        (await _client.StopDeploymentAsync(new StopDeploymentRequest { DeploymentId = id })).Status.ShouldBe(StopStatus.Succeeded);

        (await Get(id)).Status.ShouldBe(DeploymentStatus.Stopped);
        await Should.ThrowAsync<DeploymentAlreadyCompletedException>(
            _client.StopDeploymentAsync(new StopDeploymentRequest { DeploymentId = id })
        );
    }

    [Theory]
    [InlineData("codedeploy:CreateDeployment", "codedeploy:GetDeploymentConfig", true)]
    [InlineData("codedeploy:CreateDeployment", "codedeploy:GetDeployment", false)]
    [InlineData("codedeploy:GetDeployment", "codedeploy:GetDeploymentConfig", false)]
    public async Task Creating_a_deployment_needs_its_configuration_and_revision_too(string first, string second, bool allowed)
    {
        await Create("one");
        await _fleet.Quiet();
        var credentials = await _aws.Session(
            Fleet.Account,
            "deploy",
            $$"""
            {"Effect":"Allow","Action":["{{first}}"],"Resource":"{{Groups}}"},
            {"Effect":"Allow","Action":["{{second}}","codedeploy:GetApplicationRevision"],
              "Resource":["arn:aws:codedeploy:us-east-1:111111111111:deploymentconfig:*",
                "arn:aws:codedeploy:us-east-1:111111111111:application:inventory"]}
            """
        );
        using var client = new AmazonCodeDeployClient(credentials, _aws.Configure(new AmazonCodeDeployConfig()));

        var create = client.CreateDeploymentAsync(Request("one"));

        if (allowed)
        {
            (await create).DeploymentId.ShouldStartWith("d-");
        }
        else
        {
            (await Should.ThrowAsync<AmazonCodeDeployException>(create)).ErrorCode.ShouldBe("AccessDeniedException");
        }
    }

    private static CreateDeploymentRequest Request(string revision) =>
        new()
        {
            ApplicationName = Fleet.Application,
            DeploymentGroupName = Fleet.Group,
            Revision = Fleet.Revision(revision).Location(),
        };

    private async Task<string> Create(string revision) => (await _client.CreateDeploymentAsync(Request(revision))).DeploymentId;

    private async Task<DeploymentInfo> Get(string id) =>
        (await _client.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = id })).DeploymentInfo;

    private async Task<GenericRevisionInfo> Revision(string name) =>
        (
            await _client.GetApplicationRevisionAsync(
                new GetApplicationRevisionRequest { ApplicationName = Fleet.Application, Revision = Fleet.Revision(name).Location() }
            )
        ).RevisionInfo;

    private async Task<List<string>> List(params string[] statuses) =>
        (
            await _client.ListDeploymentsAsync(
                new ListDeploymentsRequest
                {
                    ApplicationName = Fleet.Application,
                    DeploymentGroupName = Fleet.Group,
                    IncludeOnlyStatuses = statuses.Length == 0 ? null : [.. statuses.Select(status => new DeploymentStatus(status))],
                }
            )
        ).Deployments;
}
