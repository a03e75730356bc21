namespace Amazon.Lambda.Core;

/// <summary>The weight of a log line; lines below <c>AWS_LAMBDA_LOG_LEVEL</c> are dropped.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
public enum LogLevel
{
    /// <summary>The finest detail.</summary>
    Trace = 0,

    /// <summary>For whoever debugs.</summary>
    Debug = 1,

    /// <summary>The normal course.</summary>
    Information = 2,

    /// <summary>Unexpected, but dealt with.</summary>
    Warning = 3,

    /// <summary>The invocation failed.</summary>
    Error = 4,

    /// <summary>The function cannot go on.</summary>
    Critical = 5,
}
