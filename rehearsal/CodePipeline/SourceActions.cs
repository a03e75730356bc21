using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>Source actions: the files of a hosted repository, or an object of S3, become an artifact.</summary>
internal sealed class SourceActions
{
    private const string Due = "codepipeline/source";

    private static readonly (bool OnObject, string Action)[] RolesMinimum =
    [
        (false, "GetBucketVersioning"),
        (false, "GetBucketAcl"),
        (false, "GetBucketLocation"),
        (true, "GetObject"),
        (true, "GetObjectVersion"),
        (true, "PutObjectAcl"),
    ];

    private readonly RehearsalWorld _world;
    private readonly PipelineEngine _engine;
    private readonly Repositories _repositories;
    private readonly Buckets _buckets;
    private readonly HashSet<string> _fetching = new(StringComparer.Ordinal);

    /// <summary>Made once for a world, on its thread. What a killed rehearsal was fetching is fetched again.</summary>
    internal SourceActions(RehearsalWorld world, PipelineEngine engine)
    {
        _world = world;
        _engine = engine;
        _repositories = new Repositories(world);
        _buckets = new Buckets(world);
        world.OnDue(Due, key => Fetch(engine.FindAction(key)!), failed: engine.Break);
        foreach (var action in engine.SourcesUnderWay())
        {
            world.Schedule(TimeSpan.Zero, Due, action.Key);
        }
    }

    internal void Begin(ActionRun action) => _engine.Call(action, Durations.PipelineSource, Due, action.Key);

    private void Fetch(ActionRun action)
    {
        // One that was left may be due twice: at its own moment, and when the world was opened again.
        if (action.Status != PipelineRun.InProgress || !_fetching.Add(action.Key))
        {
            return;
        }

        try
        {
            if (_engine.DeclarationOf(action).ActionTypeId.Provider == "S3")
            {
                FetchObject(action);
            }
            else
            {
                FetchRepository(action);
            }
        }
        catch (ApiException refusal)
        {
            _engine.Fail(action, refusal.Status == 403 ? "PermissionError" : "ConfigurationError", refusal.Message);
        }
    }

    private void FetchObject(ActionRun action)
    {
        var (bucket, key) = (action.Configuration["S3Bucket"], action.Configuration["S3ObjectKey"]);
        var (bytes, version, etag) = _world.Api.GetObject(_engine.Role(action), _engine.RunOf(action).Region, bucket, key);
        Found(
            action,
            bytes,
            version,
            $"Amazon S3 version id: {version}",
            new Dictionary<string, string>
            {
                ["BucketName"] = bucket,
                ["ObjectKey"] = key,
                ["ETag"] = etag,
                ["VersionId"] = version,
            }
        );
    }

    private void FetchRepository(ActionRun action)
    {
        var (connection, name, branch) = (
            action.Configuration["ConnectionArn"],
            action.Configuration["FullRepositoryId"],
            action.Configuration["BranchName"]
        );

        // Either name of the service, as the connection's ARN has it.
        var service = connection.Split(':')[2];
        _world.Api.Check(
            _engine.Role(action),
            _engine.RunOf(action).Account,
            [connection],
            $"{service}:UseConnection",
            // https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_id-based-policies-examples-connections.html
            conditionKeys: new Dictionary<string, string>
            {
                [$"{service}:FullRepositoryId"] = name,
                [$"{service}:BranchName"] = branch,
                [$"{service}:ProviderPermissionsRequired"] = "read_only",
            }
        );
        var repository =
            _repositories.Find($"https://github.com/{name}")
            ?? throw new ApiException("ConfigurationError", $"The rehearsal was given no repository for {name}.");
        _world.StartActor(
            $"source {name}",
            async cancellation =>
            {
                try
                {
                    var commit = await Commit.Read(repository.Folder, branch, cancellation);
                    return () => Found(action, commit, connection, name, branch);
                }
                catch (GitException failure)
                {
                    return () =>
                        _engine.Fail(action, "ConfigurationError", $"No branch '{branch}' of {name} could be read: {failure.Message}");
                }
            },
            new ActorSettings { RuleBroken = broken => _engine.Fail(action, "InternalError", broken.Message) }
        );
    }

    private void Found(ActionRun action, Commit commit, string connection, string name, string branch)
    {
        try
        {
            Found(
                action,
                commit.Zip,
                commit.Id,
                commit.Message,
                new Dictionary<string, string>
                {
                    ["AuthorDate"] = commit.AuthorDate,
                    ["BranchName"] = branch,
                    ["CommitId"] = commit.Id,
                    ["CommitMessage"] = commit.Message,
                    ["ConnectionArn"] = connection,
                    ["FullRepositoryName"] = name,
                }
            );
        }
        catch (ApiException refusal)
        {
            _engine.Fail(action, "PermissionError", refusal.Message);
        }
    }

    private void Found(ActionRun action, byte[] zip, string revision, string summary, IReadOnlyDictionary<string, string> variables)
    {
        var run = _engine.RunOf(action);
        var outputs = action.Outputs.ToDictionary(output => output.Key, output => output.Value with { Revision = revision });
        foreach (var output in outputs.Values)
        {
            var role = _engine.Role(action);
            NoteLackingPermissions(role, output);
            _world.Api.PutObject(role, run.Region, output.Bucket, output.Key, zip);
        }

        _engine.AddRevision(
            action,
            new SourceRevision
            {
                ActionName = action.Action,
                RevisionId = revision,
                RevisionSummary = summary,
            }
        );
        _engine.Succeed(action with { Outputs = outputs, OutputVariables = variables, Summary = summary, ExternalExecutionId = revision });
    }

    /// <summary>
    /// What AWS calls the minimum of any pipeline's role on its artifacts. Which of these a run asks for, AWS does not say, and a pipeline
    /// that somebody has may run without: what is lacking is a notice.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html</remarks>
    private void NoteLackingPermissions(Principal role, StoredArtifact artifact)
    {
        var lacking = new List<string>();
        foreach (var (key, action) in RolesMinimum.Select(permission => (permission.OnObject ? artifact.Key : null, permission.Action)))
        {
            if (!_world.Api.MayUse(_buckets, role, artifact.Bucket, key, action))
            {
                lacking.Add($"s3:{action}");
            }
        }

        if (lacking.Count > 0)
        {
            _engine.Note(
                $"the role {role.Name} of a pipeline lacks {string.Join(", ", lacking)} on its artifact bucket {artifact.Bucket}, which "
                    + "AWS names as the minimum of pipelines: "
                    + "https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html"
            );
        }
    }

    /// <summary>A commit and its files.</summary>
    private sealed record Commit(string Id, string Message, string AuthorDate, byte[] Zip)
    {
        internal static async Task<Commit> Read(string folder, string branch, CancellationToken cancellation)
        {
            var lines = await GitCommand.Run(folder, cancellation, "log", "-1", "--format=%H%n%aI%n%s", $"refs/heads/{branch}", "--");
            var (id, date, message) = lines.Split('\n', 3) is [var first, var second, var third] ? (first, second, third) : default;
            var zip = Path.GetTempFileName();
            try
            {
                await GitCommand.Run(folder, cancellation, "archive", "--format=zip", $"--output={zip}", id);
                return new Commit(id, message, date, await File.ReadAllBytesAsync(zip, cancellation));
            }
            finally
            {
                File.Delete(zip);
            }
        }
    }
}
