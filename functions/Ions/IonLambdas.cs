using Amazon.Lambda;
using Amazon.Lambda.Model;
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
    public async Task<IReadOnlyList<string>> Differences(string group, IonConfig config, IReadOnlyList<string> former)
    {
        var differences = new List<string>();
        foreach (var wanted in config.Lambdas)
        {
            var name = wanted.FunctionName(group);
            try
            {
                var found = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
                var reserved = (
                    await lambda.GetFunctionConcurrencyAsync(new GetFunctionConcurrencyRequest { FunctionName = name })
                ).ReservedConcurrentExecutions;
                Compare(name, "timeout", $"{wanted.TimeoutSeconds} s", $"{found.Timeout} s");
                Compare(name, "reserved concurrency", wanted.ReservedConcurrency?.ToString() ?? "none", reserved?.ToString() ?? "none");
                Compare(name, "description", wanted.Description, found.Description ?? string.Empty);
            }
            catch (ResourceNotFoundException)
            {
                differences.Add($"{name} does not exist");
            }
        }

        foreach (var name in former.Except(config.Lambdas.Select(wanted => wanted.FunctionName(group))))
        {
            if (await Exists(name))
            {
                differences.Add($"{name} still exists and ion-config.edn does not name it any more");
            }
        }

        return differences;

        void Compare(string name, string what, string wanted, string found)
        {
            if (wanted != found)
            {
                differences.Add($"{name} has the {what} '{found}' instead of '{wanted}'");
            }
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
