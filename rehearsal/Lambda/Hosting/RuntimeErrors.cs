using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>The error documents that Lambda itself writes.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html</remarks>
internal static class RuntimeErrors
{
    /// <summary>The largest answer of a synchronous invocation, in bytes.</summary>
    public const int ResponseLimit = 6_291_556;

    public static string Exited(string requestId, string status) =>
        Document("Runtime.ExitError", $"RequestId: {requestId} Error: Runtime exited with error: {status}");

    public static string ExitedWithoutReason(string requestId) =>
        Document("Runtime.ExitError", $"RequestId: {requestId} Error: Runtime exited without providing a reason");

    public static string TimedOut(string requestId, TimeSpan timeout) =>
        Document(
            "Sandbox.Timedout",
            string.Create(
                CultureInfo.InvariantCulture,
                $"RequestId: {requestId} Error: Task timed out after {timeout.TotalSeconds:F2} seconds"
            )
        );

    public static string TooLarge(long size) =>
        Document(
            "Function.ResponseSizeTooLarge",
            $"Response payload size ({size} bytes) exceeded maximum allowed payload size ({ResponseLimit} bytes)."
        );

    private static string Document(string type, string message) =>
        new JsonObject { ["errorType"] = type, ["errorMessage"] = message }.ToJsonString(JsonSerializerOptions.Default);
}
