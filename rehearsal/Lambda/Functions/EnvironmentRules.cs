using System.Text.Json;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>What Lambda accepts as a function's variables. Messages name keys, never values.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html</remarks>
internal static partial class EnvironmentRules
{
    private const int Limit = 4096;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    };

    /// <summary>Refuses malformed and reserved names and what is larger than 4 KB altogether.</summary>
    /// <exception cref="ApiException">ValidationException or InvalidParameterValueException.</exception>
    public static void Check(IReadOnlyDictionary<string, string> variables)
    {
        if (variables.Keys.FirstOrDefault(name => !Reserved.Contains(name) && !Name().IsMatch(name)) is { } malformed)
        {
            throw new ApiException(
                "ValidationException",
                $"1 validation error detected: Value '{malformed}' at 'environment.variables' failed to satisfy constraint: Map keys "
                    + "must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"
            );
        }

        if (variables.Keys.Where(Reserved.Contains).ToList() is { Count: > 0 } reserved)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment variables you have provided "
                    + "contains reserved keys that are currently not supported for modification. "
                    + $"Reserved keys used in this request: {string.Join(", ", reserved)}"
            );
        }

        if (JsonSerializer.SerializeToUtf8Bytes(variables).Length > Limit)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "Lambda was unable to configure your environment variables because the environment variables you have provided "
                    + "exceeded the 4KB limit."
            );
        }
    }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_]+$", RegexOptions.None, 60_000)]
    private static partial Regex Name();
}
