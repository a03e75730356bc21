using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Ions;

/// <summary>The Lambdas that Datomic makes for <c>:lambdas</c> of <c>ion-config.edn</c>.</summary>
public sealed class IonLambdas(IAmazonLambda lambda)
{
    /// <summary>
    /// A sentence for each Lambda that is missing, other than <c>ion-config.edn</c> says, or there although it says nothing of it any
    /// more.
    /// </summary>
    /// <param name="group">The compute group.</param>
    /// <param name="config">What is wanted.</param>
    /// <param name="former">Names of the Lambdas that the last release had.</param>
    /// <param name="progress">How far the comparison has come.</param>
    public async Task<IReadOnlyList<string>> Differences(
        string group,
        IonConfig config,
        IReadOnlyList<string> former,
        ComparisonProgress progress
    )
    {
        var differences = new List<string>();
        foreach (var wanted in config.Lambdas)
        {
            var name = wanted.FunctionName(group);
            if (progress.ShouldRead(name, count: 2))
            {
                Note(name, await Differences(name, wanted));
            }
        }

        foreach (var name in Unnamed(group, config, former))
        {
            if (progress.ShouldRead(name, count: 1))
            {
                Note(name, await Exists(name) ? [$"{name} still exists and ion-config.edn no longer names it"] : []);
            }
        }

        return differences;

        void Note(string name, IReadOnlyList<string> found)
        {
            differences.AddRange(found);
            if (found.Count == 0)
            {
                progress.Add(name);
            }
        }
    }

    /// <summary>The names of the Lambdas that a release of <c>ion-config.edn</c> removes.</summary>
    /// <param name="group">The compute group.</param>
    /// <param name="config">What is wanted.</param>
    /// <param name="former">Names of the Lambdas that the last release had.</param>
    public async Task<IReadOnlyList<string>> Removed(string group, IonConfig config, IReadOnlyList<string> former)
    {
        var removed = new List<string>();
        foreach (var name in Unnamed(group, config, former))
        {
            if (await Exists(name))
            {
                removed.Add(name);
            }
        }

        return removed;
    }

    private static IEnumerable<string> Unnamed(string group, IonConfig config, IReadOnlyList<string> former) =>
        former.Except(config.Lambdas.Select(wanted => wanted.FunctionName(group)));

    private async Task<IReadOnlyList<string>> Differences(string name, IonLambda wanted)
    {
        try
        {
            var found = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
            var reserved = (
                await lambda.GetFunctionConcurrencyAsync(new GetFunctionConcurrencyRequest { FunctionName = name })
            ).ReservedConcurrentExecutions;
            return
            [
                .. new (string What, string Wanted, string Found)[]
                {
                    ("timeout", $"{wanted.TimeoutSeconds} s", $"{found.Timeout} s"),
                    ("reserved concurrency", wanted.ReservedConcurrency?.ToString() ?? "none", reserved?.ToString() ?? "none"),
                    ("description", wanted.Description, found.Description ?? string.Empty),
                }
                    .Where(compared => compared.Wanted != compared.Found)
                    .Select(compared => $"{name} has the {compared.What} '{compared.Found}' instead of '{compared.Wanted}'"),
            ];
        }
        catch (ResourceNotFoundException)
        {
            return [$"{name} does not exist"];
        }
    }

    private async Task<bool> Exists(string name)
    {
        try
        {
            await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
            return true;
        }
        catch (ResourceNotFoundException)
        {
            return false;
        }
    }
}
