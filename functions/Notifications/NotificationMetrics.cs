using Amazon.Lambda.Core;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Notifications;

/// <summary>The metric <c>NotificationsNotSent</c>, by stage.</summary>
public static class NotificationMetrics
{
    /// <summary>Writes how many notifications a sweep could not send.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="stage">The deployer's stage: lowercase letters and digits.</param>
    /// <param name="time">The time that the schedule's event has.</param>
    /// <param name="count">How many.</param>
    public static void WriteNotSent(this ILambdaContext context, string stage, DateTimeOffset time, int count) =>
        context.WriteMetrics("Stage", stage, time.ToUnixTimeMilliseconds(), null, new MetricValue("NotificationsNotSent", "Count", count));
}
