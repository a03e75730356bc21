using Amazon.CodeBuild;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Has ion-dev push the revision and judges its dependency conflicts before anything is deployed.</summary>
public sealed class PushWork(IonBuilds builds) : IStepWork
{
    /// <summary>The task's name.</summary>
    public const string TaskName = "push";

    /// <summary>Which of <c>:rev</c> and <c>:uname</c> names the revision.</summary>
    public const string KeyFact = "key";

    /// <summary>The revision's name.</summary>
    public const string NameFact = "name";

    private const string Unchanged = "none";

    /// <inheritdoc/>
    public string Task => TaskName;

    /// <inheritdoc/>
    public TimeSpan Heartbeat => TimeSpan.FromSeconds(120);

    /// <summary>Fetching dependencies for the first time takes minutes; a build that takes longer is stuck.</summary>
    public TimeSpan Limit(StepRun run) => TimeSpan.FromMinutes(20);

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        if (run.Record.Resource is null)
        {
            if (run.Released.GetValueOrDefault(run.Name) is { } released && released.Inputs == IonInputs.Digest(run))
            {
                await Note(run, released.Facts[KeyFact], released.Facts[NameFact]);
                return new Outcome.Succeeded(Unchanged);
            }

            await Start(run);
        }

        var build = await builds.Get(run.Record.Resource!);
        if (build.BuildStatus == StatusType.IN_PROGRESS)
        {
            return new Outcome.Running($"build {build.Id} is still in phase {build.CurrentPhase}");
        }

        var text = await builds.Answer(run.RequestToken, "push");
        if (build.BuildStatus != StatusType.SUCCEEDED || text is null)
        {
            return new Outcome.Failed(new IonsPushFailedException(IonBuilds.Explain(build)));
        }

        if (IonDevAnswer.Read(text) is not { CommandFailed: null } answer)
        {
            return new Outcome.Failed(new IonsPushFailedException($"ion-dev push: {IonBuilds.Explain(IonDevAnswer.Read(text))}; build {build.Id}"));
        }

        var conflicts = answer.DependencyConflicts.Keys.Except(run.Step<IonsStep>().AllowConflicts).Order().ToList();
        return conflicts.Count == 0
            ? new Outcome.Succeeded("pushed")
            : new Outcome.Failed(new DependencyConflictsException(
                $"Datomic runs other versions of {string.Join(", ", conflicts)} than the ions ask for; align them in deps.edn or name them in allowConflicts"));
    }

    private async Task Start(StepRun run)
    {
        var (key, name) = Revision.Of(run);
        await Note(run, key, name);

        // The phase is written before the build is asked for: found set on a later entry, the build may exist already.
        var search = run.Record.Phase is not null;
        await run.Save(run.Record with { Phase = "build" });
        var argument = key == ":rev"
            ? $"{{:op :push :region \"{run.Target.Region}\"}}"
            : $"{{:op :push :uname \"{name}\" :region \"{run.Target.Region}\"}}";
        var build = await builds.FindOrStart(run, "push", argument, search);
        await run.WaitFor(build);
        await run.Save(run.Record with { Resource = build, State = StepState.Running });
    }

    private static Task Note(StepRun run, string key, string name) => run.Save(run.Record.With(KeyFact, key).With(NameFact, name));
}
