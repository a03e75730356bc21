using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Amazon.S3;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// The builds that run the official ion-dev under the target account's role. A build is asked for once: under a token
/// that CodeBuild keeps for five minutes, and after that found again by its environment.
/// </summary>
public sealed class IonBuilds(IAws aws, Settings settings, Sources sources, BuildLog log)
{
    /// <summary>
    /// How long a build that was started may not be shown: AWS documents nothing about it, and five minutes are as long as CodeBuild knows
    /// the token that started it (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html).
    /// </summary>
    private static readonly TimeSpan LatestShown = TimeSpan.FromMinutes(5);

    private readonly IonBuildStart _start = new(aws, settings);
    private readonly IonBuildFailures _failures = new(log);

    /// <summary>Finds the build of this attempt or starts it; the step waits for it from now on.</summary>
    /// <param name="run">The step; its record names the build afterwards.</param>
    /// <param name="operation">ion-dev's operation.</param>
    /// <param name="argument">The EDN map that ion-dev is given.</param>
    /// <param name="clone">Whether the build needs a full clone of the commit; else it gets the source as it was handed in.</param>
    /// <param name="search">Whether a build of this attempt may have been started without being written down.</param>
    public async Task Begin(StepRun run, IonDevOperation operation, string argument, bool clone, bool search)
    {
        var found = search ? await Find(run.RequestToken) : null;
        if (found is not null && await EndedBeforeRedrive(run, found))
        {
            var (phase, facts) = (run.Record.Phase, run.Record.Facts);
            await run.BeginAgain();
            await run.Save(run.Record with { Phase = phase, Facts = facts });
            found = null;
        }

        var build =
            found
            ?? await _start.Begin(
                new IonBuildOrder(
                    run.RequestToken,
                    Names.Session(run.Deployment.Deployment.Value),
                    run.Source,
                    run.Step<IonsStep>(),
                    run.Target,
                    operation,
                    argument,
                    clone,
                    run.Deployment.Revision
                )
            );
        await run.WaitFor(build);
        await run.Save(run.Record with { Resource = build, State = TaskState.Running });
    }

    /// <summary>Starts a build that does everything but have ion-dev do something; with a repository it clones the main branch.</summary>
    /// <param name="run">What is checked.</param>
    /// <param name="step">The step whose folder is built.</param>
    /// <param name="token">The build's token; the same one starts no second build.</param>
    /// <returns>The build's id.</returns>
    public Task<string> StartCheck(CheckRun run, IonsStep step, string token) =>
        _start.Begin(
            new IonBuildOrder(
                token,
                Names.Session(token),
                run.Source,
                step,
                run.Target,
                IonDevOperation.Check,
                string.Empty,
                Clones: run.Source.Spec.Repository is not null,
                Revision: null
            )
        );

    /// <summary>How a build of <see cref="StartCheck"/> stands.</summary>
    /// <param name="service">The service that is built.</param>
    /// <param name="id">The build's id.</param>
    /// <param name="token">Its token.</param>
    public async Task<CheckedBuild> ReadCheck(string service, string id, string token)
    {
        if (await Describe(id) is not { } build)
        {
            return new CheckedBuild { Failure = Gone(id) };
        }

        if (build.BuildStatus == StatusType.IN_PROGRESS)
        {
            return new CheckedBuild { Unfinished = build.CurrentPhase ?? "QUEUED" };
        }

        var answer = await Answer(service, token, IonDevOperation.Check);
        return build.BuildStatus == StatusType.SUCCEEDED && answer is not null
            ? new CheckedBuild { Answer = answer }
            : new CheckedBuild
            {
                Failure = await _failures.Explain(build, new SecretValues()),
                Phase = IonBuildFailures.FailedPhase(build)?.PhaseType?.Value,
            };
    }

