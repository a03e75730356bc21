using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Deployer.Functions.Logs;

/// <summary>A value of a metric.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Unit">Its unit, as CloudWatch names it: Count, Milliseconds.</param>
/// <param name="Value">The value.</param>
public sealed record MetricValue(string Name, string Unit, long Value);

/// <summary>The metrics of the namespace <c>Deployer</c>, as lines of the log that CloudWatch takes for metrics.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </remarks>
public static class MetricLog
{
    /// <summary>Writes metrics of one dimension.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="dimension">The dimension's name.</param>
    /// <param name="of">Its value.</param>
    /// <param name="at">When it happened, in milliseconds since 1970.</param>
    /// <param name="properties">What the line says besides, to search by.</param>
    /// <param name="metrics">The metrics.</param>
    public static void WriteMetrics(
        this ILambdaContext context,
        string dimension,
        string of,
        long at,
        IReadOnlyDictionary<string, string>? properties,
        params IReadOnlyList<MetricValue> metrics
    )
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("_aws");
            writer.WriteNumber("Timestamp", at);
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", "Deployer");
            writer.WriteStartArray("Dimensions");
            writer.WriteStartArray();
            writer.WriteStringValue(dimension);
            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteStartArray("Metrics");
            foreach (var metric in metrics)
            {
                writer.WriteStartObject();
                writer.WriteString("Name", metric.Name);
                writer.WriteString("Unit", metric.Unit);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString(dimension, of);
            if (properties is not null)
            {
                foreach (var property in properties)
                {
                    writer.WriteString(property.Key, property.Value);
                }
            }

            foreach (var metric in metrics)
            {
                writer.WriteNumber(metric.Name, metric.Value);
            }

            writer.WriteEndObject();
        }

        context.Logger.LogLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
