using System.Text;

namespace Deployer.Spec.Steps;

/// <summary>Rules for environment variables of Lambda functions.</summary>
internal static class LambdaVariables
{
    /// <summary>
    /// How many bytes all variables of a function may have: "The total size of all environment variables doesn't exceed 4 KB"
    /// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Lambda measures them as the JSON of its API.
    /// </summary>
    public const int MostBytes = 4096;

    /// <summary>What a name may be made of, as in <see cref="IsName"/>.</summary>
    public const string NameExpectation = "2 or more letters, digits and underscores, beginning with a letter";

    // {"A":"b","C":"d"}: four quotation marks, a colon, and a comma or a brace for each.
    private const int BytesOfSyntax = 6;

    /// <summary>
    /// Names that Lambda refuses (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Reserved environment
    /// variables").
    /// </summary>
    public static readonly IReadOnlyList<string> Reserved =
    [
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    ];

    /// <summary>Whether Lambda takes a name: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html.</summary>
    public static bool IsName(string name) =>
        name.Length > 1 && char.IsAsciiLetter(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');

    /// <summary>How many bytes variables have at least; what is escaped has more.</summary>
    /// <param name="variables">Values by name; null for a value that is not known.</param>
    public static int LeastBytes(Dictionary<string, string?> variables)
    {
        var bytes = 1;
        foreach (var (name, value) in variables)
        {
            bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value ?? string.Empty) + BytesOfSyntax;
        }
        return bytes;
    }
}
