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
    /// <param name="allVersions">Whether the versions that are published are listed too.</param>
    /// <exception cref="EndpointNotInjectedException">There is none.</exception>
    public async Task<IReadOnlyList<FunctionConfiguration>> Find(StepRun run, EndpointStep step, bool allVersions)
    {
        var globs = step.FunctionNames.Select(name => run.Text(name)).ToList();
        var others = await OfInstances(run, step);
        var found = await Pages.All(
            marker =>
                run.Account.Lambda.ListFunctionsAsync(
                    new ListFunctionsRequest { Marker = marker, FunctionVersion = allVersions ? FunctionVersion.ALL : null }
                ),
            answer => answer.Functions?.Where(function => Matches(globs, function) && !Matches(others, function)),
            answer => answer.NextMarker
        );
        return found.Count > 0
            ? found
            : throw new EndpointNotInjectedException($"no function of account {run.Target.Account} is named {string.Join(" or ", globs)}");
    }

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
