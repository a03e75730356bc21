using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Rehearsal.CodeBuild.Shell;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>
/// The builds of every account and their way through the phases. The commands run on a machine of their own; their requests take their
/// time as anybody's do. The time that the commands themselves take in AWS passes afterwards.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html</remarks>
public sealed class Builds
{
    private const string Due = "codebuild/phase";
    private const string ServiceName = "codebuild.amazonaws.com";

    // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
    private const int DefaultTimeoutMinutes = 60;
    private readonly RehearsalWorld _world;
    private readonly IEventSource _events;
    private readonly IReadOnlyList<IBuildTool> _tools;
    private readonly Func<Uri> _endpoint;
    private readonly Table<BuildRecord> _builds;
    private readonly LogStore _logs;
    private readonly RoleSessions _roles;
    private readonly Sessions _sessions;
    private readonly Repositories _repositories;
    private readonly Buckets _buckets;
    private readonly BuildSecrets _secrets;
    private readonly Dictionary<string, RunningMachine> _machines = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _notices = new(StringComparer.Ordinal);

    /// <summary>Made once for a world, on its thread. Builds that a killed rehearsal left in progress end as FAULT.</summary>
    /// <param name="world">The world.</param>
    /// <param name="events">Takes the state changes.</param>
    /// <param name="tools">What is simulated of the programs that a build calls.</param>
    /// <param name="endpoint">The address that a build's tools call.</param>
    internal Builds(RehearsalWorld world, IEventSource events, IEnumerable<IBuildTool> tools, Func<Uri> endpoint)
    {
        _world = world;
        _events = events;
        _tools = [.. tools];
        _endpoint = endpoint;
        _builds = world.Store.Table<BuildRecord>("codebuild/builds");
        _logs = new LogStore(world);
        _roles = new RoleSessions(world);
        _sessions = new Sessions(world);
        _repositories = new Repositories(world);
        _buckets = new Buckets(world);
        _secrets = new BuildSecrets(world);
        world.OnDue(Due, EndPhase, failed: (key, reason) => Fault(_builds.Get(key)!, reason));
        foreach (var record in _builds.WithPrefix("").Select(build => build.Value).Where(InProgress))
        {
            Complete(record, StatusType.FAULT, "INTERNAL_ERROR", "The rehearsal was ended while this build ran.");
        }
    }

    /// <summary>What AWS may do otherwise with the builds of this run, a sentence each.</summary>
    internal IReadOnlyCollection<string> Notices => _notices;

    /// <summary>Whether a build runs.</summary>
    internal bool AreRunning => _builds.WithPrefix("").Any(build => InProgress(build.Value));

    internal BuildRecord? Find(string account, string region, string id) => _builds.Get(RegionalKey.Create(account, region, id));

    /// <summary>The builds of a project, newest first.</summary>
    internal IEnumerable<BuildRecord> ForProject(string account, string region, string project) =>
        _builds
            .WithPrefix(RegionalKey.Create(account, region, $"{project}:"))
            .Select(build => build.Value)
            .OrderByDescending(record => record.Build.BuildNumber);

    /// <summary>Begins a build.</summary>
    internal void Start(BuildRecord record)
    {
        Enter(record, BuildPhaseType.SUBMITTED);
        Leave(record, StatusType.SUCCEEDED);
        Enter(record, BuildPhaseType.QUEUED);
        Save(record);
        Publish(record);
        _world.Schedule(Durations.BuildQueued.Draw(_world.Random), Due, Key(record));
    }

    /// <summary>Stops a build, killing its machine; one that has ended stays as it is.</summary>
    internal void Stop(BuildRecord record)
    {
        if (InProgress(record))
        {
            Cut(record, StatusType.STOPPED);
        }
    }

    private static bool InProgress(BuildRecord record) => record.Build.BuildStatus == StatusType.IN_PROGRESS;

