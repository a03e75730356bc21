using Amazon.Lambda.Core;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Deployments;

/// <summary>
/// The metrics of deployments: <c>DeploymentsSucceeded</c>, <c>DeploymentsFailed</c> and <c>DeploymentDuration</c>, by state machine.
/// </summary>
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
            context.WriteMetrics(
                Dimension,
                machine,
                stopped,
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["deployment"] = execution.ExecutionArn.Deployment.Value,
                    ["status"] = execution.Status,
                },
                new MetricValue("DeploymentsSucceeded", "Count", execution.Status == "SUCCEEDED" ? 1 : 0),
                new MetricValue("DeploymentsFailed", "Count", execution.Status == "SUCCEEDED" ? 0 : 1),
                new MetricValue("DeploymentDuration", "Milliseconds", stopped - started)
            );
        }
    }
}
