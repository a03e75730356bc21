using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Deployer.Functions.Deployments;

/// <summary>
/// The metrics of deployments, as lines of the log that CloudWatch takes for metrics: <c>DeploymentsSucceeded</c>,
/// <c>DeploymentsFailed</c> and <c>DeploymentDuration</c> in the namespace <c>Deployer</c>, by state machine.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </remarks>
public static class DeploymentMetrics
{
    private const string Dimension = "StateMachine";

    /// <summary>Writes those of an execution that has closed; nothing while it runs, or where the event lacks its times.</summary>
    public static void WriteMetrics(this ILambdaContext context, ExecutionStatusDetail execution)
    {
        if (
            execution is { StartDate: { } started, StopDate: { } stopped, Status: "SUCCEEDED" or "FAILED" or "TIMED_OUT" or "ABORTED" }
            && execution.ExecutionArn.Machine is { Length: > 0 } machine
        )
        {
            context.Logger.LogLine(Line(execution, machine, stopped, stopped - started));
        }
    }

    private static string Line(ExecutionStatusDetail execution, string machine, long time, long duration)
    {
        (string Name, string Unit, long Value)[] metrics =
        [
            ("DeploymentsSucceeded", "Count", execution.Status == "SUCCEEDED" ? 1 : 0),
            ("DeploymentsFailed", "Count", execution.Status == "SUCCEEDED" ? 0 : 1),
            ("DeploymentDuration", "Milliseconds", duration),
        ];
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("_aws");
            writer.WriteNumber("Timestamp", time);
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", "Deployer");
            writer.WriteStartArray("Dimensions");
            writer.WriteStartArray();
            writer.WriteStringValue(Dimension);
            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteStartArray("Metrics");
            foreach (var (name, unit, _) in metrics)
            {
                writer.WriteStartObject();
                writer.WriteString("Name", name);
                writer.WriteString("Unit", unit);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString(Dimension, machine);
            writer.WriteString("deployment", execution.ExecutionArn.Deployment.Value);
            writer.WriteString("status", execution.Status);
            foreach (var (name, _, value) in metrics)
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
