using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The context of one invocation, from its headers and the environment.</summary>
internal sealed class LambdaContext(RuntimeApiHeaders headers, IEnvironmentVariables environment, LogOutput log) : ILambdaContext
{
    public string AwsRequestId => headers.AwsRequestId;

    public IClientContext? ClientContext { get; } = CognitoClientContext.Parse(headers.ClientContextJson);

    public string FunctionName => environment.Get(LambdaEnvironment.FunctionName) ?? string.Empty;

    public string FunctionVersion => environment.Get(LambdaEnvironment.FunctionVersion) ?? string.Empty;

    public ICognitoIdentity? Identity { get; } = CognitoIdentity.Parse(headers.CognitoIdentityJson);

    public string InvokedFunctionArn => headers.InvokedFunctionArn ?? string.Empty;

    public ILambdaLogger Logger { get; } = new LambdaContextLogger(log, headers.AwsRequestId, headers.TraceId);

    public string LogGroupName => environment.Get(LambdaEnvironment.LogGroupName) ?? string.Empty;

    public string LogStreamName => environment.Get(LambdaEnvironment.LogStreamName) ?? string.Empty;

    public int MemoryLimitInMB =>
        int.TryParse(environment.Get(LambdaEnvironment.FunctionMemorySize), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : 0;

    public TimeSpan RemainingTime =>
        headers.Deadline is { } deadline ? deadline - TimeProvider.System.GetUtcNow() : Timeout.InfiniteTimeSpan;

    public string TraceId => headers.TraceId ?? string.Empty;
}
