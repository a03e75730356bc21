using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>
/// Compares the variables of functions with what they should be: on <c>$LATEST</c>, and on the alias that the step names. What another
/// alias or version has is no difference, and is said: whoever invokes it gets the values of when it was published.
/// </summary>
/// <param name="lambda">The account's functions.</param>
/// <param name="alias">The alias that has to have them too; <see langword="null"/> for none.</param>
internal sealed class EndpointComparison(IAmazonLambda lambda, string? alias)
{
    /// <summary>The names of the variables that differ.</summary>
    public static List<string> Differing(IReadOnlyDictionary<string, string>? present, IReadOnlyDictionary<string, string> wanted) =>
        [.. wanted.Where(variable => present?.GetValueOrDefault(variable.Key) != variable.Value).Select(variable => variable.Key)];

    /// <summary>A function that lacks the alias, in words.</summary>
    public static string NoAlias(string function, string alias) => $"{function} has no alias '{alias}'";

    /// <summary>Compares functions.</summary>
    /// <param name="versions">The functions, with all versions that differ.</param>
    /// <param name="progress">How far the reading of aliases has come.</param>
    public async Task<Comparison> Compare(IReadOnlyList<ListedVersion> versions, ComparisonProgress progress)
    {
        var differences = new List<string>();
        foreach (var function in versions.GroupBy(version => version.Function).OrderBy(function => function.Key, StringComparer.Ordinal))
        {
            var differing = function.ToDictionary(version => version.Version, version => version.Differing);
            if (differing.GetValueOrDefault(ListedVersion.Latest) is { Count: > 0 } latest)
            {
                differences.Add($"{function.Key} would be given {string.Join(", ", latest)}");
            }
            else if (
                (alias is not null || differing.Values.Any(variables => variables.Count > 0)) && progress.ShouldRead(function.Key, count: 1)
            )
            {
                differences.AddRange(await CompareAliases(function.Key, differing, progress));
            }
        }

        return differences.Count > 0 ? new Comparison.Changes(differences) { Notices = progress.Notices }
            : progress.IsPaused ? new Comparison.Unfinished { Notices = progress.Notices }
            : new Comparison.NoChanges { Notices = progress.Notices };
    }

    private async Task<IReadOnlyList<string>> CompareAliases(
        string function,
        Dictionary<string, IReadOnlyList<string>> differing,
        ComparisonProgress progress
    )
    {
        IReadOnlyList<AliasConfiguration> aliases;
        try
        {
            aliases = await Aliases(lambda, function);
        }
        catch (AmazonLambdaException exception) when (exception.ErrorCode == "AccessDeniedException" && alias is null)
        {
            progress.Add(
                function,
                $"published versions of {function} have other values of {Names(differing.Values)}; whether an alias "
                    + "leads to them could not be "
                    + "read: allow lambda:ListAliases"
            );
            return [];
        }

        var (differences, others) = (new List<string>(), new List<string>());
        foreach (var known in aliases.OrderBy(known => known.Name, StringComparer.Ordinal))
        {
            var variables = Versions(known).SelectMany(version => differing.GetValueOrDefault(version) ?? []).Distinct().ToList();
            if (variables.Count > 0 && known.Name == alias)
            {
                differences.Add($"alias {alias} of {function} would be moved to a version with {string.Join(", ", variables)}");
            }
            else if (variables.Count > 0)
            {
                others.Add($"alias {known.Name} (version {known.FunctionVersion})");
            }
        }

        if (alias is not null && !aliases.Any(known => known.Name == alias))
        {
            differences.Add(NoAlias(function, alias));
        }

        var led = aliases.SelectMany(Versions).ToHashSet(StringComparer.Ordinal);
        var unled = differing
            .Where(version => version.Value.Count > 0 && !led.Contains(version.Key))
            .Select(version => version.Key)
            .ToList();
        if (unled.Count > 0)
        {
            others.Add($"published version{(unled.Count == 1 ? string.Empty : "s")} {string.Join(", ", unled)}");
        }

        if (differences.Count == 0)
        {
            progress.Add(
                function,
                others.Count == 0
                    ? []
                    :
                    [
                        $"{string.Join(" and ", others)} of {function} "
                            + $"{(others.Count == 1 && unled.Count < 2 ? "has" : "have")} other values of "
                            + $"{Names(differing.Values)} than $LATEST: versions do not change once they are published",
                    ]
            );
        }

        return differences;
    }

    /// <summary>The aliases of a function.</summary>
    internal static async Task<IReadOnlyList<AliasConfiguration>> Aliases(IAmazonLambda lambda, string function)
    {
        return await Accounts.Pages.All(
            marker => lambda.ListAliasesAsync(new ListAliasesRequest { FunctionName = function, Marker = marker }),
            answer => answer.Aliases,
            answer => answer.NextMarker
        );
    }

    private static IEnumerable<string> Versions(AliasConfiguration alias) =>
        (alias.RoutingConfig?.AdditionalVersionWeights?.Keys ?? Enumerable.Empty<string>()).Prepend(alias.FunctionVersion);

    private static string Names(IEnumerable<IReadOnlyList<string>> differing) =>
        string.Join(", ", differing.SelectMany(variables => variables).Distinct().Order(StringComparer.Ordinal));
}
