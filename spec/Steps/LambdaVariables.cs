namespace Deployer.Spec.Steps;

/// <summary>Rules for environment variables of Lambda functions.</summary>
internal static class LambdaVariables
{
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
}
