namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Names of the variables that Lambda defines.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime</remarks>
internal static class LambdaEnvironment
{
    public const string RuntimeApi = "AWS_LAMBDA_RUNTIME_API";
    public const string FunctionName = "AWS_LAMBDA_FUNCTION_NAME";
    public const string FunctionVersion = "AWS_LAMBDA_FUNCTION_VERSION";
    public const string FunctionMemorySize = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
    public const string LogGroupName = "AWS_LAMBDA_LOG_GROUP_NAME";
    public const string LogStreamName = "AWS_LAMBDA_LOG_STREAM_NAME";
    public const string LogLevel = "AWS_LAMBDA_LOG_LEVEL";
    public const string LogFormat = "AWS_LAMBDA_LOG_FORMAT";

    /// <summary>Of the .NET runtime client; it goes before <see cref="LogLevel"/>.</summary>
    public const string HandlerLogLevel = "AWS_LAMBDA_HANDLER_LOG_LEVEL";

    /// <summary>Of the .NET runtime client; it goes before <see cref="LogFormat"/> and also knows "Unformatted".</summary>
    public const string HandlerLogFormat = "AWS_LAMBDA_HANDLER_LOG_FORMAT";

    /// <summary>The file descriptor that takes log records in frames.</summary>
    public const string TelemetryLogDescriptor = "_LAMBDA_TELEMETRY_LOG_FD";
    public const string TraceId = "_X_AMZN_TRACE_ID";
}
