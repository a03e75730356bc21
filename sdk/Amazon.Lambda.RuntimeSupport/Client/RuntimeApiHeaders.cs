using System.Globalization;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The headers of <c>invocation/next</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-next</remarks>
internal sealed class RuntimeApiHeaders(HttpResponseHeaders headers)
{
    public string AwsRequestId { get; } =
        Value(headers, "Lambda-Runtime-Aws-Request-Id")
        ?? throw new InvalidOperationException("The Runtime API sent an invocation without Lambda-Runtime-Aws-Request-Id.");

    public string? InvokedFunctionArn { get; } = Value(headers, "Lambda-Runtime-Invoked-Function-Arn");

    public string? TraceId { get; } = Value(headers, "Lambda-Runtime-Trace-Id");

    public string? ClientContextJson { get; } = Value(headers, "Lambda-Runtime-Client-Context");

    public string? CognitoIdentityJson { get; } = Value(headers, "Lambda-Runtime-Cognito-Identity");

    public DateTimeOffset? Deadline { get; } =
        long.TryParse(Value(headers, "Lambda-Runtime-Deadline-Ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.First() : null;
}
