namespace Amazon.Lambda.RuntimeSupport.Bootstrap;

/// <summary>Settings of a <see cref="LambdaBootstrap"/> for test environments.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public class LambdaBootstrapOptions
{
    /// <summary>Host and port of the Runtime API; null takes <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string? RuntimeApiEndpoint { get; set; }
}