    /// <summary>Looks whether the build of this attempt has ended, and reads what ion-dev answered in it.</summary>
    /// <param name="run">The step; its record names the build.</param>
    /// <param name="operation">ion-dev's operation.</param>
    /// <param name="isComplete">Whether an answer has what the step needs of it.</param>
    /// <param name="failure">The failure of a build that did not succeed, or of ion-dev in it.</param>
    /// <returns>The build with its answer, or how it stands when there is none.</returns>
    public async Task<BuildResult> ReadResult(
        StepRun run,
        IonDevOperation operation,
        Func<IonDevAnswer, bool> isComplete,
        Func<string, DeployerException> failure
    )
    {
        var id = run.Record.Resource!;
        if (await Describe(id) is not { } build)
        {
            return run.Waited < LatestShown
                ? new BuildResult.Unfinished(new Outcome.Running($"CodeBuild does not show the build {id} yet"))
                : throw failure(Gone(id));
        }

        if (build.BuildStatus == StatusType.IN_PROGRESS)
        {
            return new BuildResult.Unfinished(new Outcome.Running($"build {build.Id} is still in phase {build.CurrentPhase}"));
        }

        var output =
            await Answer(run.Source.Spec.Service, run.RequestToken, operation)
            // Where builds of a version before left it, which may have been started by one.
            ?? await Answer(service: null, run.RequestToken, operation);
        if (build.BuildStatus != StatusType.SUCCEEDED || output is null)
        {
            var cause = await _failures.Explain(build, run.Secrets);
            return new BuildResult.Unfinished(
                new Outcome.Failed(build.BuildStatus == StatusType.FAULT ? new BuildFaultException(cause) : failure(cause))
            );
        }

        var answer = IonDevAnswer.Read(output);
        return answer is not null && isComplete(answer)
            ? new BuildResult.Finished(build, answer)
            : new BuildResult.Unfinished(
                new Outcome.Failed(failure($"ion-dev {operation.Text()}: {IonBuildFailures.Explain(answer, output)}; build {build.Id}"))
            );
    }

    /// <summary>
    /// Whether a redrive finds that the build which it would wait for has ended without success: it went on while the execution was closed,
    /// and how it ended is no result of this redrive, which starts another.
    /// </summary>
    public async Task<bool> EndedBeforeRedrive(StepRun run) => run.Record.Resource is { } build && await EndedBeforeRedrive(run, build);

    private async Task<bool> EndedBeforeRedrive(StepRun run, string build) =>
        run.Record is { RedriveCount: > 0, WaitsSince: null }
        && (await Describe(build))?.BuildStatus is var status
        && status != StatusType.IN_PROGRESS
        && status != StatusType.SUCCEEDED;

    /// <summary>The build as it stands; <see langword="null"/> when it no longer exists.</summary>
    private async Task<Build?> Describe(string id)
    {
        var answer = await aws.CodeBuild.BatchGetBuildsAsync(new BatchGetBuildsRequest { Ids = [id] });
        return answer.Builds?.SingleOrDefault();
    }

    private static string Gone(string id) => $"the build {id} no longer exists";

    /// <summary>What ion-dev printed in a build of this attempt, or <see langword="null"/> when the build left nothing.</summary>
    private async Task<string?> Answer(string? service, string requestToken, IonDevOperation operation)
    {
        try
        {
            var folder = service is null ? "answers" : IonBuildStart.Answers(service);
            return System.Text.Encoding.UTF8.GetString(
                await sources.Bytes(settings.Bucket, $"{folder}/{requestToken}/{operation.Text()}.edn")
            );
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == System.Net.HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    private async Task<string?> Find(string token)
    {
        var recent = await aws.CodeBuild.ListBuildsForProjectAsync(
            new ListBuildsForProjectRequest { ProjectName = settings.BuildProject, SortOrder = SortOrderType.DESCENDING }
        );
        if (recent.Ids is not { Count: > 0 } ids)
        {
            return null;
        }

        var builds = await aws.CodeBuild.BatchGetBuildsAsync(new BatchGetBuildsRequest { Ids = [.. ids.Take(100)] });
        return (builds.Builds ?? [])
            .Find(build =>
                (build.Environment?.EnvironmentVariables ?? []).Exists(variable =>
                    variable.Name == IonBuildStart.TokenVariable && variable.Value == token
                )
            )
            ?.Id;
    }
}

/// <summary>How a build stands that checks whether builds work.</summary>
public sealed record CheckedBuild
{
    /// <summary>The phase of a build that has not ended.</summary>
    public string? Unfinished { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public string? Failure { get; init; }

    /// <summary>The phase that failed.</summary>
    public string? Phase { get; init; }

    /// <summary>What it printed.</summary>
    public string? Answer { get; init; }
}

/// <summary>How the build of a step stands.</summary>
public abstract record BuildResult
{
    private BuildResult() { }

    /// <summary>It has not succeeded, or not yet.</summary>
    /// <param name="Outcome">What that is for the step.</param>
    public sealed record Unfinished(Outcome Outcome) : BuildResult;

    /// <summary>It has succeeded, and so has ion-dev in it.</summary>
    /// <param name="Build">The build.</param>
    /// <param name="Answer">ion-dev's answer.</param>
    public sealed record Finished(Build Build, IonDevAnswer Answer) : BuildResult;
}