    private static string Key(BuildRecord record) => RegionalKey.Create(record.Account, record.Region, record.Build.Id);

    private void Save(BuildRecord record) => _builds.Put(Key(record), record);

    /// <summary>A phase's time has passed.</summary>
    private void EndPhase(string key)
    {
        var record = _builds.Get(key)!;
        if (!InProgress(record))
        {
            return;
        }

        switch (record.Build.CurrentPhase)
        {
            case "QUEUED":
                Leave(record, StatusType.SUCCEEDED);
                Enter(record, BuildPhaseType.PROVISIONING);
                Save(record);
                _world.Schedule(Durations.BuildProvisioning.Draw(_world.Random), Due, key);
                break;
            case "PROVISIONING":
                RunMachine(record);
                break;
            default:
                var ended = record.Planned[0];
                Leave(record, ended.Status, ended.Code, ended.Message);
                Continue(record with { Planned = [.. record.Planned.Skip(1)] });
                break;
        }
    }

    private void RunMachine(BuildRecord record)
    {
        BuildOrder order;
        string accessKey;
        try
        {
            (order, accessKey) = Order(record);
        }
        catch (ApiException refusal)
        {
            Complete(record, StatusType.FAILED, "ACCESS_DENIED", refusal.Message);
            return;
        }

        Leave(record, StatusType.SUCCEEDED);
        Enter(record, BuildPhaseType.DOWNLOAD_SOURCE);
        Save(record);
        if (order.Programs.Notice is { } notice)
        {
            WriteLog(record, [Said(notice)]);
            _notices.Add(notice);
        }

        var progress = new BuildProgress();
        var actor = _world.StartActor(
            $"build {record.Build.ProjectName}",
            async cancellation =>
            {
                try
                {
                    var outcome = await BuildMachine.Run(order, _tools, progress, cancellation);
                    return () => Ran(_builds.Get(Key(record))!, outcome);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    return () => Fault(_builds.Get(Key(record))!, Unable(exception));
                }
                finally
                {
                    progress.End();
                }
            },
            new ActorSettings
            {
                Pace = ActorPace.Build,
                Limit = TimeSpan.FromMinutes(record.Build.TimeoutInMinutes ?? DefaultTimeoutMinutes),
                AccessKeys = [accessKey],
                Killed = () => Cut(_builds.Get(Key(record))!, StatusType.TIMED_OUT, "BUILD_TIMED_OUT", "Build has timed out."),
                RuleBroken = exception => Fault(_builds.Get(Key(record))!, Unable(exception)),
            }
        );
        _machines[Key(record)] = new RunningMachine(actor, progress);
    }

    private (BuildOrder Order, string AccessKey) Order(BuildRecord record)
    {
        var build = record.Build;
        var service = Principal.Service(ServiceName, record.Account, Projects.ArnOf(record.Account, record.Region, build.ProjectName));
        var session = _roles.Assume(service, build.ServiceRole, $"AWSCodeBuild-{record.Uuid}");
        var principal = _sessions.Identify(session.AccessKeyId, session.SessionToken);
        if (build.Logs.GroupName is not null)
        {
            var stream =
                $"arn:aws:logs:{record.Region}:{record.Account}:log-group:{build.Logs.GroupName}:log-stream:{build.Logs.StreamName}";
            _world.Api.Check(principal, record.Account, [stream], "logs:CreateLogStream");
            _world.Api.Check(principal, record.Account, [stream], "logs:PutLogEvents");
        }

        var environment = build.Environment.EnvironmentVariables.ToDictionary(
            variable => variable.Name,
            variable => Value(record, principal, variable)
        );
        foreach (var (name, value) in BuildVariables.ForBuild(record, session, _endpoint()))
        {
            environment[name] = value;
        }

        var order = new BuildOrder(
            ImagePrograms.OnImage(build.Environment.Image),
            Source(record, principal),
            build.Source.Buildspec,
            environment,
            record.Artifacts.Type == ArtifactsType.S3,
            _world.Now
        );
        return (order, session.AccessKeyId);
    }

