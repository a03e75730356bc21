using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Spec.Ions;

namespace Deployer.Functions.Ions;

/// <summary>The Lambdas that Datomic makes for <c>:lambdas</c> of <c>ion-config.edn</c>.</summary>
public sealed class IonLambdas(IAmazonLambda lambda)
{
    /// <summary>A sentence for each Lambda that is missing or other than <c>ion-config.edn</c> says.</summary>
    public async Task<IReadOnlyList<string>> Differences(string group, IonConfig config)
    {
        var differences = new List<string>();
        foreach (var wanted in config.Lambdas)
        {
            var name = wanted.FunctionName(group);
            try
            {
                var found = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
                var reserved = (await lambda.GetFunctionConcurrencyAsync(new GetFunctionConcurrencyRequest { FunctionName = name })).ReservedConcurrentExecutions;
                Compare(name, "timeout", $"{wanted.TimeoutSeconds} s", $"{found.Timeout} s");
                Compare(name, "reserved concurrency", wanted.ReservedConcurrency?.ToString() ?? "none", reserved?.ToString() ?? "none");
                Compare(name, "description", wanted.Description, found.Description ?? string.Empty);
            }
            catch (ResourceNotFoundException)
            {
                differences.Add($"{name} does not exist");
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
}
