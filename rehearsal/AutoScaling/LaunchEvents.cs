using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>Publishes that an instance was launched: when it is in service, after its lifecycle hooks.</summary>
/// <remarks>https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html</remarks>
internal static class LaunchEvents
{
    /// <summary>The id of the activity that launched an instance: a UUID, the same for the same instance.</summary>
    private static string Activity(string instance) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(instance)).AsSpan(0, 16)).ToString();

    /// <summary>Publishes the launch of an instance.</summary>
    public static void Publish(IEventSource events, ScalingGroup group, string instance)
    {
        var arn = $"arn:aws:ec2:{group.Region}:{group.Account}:instance/{instance}";
        events.Publish(
            group.Account,
            group.Region,
            "aws.autoscaling",
            "EC2 Instance Launch Successful",
            [group.Arn, arn],
            new JsonObject
            {
                ["StatusCode"] = "InProgress",
                ["Description"] = $"Launching a new EC2 instance: {instance}",
                ["AutoScalingGroupName"] = group.Name,
                ["ActivityId"] = Activity(instance),
                ["RequestId"] = instance,
                ["EC2InstanceId"] = instance,
                ["StatusMessage"] = "",
                ["Origin"] = "EC2",
                ["Destination"] = "AutoScalingGroup",
            }
        );
    }
}
