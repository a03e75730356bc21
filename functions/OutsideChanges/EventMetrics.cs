using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Deployer.Functions.OutsideChanges;

/// <summary>
/// The metric <c>IgnoredEvents</c> in the namespace <c>Deployer</c>, by the reason, as a line of the log that CloudWatch takes for a
/// metric.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </remarks>
public static class EventMetrics
{
    /// <summary>The event is of an account that this deployer has nothing to do with.</summary>
    public const string ForeignAccount = "ForeignAccount";

    /// <summary>The event is of a stack, or another thing, that no target is known to own or read.</summary>
    public const string UnknownResource = "UnknownResource";

    private const string Dimension = "Reason";
    private const string Metric = "IgnoredEvents";

    /// <summary>Counts an event that was ignored.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="reason">Why.</param>
    /// <param name="at">When it happened.</param>
    public static void CountIgnored(this ILambdaContext context, string reason, DateTimeOffset at)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("_aws");
            writer.WriteNumber("Timestamp", at.ToUnixTimeMilliseconds());
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", "Deployer");
            writer.WriteStartArray("Dimensions");
            writer.WriteStartArray();
            writer.WriteStringValue(Dimension);
            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteStartArray("Metrics");
            writer.WriteStartObject();
            writer.WriteString("Name", Metric);
            writer.WriteString("Unit", "Count");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString(Dimension, reason);
            writer.WriteNumber(Metric, 1);
            writer.WriteEndObject();
        }

        context.Logger.LogLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