    /// <summary>A variable's value; that of one of the Parameter Store or of Secrets Manager is read with the build's role.</summary>
    /// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.parameter-store</remarks>
    private string Value(BuildRecord record, Principal principal, EnvironmentVariable variable)
    {
        if (variable.Type == EnvironmentVariableType.SECRETS_MANAGER)
        {
            return _secrets.Read(principal, record.Account, record.Region, variable.Value);
        }

        if (variable.Type != EnvironmentVariableType.PARAMETER_STORE)
        {
            return variable.Value;
        }

        var answer = _world.Api.Invoke<GetParametersResponse>(
            principal,
            record.Region,
            new GetParametersRequest { Names = [variable.Value], WithDecryption = true }
        );
        return answer.Parameters is [var parameter]
            ? parameter.Value
            : throw new ApiException("CLIENT_ERROR", $"Parameter Store error: there is no parameter {variable.Value}");
    }

    private BuildSource Source(BuildRecord record, Principal principal)
    {
        var source = record.Build.Source;
        if (source.Type == SourceType.S3)
        {
            // S3GetObjectPolicy, which AWS counts among the minimum of a project's role:
            // https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
            var (bucket, key) = Split(source.Location);
            _world.Api.CheckBucket(_buckets, principal, bucket, key, "GetObjectVersion");
            return new BuildSource.Archive(_world.Api.GetObject(principal, record.Region, bucket, key).Bytes);
        }

        if (!BuildSource.IsRepository(source.Type))
        {
            return new BuildSource.None();
        }

        if (source.Auth is { Type: var type, Resource: { } connection } && type == SourceAuthType.CODECONNECTIONS)
        {
            // What a service role needs to use a connection:
            // https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
            var service = connection.Split(':')[2];
            _world.Api.Check(principal, record.Account, [connection], $"{service}:GetConnectionToken");
            _world.Api.Check(principal, record.Account, [connection], $"{service}:GetConnection");
            // Reading a repository by it, under the conditions of
            // https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_id-based-policy-examples-connections.html
            _world.Api.Check(
                principal,
                record.Account,
                [connection],
                $"{service}:UseConnection",
                conditionKeys: new Dictionary<string, string>
                {
                    [$"{service}:FullRepositoryId"] = RepositoryId(source.Location),
                    [$"{service}:ProviderPermissionsRequired"] = "read_only",
                }
            );
        }

        var repository =
            _repositories.Find(source.Location)
            ?? throw new ApiException("CLIENT_ERROR", $"repository not found: the rehearsal was given no repository for {source.Location}");
        return new BuildSource.Checkout(
            repository.Folder,
            source.Location,
            record.Build.SourceVersion,
            source.GitCloneDepth is null or 0 ? null : source.GitCloneDepth
        );
    }

