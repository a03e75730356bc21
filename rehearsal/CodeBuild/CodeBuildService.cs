using System.Security.Cryptography;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>CodeBuild's API: projects and builds.</summary>
public sealed class CodeBuildService : ModelService
{
    private const string ServiceName = "codebuild.amazonaws.com";

    // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html: "The token is included in the StartBuild request and
    // is valid for 5 minutes".
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);
    private readonly RehearsalWorld _world;
    private readonly Projects _projects;
    private readonly Builds _builds;
    private readonly Table<StartToken> _tokens;

    /// <summary>A service of this world.</summary>
    public CodeBuildService(RehearsalWorld world, Builds builds)
        : base(CodeBuildModel.Service)
    {
        _world = world;
        _projects = new Projects(world);
        _builds = builds;
        _tokens = world.Store.Table<StartToken>("codebuild/tokens");
        On<CreateProjectRequest, CreateProjectResponse>(
            "CreateProject",
            CreateProject,
            (call, request) => [ProjectArn(call, request.Name)]
        );
        On<BatchGetProjectsRequest, BatchGetProjectsResponse>(
            "BatchGetProjects",
            BatchGetProjects,
            (call, request) => request.Names.Select(name => ProjectArn(call, name))
        );
        On<DeleteProjectRequest, DeleteProjectResponse>(
            "DeleteProject",
            DeleteProject,
            (call, request) => [ProjectArn(call, request.Name)]
        );
        On<StartBuildRequest, StartBuildResponse>("StartBuild", StartBuild, (call, request) => [ProjectArn(call, request.ProjectName)]);
        On<BatchGetBuildsRequest, BatchGetBuildsResponse>(
            "BatchGetBuilds",
            BatchGetBuilds,
            (call, request) => request.Ids.Select(id => ProjectArn(call, ProjectOf(id))).Distinct()
        );
        On<ListBuildsForProjectRequest, ListBuildsForProjectResponse>(
            "ListBuildsForProject",
            ListBuildsForProject,
            (call, request) => [ProjectArn(call, request.ProjectName)]
        );
        On<StopBuildRequest, StopBuildResponse>("StopBuild", StopBuild, (call, request) => [ProjectArn(call, ProjectOf(request.Id))]);
    }

    private static string ProjectArn(Call call, string nameOrArn) => Projects.ArnOf(call.Account, call.Region, nameOrArn);

    private static string ProjectOf(string buildIdOrArn) => BuildId(buildIdOrArn).Split(':')[0];

    private static string BuildId(string idOrArn) => idOrArn[(idOrArn.LastIndexOf('/') + 1)..];

    /// <summary>Refuses what is not simulated of a project, and what CodeBuild refuses, whether it is made or updated.</summary>
    /// <exception cref="ApiException">Something of it is.</exception>
    internal static void CheckProject(CreateProjectRequest request)
    {
        SimulatedMembers.Only(
            request,
            "Name",
            "Description",
            "Source",
            "SourceVersion",
            "Artifacts",
            "Environment",
            "ServiceRole",
            "TimeoutInMinutes",
            "QueuedTimeoutInMinutes",
            "Tags",
            "LogsConfig"
        );
        CheckSource(request.Source);
        CheckArtifacts(request.Artifacts);
        CheckTimeout(nameof(request.TimeoutInMinutes), request.TimeoutInMinutes);
    }

    private CreateProjectResponse CreateProject(Call call, CreateProjectRequest request)
    {
        CheckProject(request);
        if (_projects.Find(call.Account, call.Region, request.Name) is not null)
        {
            throw new ApiException("ResourceAlreadyExistsException", $"Project already exists: {ProjectArn(call, request.Name)}");
        }

        call.World.Api.CheckPassRole(call, request.ServiceRole, ServiceName, sourceArn: ProjectArn(call, request.Name));
        return new CreateProjectResponse
        {
            Project = _projects.Put(
                call.Account,
                call.Region,
                new Project
                {
                    Name = request.Name,
                    Description = request.Description,
                    Source = request.Source,
                    SourceVersion = request.SourceVersion,
                    Artifacts = request.Artifacts,
                    Environment = request.Environment,
                    ServiceRole = request.ServiceRole,
                    TimeoutInMinutes = request.TimeoutInMinutes ?? 60,
                    QueuedTimeoutInMinutes = request.QueuedTimeoutInMinutes ?? 480,
                    Tags = request.Tags,
                    LogsConfig = request.LogsConfig,
                }
            ),
        };
    }

    private BatchGetProjectsResponse BatchGetProjects(Call call, BatchGetProjectsRequest request)
    {
        var found = request.Names.Select(name => (Name: name, Project: _projects.Find(call.Account, call.Region, name))).ToList();
        return new BatchGetProjectsResponse
        {
            Projects = [.. found.Select(pair => pair.Project).OfType<Project>()],
            ProjectsNotFound = [.. found.Where(pair => pair.Project is null).Select(pair => pair.Name)],
        };
    }

    private DeleteProjectResponse DeleteProject(Call call, DeleteProjectRequest request)
    {
        _projects.Delete(call.Account, call.Region, request.Name);
        return new DeleteProjectResponse();
    }

    private StartBuildResponse StartBuild(Call call, StartBuildRequest request)
    {
        SimulatedMembers.Only(
            request,
            "ProjectName",
            "SourceVersion",
            "ArtifactsOverride",
            "EnvironmentVariablesOverride",
            "SourceTypeOverride",
            "SourceLocationOverride",
            "SourceAuthOverride",
            "GitCloneDepthOverride",
            "BuildspecOverride",
            "TimeoutInMinutesOverride",
            "ServiceRoleOverride",
            "IdempotencyToken"
        );
        var project =
            _projects.Find(call.Account, call.Region, request.ProjectName)
            ?? throw new ApiException("ResourceNotFoundException", $"Project cannot be found: {ProjectArn(call, request.ProjectName)}");
        var tokenKey = RegionalKey.Create(call.Account, call.Region, project.Name, request.IdempotencyToken);
        var digest = Digest(request);
        if (request.IdempotencyToken is not null && _tokens.Get(tokenKey) is { } token && token.Expires > _world.Now)
        {
            return token.RequestDigest == digest
                ? new StartBuildResponse { Build = _builds.Find(call.Account, call.Region, token.BuildId)!.Build }
                : throw new ApiException("InvalidInputException", "The idempotency token was used with other parameters.");
        }

        // The role of one build is handed over as that of a project is; what does not exist or does not trust CodeBuild, it cannot assume.
        if (request.ServiceRoleOverride is { } role)
        {
            call.World.Api.CheckPassRole(
                call,
                role,
                ServiceName,
                new ApiException("InvalidInputException", $"CodeBuild is not authorized to perform: sts:AssumeRole on {role}"),
                project.Arn
            );
        }

        var record = Record(call, project, request);
        if (request.IdempotencyToken is not null)
        {
            _tokens.Put(tokenKey, new StartToken(digest, record.Build.Id, _world.Now + TokenLife));
        }

        _builds.Start(record);
        return new StartBuildResponse { Build = record.Build };
    }

    // "from 5 to 2160 (36 hours)": https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html and API_CreateProject.html
    private static void CheckTimeout(string member, int? minutes)
    {
        if (minutes is < 5 or > 2160)
        {
            throw new ApiException("InvalidInputException", $"Invalid {member}: {minutes} is not between 5 and 2160 minutes");
        }
    }

    private BuildRecord Record(Call call, Project project, StartBuildRequest request)
    {
        var source = new ProjectSource
        {
            Type = request.SourceTypeOverride ?? project.Source.Type,
            Location = request.SourceLocationOverride ?? project.Source.Location,
            Auth = request.SourceAuthOverride ?? project.Source.Auth,
            GitCloneDepth = request.GitCloneDepthOverride ?? project.Source.GitCloneDepth,
            Buildspec = request.BuildspecOverride ?? project.Source.Buildspec,
        };
        var artifacts = request.ArtifactsOverride ?? project.Artifacts;
        CheckAuthorization(project, request);
        CheckSource(source);
        CheckArtifacts(artifacts);
        CheckTimeout(nameof(request.TimeoutInMinutesOverride), request.TimeoutInMinutesOverride);
        if (ImagePrograms.Refusal(project.Environment.Image) is { } refusal)
        {
            // Not where the project is made: one of a stack need never build.
            throw Invalid(refusal);
        }

        var uuid = _world.Random.Uuid();
        var id = $"{project.Name}:{uuid}";
        var logs = project.LogsConfig?.CloudWatchLogs;
        var logged = logs?.Status != LogsConfigStatusType.DISABLED;
        return new BuildRecord(
            call.Account,
            call.Region,
            new Build
            {
                Id = id,
                Arn = $"arn:aws:codebuild:{call.Region}:{call.Account}:build/{id}",
                BuildNumber =
                    _builds.ForProject(call.Account, call.Region, project.Name).Select(build => build.Build.BuildNumber).FirstOrDefault(0)
                    + 1,
                StartTime = _world.Now.UtcDateTime,
                BuildStatus = StatusType.IN_PROGRESS,
                BuildComplete = false,
                ProjectName = project.Name,
                SourceVersion = request.SourceVersion ?? project.SourceVersion,
                Source = source,
                Artifacts = new BuildArtifacts(),
                Environment = Environment(project.Environment, request.EnvironmentVariablesOverride ?? []),
                ServiceRole = request.ServiceRoleOverride ?? project.ServiceRole,
                TimeoutInMinutes = request.TimeoutInMinutesOverride ?? project.TimeoutInMinutes,
                QueuedTimeoutInMinutes = project.QueuedTimeoutInMinutes,
                Initiator =
                    call.Principal.Kind == PrincipalKind.AssumedRole
                        ? $"{call.Principal.Role}/{call.Principal.Session}"
                        : call.Principal.Name,
                Phases = [],
                Logs = new LogsLocation
                {
                    GroupName = logged ? logs?.GroupName ?? $"/aws/codebuild/{project.Name}" : null,
                    StreamName = logged ? (logs?.StreamName is { } prefix ? $"{prefix}/{uuid}" : uuid) : null,
                },
            },
            artifacts,
            []
        );
    }

    private static ProjectEnvironment Environment(ProjectEnvironment project, List<EnvironmentVariable> overrides)
    {
        var names = overrides.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return new ProjectEnvironment
        {
            Type = project.Type,
            Image = project.Image,
            ComputeType = project.ComputeType,
            PrivilegedMode = project.PrivilegedMode,
            EnvironmentVariables =
            [
                .. (project.EnvironmentVariables ?? []).Where(variable => !names.Contains(variable.Name)),
                .. overrides,
            ],
        };
    }

    private BatchGetBuildsResponse BatchGetBuilds(Call call, BatchGetBuildsRequest request)
    {
        var found = request.Ids.Select(id => (Id: id, Record: _builds.Find(call.Account, call.Region, BuildId(id)))).ToList();
        return new BatchGetBuildsResponse
        {
            Builds = [.. found.Select(pair => pair.Record?.Build).OfType<Build>()],
            BuildsNotFound = [.. found.Where(pair => pair.Record is null).Select(pair => pair.Id)],
        };
    }

    private ListBuildsForProjectResponse ListBuildsForProject(Call call, ListBuildsForProjectRequest request)
    {
        SimulatedMembers.Only(request, "ProjectName", "SortOrder");
        if (_projects.Find(call.Account, call.Region, request.ProjectName) is null)
        {
            throw new ApiException(
                "ResourceNotFoundException",
                $"The provided project arn:aws:codebuild:{call.Region}:{call.Account}:project/{request.ProjectName} does not exist"
            );
        }

        var ids = _builds.ForProject(call.Account, call.Region, request.ProjectName).Select(record => record.Build.Id);
        return new ListBuildsForProjectResponse { Ids = [.. request.SortOrder == SortOrderType.ASCENDING ? ids.Reverse() : ids] };
    }

    private StopBuildResponse StopBuild(Call call, StopBuildRequest request)
    {
        var record =
            _builds.Find(call.Account, call.Region, BuildId(request.Id))
            ?? throw new ApiException("ResourceNotFoundException", $"Build {request.Id} could not be found.");
        _builds.Stop(record);
        return new StopBuildResponse { Build = record.Build };
    }

    private static string Digest(StartBuildRequest request)
    {
        var operation = CodeBuildModel.Service.FindOperation("StartBuild")!;
        return Convert.ToHexStringLower(SHA256.HashData(CodeBuildModel.Service.WriteRequest(operation, request).Body));
    }

    /// <summary>
    /// "This override applies only if the build project's source is BitBucket, GitHub, GitLab, or GitLab Self Managed": for others
    /// CodeBuild says nothing and clones without the connection; the rehearsal says it.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html, sourceAuthOverride</remarks>
    private static void CheckAuthorization(Project project, StartBuildRequest request)
    {
        if (request.SourceAuthOverride is not null && !BuildSource.IsRepository(project.Source.Type))
        {
            throw Invalid($"sourceAuthOverride does not apply to the project {project.Name}, whose source is {project.Source.Type}.");
        }
    }

    private static void CheckSource(ProjectSource source)
    {
        SimulatedMembers.Only(source, "Type", "Location", "Auth", "GitCloneDepth", "Buildspec", "ReportBuildStatus", "InsecureSsl");
        if (source.Type != SourceType.S3 && source.Type != SourceType.NO_SOURCE && !BuildSource.IsRepository(source.Type))
        {
            throw Invalid($"The rehearsal does not simulate sources of the type {source.Type}.");
        }

        if (source.Type != SourceType.NO_SOURCE && string.IsNullOrEmpty(source.Location))
        {
            throw Invalid("Project source location is required.");
        }
    }

    private static void CheckArtifacts(ProjectArtifacts artifacts)
    {
        SimulatedMembers.Only(
            artifacts,
            "Type",
            "Location",
            "Path",
            "NamespaceType",
            "Name",
            "Packaging",
            "OverrideArtifactName",
            "EncryptionDisabled"
        );
        if (artifacts.Type != ArtifactsType.S3 && artifacts.Type != ArtifactsType.NO_ARTIFACTS)
        {
            throw Invalid($"The rehearsal does not simulate artifacts of the type {artifacts.Type}.");
        }

        if (artifacts.Type == ArtifactsType.S3 && string.IsNullOrEmpty(artifacts.Location))
        {
            throw Invalid("Project artifacts location is required.");
        }
    }

    private static ApiException Invalid(string message) => new("InvalidInputException", message);
}
