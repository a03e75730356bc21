using System.IO.Enumeration;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>The functions that an endpoint step names.</summary>
internal sealed class EndpointFunctions(LedgerTable ledger)
{
    /// <summary>The functions, those of development instances left out, which have an endpoint of their own.</summary>
    /// <param name="run">The step's run.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="EndpointNotInjectedException">There is none.</exception>
    public async Task<IReadOnlyList<FunctionConfiguration>> Find(StepRun run, EndpointStep step)
    {
        var isMeant = await Named(run, step);
        var found = await Pages.All(
            marker => run.Account.Lambda.ListFunctionsAsync(new ListFunctionsRequest { Marker = marker }),
            answer => answer.Functions?.Where(isMeant),
            answer => answer.NextMarker
        );
        return found.Count > 0 ? found : throw NoFunction(run, step);
    }

    /// <summary>
    /// The functions, with those of their published versions that differ. They are listed with all that the account has in the region: a
    /// great many are listed in batches.
    /// </summary>
    /// <param name="run">The step's run.</param>
    /// <param name="step">The step.</param>
    /// <param name="wanted">The variables.</param>
    /// <param name="progress">How far the listing has come.</param>
    /// <returns>The versions; <see langword="null"/> while not all are listed.</returns>
    /// <exception cref="EndpointNotInjectedException">There is no such function.</exception>
    public async Task<IReadOnlyList<ListedVersion>?> Versions(
        StepRun run,
        EndpointStep step,
        IReadOnlyDictionary<string, string> wanted,
        ComparisonProgress progress
    )
    {
        var isMeant = await Named(run, step);
        var found = await progress.List(
            marker =>
                run.Account.Lambda.ListFunctionsAsync(new ListFunctionsRequest { Marker = marker, FunctionVersion = FunctionVersion.ALL }),
            answer =>
                (answer.Functions ?? [])
                    .Where(isMeant)
                    .Select(version => ListedVersion.FromConfiguration(version, wanted))
                    .Where(version => version.IsLatest || version.Differing.Count > 0)
                    .Select(version => version.ToString()),
            answer => answer.NextMarker
        );
        return found is { Count: 0 } ? throw NoFunction(run, step) : found?.Select(ListedVersion.Parse).ToList();
    }

    private async Task<Func<FunctionConfiguration, bool>> Named(StepRun run, EndpointStep step)
    {
        var globs = Globs(run, step);
        var others = await OfInstances(run, step);
        return function => Matches(globs, function) && !Matches(others, function);
    }

    private static List<string> Globs(StepRun run, EndpointStep step) => [.. step.FunctionNames.Select(name => run.Text(name))];

    private static EndpointNotInjectedException NoFunction(StepRun run, EndpointStep step) =>
        new($"no function of account {run.Target.Account} is named {string.Join(" or ", Globs(run, step))}");

    /// <summary>
    /// What the step names in development instances: <c>consumer-dev-*</c> matches the functions of <c>dev-x</c> too, and these have an
    /// endpoint of their own.
    /// </summary>
    private async Task<List<string>> OfInstances(StepRun run, EndpointStep step)
    {
        var instances = run.Target.Instances?.StepNames.Contains(run.Name) == true ? await KnownInstances(run) : [];
        return [.. instances.SelectMany(target => step.FunctionNames.Select(name => run.Evaluate(name, target).Value).OfType<string>())];
    }

    /// <summary>The development instances whose names begin with the target's own.</summary>
    private async Task<IReadOnlyList<TargetSpec>> KnownInstances(StepRun run)
    {
        var known = await ledger.Query(InstanceRecord.WithPrefix(run.Deployment.Service, TargetSpec.NameOf(run.Target.Name, string.Empty)));
        return [.. known.Select(found => run.Source.Spec.TargetOrInstance(found.Target)).OfType<TargetSpec>()];
    }

    private static bool Matches(List<string> globs, FunctionConfiguration function) =>
        globs.Exists(glob => FileSystemName.MatchesSimpleExpression(glob, function.FunctionName, ignoreCase: false));
}
