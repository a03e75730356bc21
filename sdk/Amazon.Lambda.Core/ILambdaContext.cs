namespace Amazon.Lambda.Core;

/// <summary>What Lambda gives a handler to know about itself and about the current invocation.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</remarks>
public interface ILambdaContext
{
    /// <summary>The invocation's request id; a retry of an asynchronous invocation has the same one.</summary>
    string AwsRequestId { get; }

    /// <summary>What a mobile client sent about itself; null for other callers.</summary>
    IClientContext? ClientContext { get; }

    /// <summary>The function's name.</summary>
    string FunctionName { get; }

    /// <summary>The version that runs, <c>$LATEST</c> for an unpublished one.</summary>
    string FunctionVersion { get; }

    /// <summary>The Cognito identity that called; null for other callers.</summary>
    ICognitoIdentity? Identity { get; }

    /// <summary>The ARN by which the function was called, with its alias or version if the caller gave one.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>Writes to the function's log stream.</summary>
    ILambdaLogger Logger { get; }

    /// <summary>The function's log group.</summary>
    string LogGroupName { get; }

    /// <summary>The log stream of this execution environment.</summary>
    string LogStreamName { get; }

    /// <summary>Memory of the function in MiB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>Time left until Lambda ends the invocation.</summary>
    TimeSpan RemainingTime { get; }

    /// <summary>The X-Ray trace header of the invocation, empty without one.</summary>
    string TraceId => string.Empty;
}
