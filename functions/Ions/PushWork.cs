using System.Globalization;
using Amazon.CodeBuild.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// Has ion-dev push the revision, unless it is in the code bucket already, and judges its dependency conflicts and its bytes
/// before anything is deployed.
/// </summary>
public sealed class PushWork(IonBuilds builds, Revisions revisions, ReleasedLibraries libraries, LedgerTable ledger) : IStepWork
{
    /// <summary>The task's name.</summary>
    public const string TaskName = "push";

    /// <inheritdoc/>
    public string Task => TaskName;

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [IonEvents.BuildEnds];

    /// <summary>Fetching dependencies for the first time takes minutes; a build that takes longer is stuck.</summary>
    public TimeSpan Limit(StepRun run) => TimeSpan.FromMinutes(20);

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        if (await builds.EndedBeforeRedrive(run))
        {
            await run.BeginAgain();
        }

        if (run.Record.Resource is null && await Begin(run) is { } already)
        {
            return already;
        }

        var result = await builds.ReadResult(
            run,
            IonDevOperation.Push,
            answer => answer.CommandFailed is null,
            message => new IonsPushFailedException(message)
        );
        return result is BuildResult.Finished(var build, var answer)
            ? await Judge(run, build, answer)
            : ((BuildResult.Unfinished)result).Outcome;
    }

    /// <summary>Finds what was pushed before, or starts the build.</summary>
    private async Task<Outcome?> Begin(StepRun run)
    {
        if (run.LastRelease is { } released && released.Inputs == IonInputs.Digest(run))
        {
            var former = released.Kept<ReleasedIons>();
            return await Adopt(run, former.Key!, former.Name!);
        }

        var known = (await revisions.On(run.Deployment.Service, run.Target.Name)).Where(revision => revision.Step == run.Name).ToList();
        var content = IonInputs.Content(run);
        var pushed = run.Deployment.RollbackTo is null
            ? known.Find(revision => revision.Content == content)
            : await revisions.GoneBackTo(run);
        var (key, name) = pushed is null ? Revision.Resolve(run) : (pushed.Key, pushed.Name);
        if (known.Find(revision => revision.Name == name && revision.Content != content) is { } taken)
        {
            return new Outcome.Failed(
                new RevisionTakenException(
                    $"the revision {taken} has other content; a name that is used again would make CodeDeploy roll back to the wrong code"
                )
            );
        }

        await IonPreflight.Check(run, name, ledger);
        if (await libraries.Changes(run) is { Count: > 0 } changes)
        {
            await run.Save(run.Record with { Notices = [$"deps.edn differs from the last release: {string.Join(", ", changes)}"] });
        }

        if (pushed is not null && await IsInCodeBucket(run, name))
        {
            return await Adopt(run, key, name);
        }

        if (run.Deployment.RollbackTo is not null)
        {
            return new Outcome.Failed(
                new IonsPushFailedException(
                    $"the zip of revision {name} is not in the code bucket of account {run.Target.Account} any "
                        + "more; deploy its commit instead"
                )
            );
        }

        await Start(run, key, name);
        return null;
    }

    private async Task<Outcome> Judge(StepRun run, Build build, IonDevAnswer answer)
    {
        var name = run.Record.Kept<PushProgress>().Name!;
        if ((answer.Rev ?? answer.Uname) is { } named && named != name)
        {
            return new Outcome.Failed(
                new IonsPushFailedException($"ion-dev pushed revision {named} where {name} was asked for; build {build.Id}")
            );
        }

        var asked = IonFiles.Application(run).Deps.Coordinates;
        var conflicts = answer
            .DependencyConflicts.Where(conflict => !run.Step<IonsStep>().AllowConflicts.Contains(conflict.Key))
            .OrderBy(conflict => conflict.Key, StringComparer.Ordinal)
            .Select(conflict =>
                $"{conflict.Key} "
                + $"{conflict.Value}{(asked.TryGetValue(conflict.Key, out var version) ? $" instead of {version}" : string.Empty)}"
            )
            .ToList();
        if (conflicts.Count > 0)
        {
            return new Outcome.Failed(
                new DependencyConflictsException(
                    $"Datomic runs {string.Join(", ", conflicts)}, whatever the ions ask for; align them in "
                        + "deps.edn or name them in allowConflicts"
                )
            );
        }

        var pushed = await Describe(run, build);
        var differences = Promotion.Differences(pushed, await revisions.EarlierStageRevisions(run.Deployment.Service));
        if (differences.Count > 0)
        {
            return new Outcome.Failed(
                new RevisionDiffersException(
                    $"revision {name} on {run.Target.Name} is not what was tried before; {string.Join("; ", differences)}"
                )
            );
        }

        await revisions.Keep(run.Deployment.Service, pushed);
        return new Outcome.Succeeded(StepAction.Pushed);
    }

    private static async Task<PushedRevision> Describe(StepRun run, Build build)
    {
        var application = IonFiles.Application(run);
        var name = run.Record.Kept<PushProgress>().Name!;
        var bucket = await CodeBucket.Find(run.Account);
        return bucket is not null && await bucket.Zip(application.Config.AppName, name) is { } zip
            ? new PushedRevision
            {
                Target = run.Target.Name,
                Step = run.Name,
                Name = name,
                Key = run.Record.Kept<PushProgress>().Key!,
                Commit = run.Deployment.Revision,
                Content = IonInputs.Content(run),
                Source = run.Source.Digest,
                Deployment = run.Deployment.Deployment,
                By = run.Deployment.By,
                At = (build.EndTime ?? build.StartTime)?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) ?? string.Empty,
                Zip = await bucket.ZipDigest(zip),
                Libraries = await bucket.Libraries(application.Deps.Libraries),
            }
            : throw new IonsPushFailedException(
                $"ion-dev pushed revision {name}, and the code bucket of account {run.Target.Account} has no zip of that name"
            );
    }

    private static async Task<bool> IsInCodeBucket(StepRun run, string name) =>
        await CodeBucket.Find(run.Account) is { } bucket && await bucket.Zip(IonFiles.Config(run).AppName, name) is not null;

    private async Task Start(StepRun run, string key, string name)
    {
        await Note(run, key, name);

        // The phase is written before the build is asked for: found set on a later entry, the build may exist already.
        var search = run.Record.Phase is not null;
        await run.Save(run.Record with { Phase = IonPhases.Build });
        var argument =
            key == Revision.Commit
                ? $"{{:op :push :region \"{run.Target.Region}\"}}"
                : $"{{:op :push :uname \"{name}\" :region \"{run.Target.Region}\"}}";
        await builds.Begin(run, IonDevOperation.Push, argument, clone: Revision.CanBeCloned(run), search);
    }

    private static async Task<Outcome> Adopt(StepRun run, string key, string name)
    {
        await Note(run, key, name);
        return new Outcome.Succeeded(StepAction.None);
    }

    private static Task Note(StepRun run, string key, string name) =>
        run.Save(run.Record.Keep<PushProgress>(kept => kept with { Key = key, Name = name }));
}