    /// <summary>A repository as its host names it: <c>acme/inventory</c> of <c>https://github.com/acme/inventory.git</c>.</summary>
    private static string RepositoryId(string location)
    {
        var path = new Uri(location).AbsolutePath.Trim('/');
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^".git".Length] : path;
    }

    /// <summary>The commands have run: what is left is the time that they take.</summary>
    private void Ran(BuildRecord record, BuildOutcome outcome)
    {
        _machines[Key(record)] = _machines[Key(record)] with { Outcome = outcome };
        if (outcome.Commands is { } commands)
        {
            WriteLog(record, commands.Output);
        }

        if (!InProgress(record))
        {
            _machines.Remove(Key(record));
            return;
        }

        record.Build.ResolvedSourceVersion = outcome.ResolvedVersion;
        Continue(record with { Planned = PhasePlan.FromOutcome(outcome, _world.Random) }, entered: true);
    }

    private void WriteLog(BuildRecord record, IReadOnlyList<string> lines)
    {
        if (record.Build.Logs.GroupName is { } group)
        {
            _logs.Append(record.Account, record.Region, group, record.Build.Logs.StreamName, lines);
        }
    }

    /// <summary>Goes on with the first planned phase, or ends.</summary>
    private void Continue(BuildRecord record, bool entered = false)
    {
        if (record.Planned.Count == 0)
        {
            var failed = record.Build.Phases.Exists(phase => phase.PhaseStatus == StatusType.FAILED);
            var timedOut = record.Build.Phases.Exists(phase => phase.PhaseStatus == StatusType.TIMED_OUT);
            Complete(
                record,
                timedOut ? StatusType.TIMED_OUT
                    : failed ? StatusType.FAILED
                    : StatusType.SUCCEEDED
            );
            return;
        }

        var next = record.Planned[0];
        if (!entered)
        {
            Enter(record, next.Name);
        }

        if (next.Name == BuildPhaseType.UPLOAD_ARTIFACTS.Value && Upload(record) is { } fault)
        {
            record = record with
            {
                Planned = [next with { Status = StatusType.FAILED, Code = "CLIENT_ERROR", Message = fault }, .. record.Planned.Skip(1)],
            };
        }

        Save(record);
        _world.Schedule(next.Duration, Due, Key(record));
    }

    /// <summary>Stores the artifacts; says what went wrong.</summary>
    private string? Upload(BuildRecord record)
    {
        var outcome = _machines[Key(record)].Outcome!;
        if (record.Artifacts.Type != ArtifactsType.S3)
        {
            return null;
        }

        if (outcome.ArtifactFault is { } refused)
        {
            return refused;
        }

        if (outcome.Artifacts is not { Count: > 0 } files)
        {
            return outcome.Artifacts is null ? null : "no matching artifact paths found";
        }

        try
        {
            var service = Principal.Service(
                ServiceName,
                record.Account,
                Projects.ArnOf(record.Account, record.Region, record.Build.ProjectName)
            );
            var principal = _roles.Act(service, record.Build.ServiceRole, $"AWSCodeBuild-{record.Uuid}");
            var upload = ArtifactUpload.Plan(record, outcome.ArtifactName, files);
            // S3BucketIdentity: https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
            _world.Api.CheckBucket(_buckets, principal, upload.Bucket, key: null, "GetBucketAcl", "GetBucketLocation");
            foreach (var (key, content) in upload.Objects)
            {
                _world.Api.PutObject(principal, record.Region, upload.Bucket, key, content);
            }

            record.Build.Artifacts = new BuildArtifacts
            {
                Location = $"arn:aws:s3:::{upload.Bucket}/{upload.Key}",
                Sha256sum = upload.Sha256,
            };
            return null;
        }
        catch (ApiException refusal)
        {
            return $"Error while uploading artifacts: {refusal.Message}";
        }
    }

    private void Enter(BuildRecord record, string phase, DateTimeOffset? at = null)
    {
        record.Build.CurrentPhase = phase;
        record.Build.Phases.Add(new BuildPhase { PhaseType = phase, StartTime = (at ?? _world.Now).UtcDateTime });
    }

    private void Leave(BuildRecord record, string status, string? code = null, string? message = null, DateTimeOffset? at = null)
    {
        var phase = record.Build.Phases[^1];
        phase.PhaseStatus = status;
        phase.EndTime = (at ?? _world.Now).UtcDateTime;
        phase.DurationInSeconds = (long)(phase.EndTime - phase.StartTime)!.Value.TotalSeconds;
        phase.Contexts = [new PhaseContext { StatusCode = code ?? string.Empty, Message = message ?? string.Empty }];
    }

    /// <summary>The machine itself failed, such as one whose disk is full: a build of which nobody knows how it went is a fault.</summary>
    /// <remarks>https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html, buildStatus</remarks>
    private void Fault(BuildRecord record, string message)
    {
        if (!InProgress(record))
        {
            return;
        }

        Cut(record, StatusType.FAULT, "INTERNAL_SERVICE_ERROR", message, Said(message));
    }

    /// <summary>
    /// Ends a build before its commands have come to their end: in the phase that they are in, after those that they have been through, and
    /// with what they have printed until then.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BuildPhase.html</remarks>
    private void Cut(BuildRecord record, StatusType status, string? code = null, string? message = null, string? line = null)
    {
        if (_machines.TryGetValue(Key(record), out var machine) && machine.Outcome is null)
        {
            _world.Kill(machine.Actor);
            machine.Progress.AwaitEnd();
            WriteLog(record, machine.Progress.Output);
            if (machine.Progress.Phases is { Count: > 0 } entered)
            {
                EnterCommands(record, entered);
            }
        }

        if (line is not null)
        {
            WriteLog(record, [line]);
        }

        Complete(record, status, code, message);
    }

    /// <summary>A build whose commands are cut off: the phases up to the one that they are in.</summary>
    private void EnterCommands(BuildRecord record, IReadOnlyList<PhaseResult> entered)
    {
        var (now, began) = (_world.Now, new DateTimeOffset(record.Build.Phases[^1].StartTime!.Value.ToUniversalTime()));
        var downloaded = began + Durations.BuildSource.Draw(_world.Random);
        var at = downloaded < now ? downloaded : now;
        Leave(record, StatusType.SUCCEEDED, at: at);
        foreach (var phase in PhasePlan.CommandPhases)
        {
            Enter(record, phase, at);
            if (phase.Value == entered[^1].Phase.Name)
            {
                return;
            }

            var ran = entered.FirstOrDefault(result => result.Phase.Name == phase.Value);
            if (ran is null or { ExitCode: 0 })
            {
                Leave(record, StatusType.SUCCEEDED, at: at);
            }
            else
            {
                Leave(record, StatusType.FAILED, PhasePlan.CommandError, PhasePlan.Reason(ran), at);
            }
        }
    }

    private string Said(string message) => $"[Container] {BuildShell.LogTime(_world.Now)} {message}";

    private static string Unable(Exception exception) => $"the rehearsal could not run the build: {exception.Message}";

    /// <summary>Ends a build; the phase that it is in gets the same status.</summary>
    private void Complete(BuildRecord record, StatusType status, string? code = null, string? message = null)
    {
        if (record.Build.Phases[^1].PhaseStatus is null)
        {
            Leave(record, status, code, message);
        }

        record.Build.CurrentPhase = BuildPhaseType.COMPLETED;
        record.Build.Phases.Add(new BuildPhase { PhaseType = BuildPhaseType.COMPLETED, StartTime = _world.Now.UtcDateTime });
        record.Build.BuildStatus = status;
        record.Build.BuildComplete = true;
        record.Build.EndTime = _world.Now.UtcDateTime;
        Save(record with { Planned = [] });
        if (_machines.Remove(Key(record), out var machine))
        {
            _world.Kill(machine.Actor);
        }

        Publish(record);
    }

    private void Publish(BuildRecord record) =>
        _events.Publish(
            record.Account,
            record.Region,
            "aws.codebuild",
            "CodeBuild Build State Change",
            [record.Build.Arn],
            BuildStateChange.Detail(record)
        );

    private static (string Bucket, string Key) Split(string location)
    {
        var plain = location.StartsWith("arn:aws:s3:::", StringComparison.Ordinal) ? location["arn:aws:s3:::".Length..] : location;
        return plain.Split('/', 2) is [var bucket, var key]
            ? (bucket, key)
            : throw new ApiException("CLIENT_ERROR", $"the S3 source '{location}' is not bucket/key");
    }

    private sealed record RunningMachine(Actor Actor, BuildProgress Progress)
    {
        internal BuildOutcome? Outcome { get; init; }
    }
}
