using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>AWS CodeDeploy, as far as in-place deployments to instances go.</summary>
/// <remarks>https://docs.aws.amazon.com/codedeploy/latest/APIReference/</remarks>
public sealed class CodeDeployService : ModelService
{
    private const int MostTargets = 25;
    private readonly DeployGroups _groups;
    private readonly Deployments _deployments;

    /// <summary>The service over a world's groups and deployments.</summary>
    public CodeDeployService(DeployGroups groups, Deployments deployments)
        : base(CodeDeployModel.Service)
    {
        _groups = groups;
        _deployments = deployments;
        On<CreateApplicationRequest, CreateApplicationResponse>(
            "CreateApplication",
            CreateApplication,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<GetApplicationRequest, GetApplicationResponse>(
            "GetApplication",
            GetApplication,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<ListApplicationsRequest, ListApplicationsResponse>("ListApplications", ListApplications, (call, _) => Application(call, "*"));
        On<RegisterApplicationRevisionRequest, RegisterApplicationRevisionResponse>(
            "RegisterApplicationRevision",
            Register,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<GetApplicationRevisionRequest, GetApplicationRevisionResponse>(
            "GetApplicationRevision",
            GetRevision,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<ListApplicationRevisionsRequest, ListApplicationRevisionsResponse>(
            "ListApplicationRevisions",
            ListRevisions,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<CreateDeploymentGroupRequest, CreateDeploymentGroupResponse>(
            "CreateDeploymentGroup",
            CreateGroup,
            (call, request) => Group(call, request.ApplicationName, request.DeploymentGroupName)
        );
        On<GetDeploymentGroupRequest, GetDeploymentGroupResponse>(
            "GetDeploymentGroup",
            GetGroup,
            (call, request) => Group(call, request.ApplicationName, request.DeploymentGroupName)
        );
        On<ListDeploymentGroupsRequest, ListDeploymentGroupsResponse>(
            "ListDeploymentGroups",
            ListGroups,
            (call, request) => Application(call, request.ApplicationName)
        );
        On<CreateDeploymentRequest, CreateDeploymentResponse>(
            "CreateDeployment",
            Create,
            (call, request) => Group(call, request.ApplicationName, request.DeploymentGroupName)
        );
        On<StopDeploymentRequest, StopDeploymentResponse>("StopDeployment", Stop, (call, request) => GroupOf(call, request.DeploymentId));
        On<GetDeploymentRequest, GetDeploymentResponse>("GetDeployment", Get, (call, request) => GroupOf(call, request.DeploymentId));
        On<BatchGetDeploymentsRequest, BatchGetDeploymentsResponse>(
            "BatchGetDeployments",
            BatchGet,
            (call, request) => (request.DeploymentIds ?? []).SelectMany(id => GroupOf(call, id)).Distinct()
        );
        On<ListDeploymentsRequest, ListDeploymentsResponse>(
            "ListDeployments",
            List,
            (call, request) => Group(call, request.ApplicationName ?? "*", request.DeploymentGroupName ?? "*")
        );
        On<ListDeploymentTargetsRequest, ListDeploymentTargetsResponse>(
            "ListDeploymentTargets",
            ListTargets,
            (call, request) => GroupOf(call, request.DeploymentId)
        );
        On<ListDeploymentInstancesRequest, ListDeploymentInstancesResponse>(
            "ListDeploymentInstances",
            ListInstances,
            (call, request) => GroupOf(call, request.DeploymentId)
        );
        On<GetDeploymentTargetRequest, GetDeploymentTargetResponse>(
            "GetDeploymentTarget",
            GetTarget,
            (call, request) => GroupOf(call, request.DeploymentId)
        );
        On<BatchGetDeploymentTargetsRequest, BatchGetDeploymentTargetsResponse>(
            "BatchGetDeploymentTargets",
            BatchGetTargets,
            (call, request) => GroupOf(call, request.DeploymentId)
        );
    }

    private static string[] Application(Call call, string name) => [$"arn:aws:codedeploy:{call.Region}:{call.Account}:application:{name}"];

    private static string[] Group(Call call, string application, string name) =>
        [$"arn:aws:codedeploy:{call.Region}:{call.Account}:deploymentgroup:{application}/{name}"];

    private string[] GroupOf(Call call, string deployment) =>
        _deployments.Find(call.Account, call.Region, deployment ?? string.Empty) is { } found
            ? Group(call, found.Application, found.Group)
            : Group(call, "*", "*");

    private CreateApplicationResponse CreateApplication(Call call, CreateApplicationRequest request)
    {
        var platform = request.ComputePlatform ?? ComputePlatform.Server;
        if (platform != ComputePlatform.Server)
        {
            throw new ApiException(
                "InvalidComputePlatformException",
                $"The rehearsal simulates the compute platform Server only, not {platform}"
            );
        }

        return new CreateApplicationResponse
        {
            ApplicationId = _groups.CreateApplication(call.Account, call.Region, request.ApplicationName).Id,
        };
    }

    private GetApplicationResponse GetApplication(Call call, GetApplicationRequest request)
    {
        var application = ExistingApplication(call, request.ApplicationName);
        return new GetApplicationResponse
        {
            Application = new ApplicationInfo
            {
                ApplicationId = application.Id,
                ApplicationName = application.Name,
                ComputePlatform = application.ComputePlatform,
                CreateTime = application.Created.UtcDateTime,
                LinkedToGitHub = false,
            },
        };
    }

    private ListApplicationsResponse ListApplications(Call call, ListApplicationsRequest request) =>
        new() { Applications = [.. _groups.Applications(call.Account, call.Region).Select(application => application.Name)] };

    private RegisterApplicationRevisionResponse Register(Call call, RegisterApplicationRevisionRequest request)
    {
        ExistingApplication(call, request.ApplicationName);
        _groups.Register(call.Account, call.Region, request.ApplicationName, BundleOf(request.Revision), request.Description);
        return new RegisterApplicationRevisionResponse();
    }

    private GetApplicationRevisionResponse GetRevision(Call call, GetApplicationRevisionRequest request)
    {
        ExistingApplication(call, request.ApplicationName);
        var revision =
            _groups.Revision(call.Account, call.Region, request.ApplicationName, BundleOf(request.Revision))
            ?? throw new ApiException("RevisionDoesNotExistException", "No application revision found for the location given");
        return new GetApplicationRevisionResponse
        {
            ApplicationName = request.ApplicationName,
            Revision = revision.Bundle.Location(),
            RevisionInfo = revision.Info(_groups.Of(call.Account, call.Region, request.ApplicationName)),
        };
    }

    private ListApplicationRevisionsResponse ListRevisions(Call call, ListApplicationRevisionsRequest request)
    {
        ExistingApplication(call, request.ApplicationName);
        var deployed = _groups
            .Of(call.Account, call.Region, request.ApplicationName)
            .Select(group => group.TargetRevision)
            .OfType<Bundle>()
            .ToHashSet();
        var found = _groups
            .Revisions(call.Account, call.Region, request.ApplicationName)
            .Where(revision =>
                (request.S3Bucket is null || revision.Bundle.Bucket == request.S3Bucket)
                && (request.S3KeyPrefix is null || revision.Bundle.Key.StartsWith(request.S3KeyPrefix, StringComparison.Ordinal))
                && (request.Deployed?.Value ?? "ignore") switch
                {
                    "include" => deployed.Contains(revision.Bundle),
                    "exclude" => !deployed.Contains(revision.Bundle),
                    _ => true,
                }
            );
        Func<RegisteredRevision, DateTimeOffset?> sort = request.SortBy?.Value switch
        {
            "firstUsedTime" => revision => revision.FirstUsed,
            "lastUsedTime" => revision => revision.LastUsed,
            _ => revision => revision.Registered,
        };
        found = request.SortOrder?.Value == "descending" ? found.OrderByDescending(sort) : found.OrderBy(sort);
        return new ListApplicationRevisionsResponse { Revisions = [.. found.Select(revision => revision.Bundle.Location())] };
    }

    private CreateDeploymentGroupResponse CreateGroup(Call call, CreateDeploymentGroupRequest request)
    {
        SimulatedMembers.Only(
            request,
            "ApplicationName",
            "DeploymentGroupName",
            "ServiceRoleArn",
            "DeploymentConfigName",
            "AutoScalingGroups",
            "AutoRollbackConfiguration",
            "Tags"
        );
        var group = _groups.Create(
            new DeployGroup
            {
                Account = call.Account,
                Region = call.Region,
                Id = call.World.Random.Uuid(),
                Application = request.ApplicationName,
                Name = request.DeploymentGroupName,
                ServiceRole = request.ServiceRoleArn,
                ScalingGroups = request.AutoScalingGroups ?? [],
                ConfigName = Config(request.DeploymentConfigName),
                RollsBackFailures =
                    request.AutoRollbackConfiguration is { Enabled: true } rollback
                    && rollback.Events?.Contains("DEPLOYMENT_FAILURE") == true,
                Tags = (request.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value),
            }
        );
        return new CreateDeploymentGroupResponse { DeploymentGroupId = group.Id };
    }

    private static string Config(string? name) =>
        name switch
        {
            null or "CodeDeployDefault.OneAtATime" => "CodeDeployDefault.OneAtATime",
            _ => throw new ApiException(
                "DeploymentConfigDoesNotExistException",
                $"The rehearsal simulates CodeDeployDefault.OneAtATime only, not {name}"
            ),
        };

    private GetDeploymentGroupResponse GetGroup(Call call, GetDeploymentGroupRequest request) =>
        new() { DeploymentGroupInfo = ExistingGroup(call, request.ApplicationName, request.DeploymentGroupName).Info() };

    private ListDeploymentGroupsResponse ListGroups(Call call, ListDeploymentGroupsRequest request)
    {
        ExistingApplication(call, request.ApplicationName);
        return new ListDeploymentGroupsResponse
        {
            ApplicationName = request.ApplicationName,
            DeploymentGroups = [.. _groups.Of(call.Account, call.Region, request.ApplicationName).Select(group => group.Name)],
        };
    }

    /// <remarks>The further permissions:
    /// https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html</remarks>
    private CreateDeploymentResponse Create(Call call, CreateDeploymentRequest request)
    {
        SimulatedMembers.Only(
            request,
            "ApplicationName",
            "DeploymentGroupName",
            "Revision",
            "Description",
            "DeploymentConfigName",
            "FileExistsBehavior"
        );
        var group = ExistingGroup(call, request.ApplicationName, request.DeploymentGroupName);
        Config(request.DeploymentConfigName);
        call.World.Api.Check(
            call,
            [$"arn:aws:codedeploy:{call.Region}:{call.Account}:deploymentconfig:{group.ConfigName}"],
            "codedeploy:GetDeploymentConfig"
        );
        call.World.Api.Check(call, Application(call, group.Application), "codedeploy:GetApplicationRevision");
        var revision = request.Revision is null
            ? group.TargetRevision
                ?? throw new ApiException(
                    "RevisionRequiredException",
                    "Revision is required because the deployment group has no target revision"
                )
            : BundleOf(request.Revision);
        if (_groups.Revision(call.Account, call.Region, group.Application, revision) is null)
        {
            call.World.Api.Check(call, Application(call, group.Application), "codedeploy:RegisterApplicationRevision");
        }

        return new CreateDeploymentResponse { DeploymentId = _deployments.Create(group, revision, request.Description).Id };
    }

    private StopDeploymentResponse Stop(Call call, StopDeploymentRequest request)
    {
        var deployment = Existing(call, request.DeploymentId);
        if (!deployment.Active)
        {
            throw new ApiException("DeploymentAlreadyCompletedException", $"The deployment {deployment.Id} is already completed");
        }

        _deployments.Stop(deployment, request.AutoRollbackEnabled == true);
        return new StopDeploymentResponse
        {
            Status = StopStatus.Succeeded,
            StatusMessage = "No more commands will be scheduled for execution in the deployment instances",
        };
    }

    private GetDeploymentResponse Get(Call call, GetDeploymentRequest request) =>
        new() { DeploymentInfo = Info(Existing(call, request.DeploymentId)) };

    private BatchGetDeploymentsResponse BatchGet(Call call, BatchGetDeploymentsRequest request) =>
        new()
        {
            DeploymentsInfo =
            [
                .. (request.DeploymentIds ?? [])
                    .Select(id => _deployments.Find(call.Account, call.Region, id))
                    .OfType<Deployment>()
                    .Select(Info),
            ],
        };

    private ListDeploymentsResponse List(Call call, ListDeploymentsRequest request)
    {
        if (request.ApplicationName is not null)
        {
            ExistingApplication(call, request.ApplicationName);
            if (request.DeploymentGroupName is not null)
            {
                ExistingGroup(call, request.ApplicationName, request.DeploymentGroupName);
            }
        }

        var statuses = (request.IncludeOnlyStatuses ?? []).ToHashSet(StringComparer.Ordinal);
        return new ListDeploymentsResponse
        {
            Deployments =
            [
                .. _deployments
                    .All(call.Account, call.Region)
                    .Where(deployment =>
                        (request.ApplicationName is null || deployment.Application == request.ApplicationName)
                        && (request.DeploymentGroupName is null || deployment.Group == request.DeploymentGroupName)
                        && (statuses.Count == 0 || statuses.Contains(deployment.Status))
                        && (request.CreateTimeRange?.Start is not { } start || deployment.Created.UtcDateTime >= start.ToUniversalTime())
                        && (request.CreateTimeRange?.End is not { } end || deployment.Created.UtcDateTime <= end.ToUniversalTime())
                    )
                    .OrderByDescending(deployment => deployment.Created)
                    .Select(deployment => deployment.Id),
            ],
        };
    }

    private ListDeploymentTargetsResponse ListTargets(Call call, ListDeploymentTargetsRequest request) =>
        new() { TargetIds = [.. Existing(call, request.DeploymentId).Targets.Select(target => target.InstanceId)] };

    private ListDeploymentInstancesResponse ListInstances(Call call, ListDeploymentInstancesRequest request)
    {
        var statuses = (request.InstanceStatusFilter ?? []).ToHashSet(StringComparer.Ordinal);
        return new ListDeploymentInstancesResponse
        {
            InstancesList =
            [
                .. Existing(call, request.DeploymentId)
                    .Targets.Where(target => statuses.Count == 0 || statuses.Contains(target.Status))
                    .Select(target => target.InstanceId),
            ],
        };
    }

    private GetDeploymentTargetResponse GetTarget(Call call, GetDeploymentTargetRequest request)
    {
        var deployment = Existing(call, request.DeploymentId);
        return new GetDeploymentTargetResponse { DeploymentTarget = ExistingTarget(deployment, request.TargetId).Shape(deployment) };
    }

    private BatchGetDeploymentTargetsResponse BatchGetTargets(Call call, BatchGetDeploymentTargetsRequest request)
    {
        // https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html
        if (request.TargetIds?.Count > MostTargets)
        {
            throw new ApiException(
                "DeploymentTargetListSizeExceededException",
                $"The maximum number of targets that can be associated with this request is {MostTargets}."
            );
        }

        var deployment = Existing(call, request.DeploymentId);
        return new BatchGetDeploymentTargetsResponse
        {
            DeploymentTargets = [.. (request.TargetIds ?? []).Select(id => ExistingTarget(deployment, id).Shape(deployment))],
        };
    }

    private DeploymentInfo Info(Deployment deployment) =>
        deployment.Info(_groups.Find(deployment.Account, deployment.Region, deployment.Application, deployment.Group));

    private static Bundle BundleOf(RevisionLocation? location) =>
        location is { S3Location: { Bucket: { } bucket, Key: { } key } place }
            ? new Bundle(bucket, key, place.BundleType?.Value ?? "zip")
            : throw new ApiException(
                "InvalidRevisionException",
                "The rehearsal simulates revisions of type S3 only; bucket and key are needed"
            );

    private DeployApplication ExistingApplication(Call call, string name) =>
        _groups.Application(call.Account, call.Region, name)
        ?? throw new ApiException("ApplicationDoesNotExistException", $"No application found for name: {name}");

    private DeployGroup ExistingGroup(Call call, string application, string name)
    {
        ExistingApplication(call, application);
        return _groups.Find(call.Account, call.Region, application, name)
            ?? throw new ApiException("DeploymentGroupDoesNotExistException", $"No Deployment Group found for name: {name}");
    }

    private Deployment Existing(Call call, string id) =>
        _deployments.Find(call.Account, call.Region, id)
        ?? throw new ApiException("DeploymentDoesNotExistException", $"The deployment {id} could not be found");

    private static Target ExistingTarget(Deployment deployment, string id) =>
        deployment.Targets.FirstOrDefault(target => target.InstanceId == id)
        ?? throw new ApiException("DeploymentTargetDoesNotExistException", $"The target {id} is not part of deployment {deployment.Id}");
}
