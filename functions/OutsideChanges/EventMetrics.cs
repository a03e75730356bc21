using Amazon.Lambda.Core;
using Deployer.Functions.Logs;

namespace Deployer.Functions.OutsideChanges;

/// <summary>The metric <c>IgnoredEvents</c>, by the reason.</summary>
public static class EventMetrics
{
    /// <summary>The event is of an account that this deployer has nothing to do with.</summary>
    public const string ForeignAccount = "ForeignAccount";

    /// <summary>The event is of a stack, or another thing, that no target is known to own or read.</summary>
    public const string UnknownResource = "UnknownResource";

    /// <summary>Counts an event that was ignored.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="reason">Why.</param>
    /// <param name="at">When it happened.</param>
    public static void CountIgnored(this ILambdaContext context, string reason, DateTimeOffset at) =>
        context.WriteMetrics("Reason", reason, at.ToUnixTimeMilliseconds(), null, new MetricValue("IgnoredEvents", "Count", 1));
}
