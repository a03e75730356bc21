using System.Globalization;
using Amazon.Lambda.Core;

namespace Deployer.Functions.Notifications;

/// <summary>
/// The metric of notifications, as a line of the log that CloudWatch takes for one: <c>NotificationsNotSent</c> in the namespace
/// <c>Deployer</c>, by stage.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </remarks>
public static class NotificationMetrics
{
    /// <summary>Writes how many notifications a sweep could not send.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="stage">The deployer's stage: lowercase letters and digits.</param>
    /// <param name="time">The time that the schedule's event has.</param>
    /// <param name="count">How many.</param>
    public static void WriteNotSent(this ILambdaContext context, string stage, DateTimeOffset time, int count) =>
        context.Logger.LogLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"_aws\":{{\"Timestamp\":{time.ToUnixTimeMilliseconds()},\"CloudWatchMetrics\":[{{\"Namespace\":\"Deployer\","
                    + $"\"Dimensions\":[[\"Stage\"]],\"Metrics\":[{{\"Name\":\"NotificationsNotSent\",\"Unit\":\"Count\"}}]}}]}},"
                    + $"\"Stage\":\"{stage}\",\"NotificationsNotSent\":{count}}}"
            )
        );
}
