using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Types of which only the record is kept although their service is played: until they are handed to it.</summary>
internal static class RecordedForNow
{
    public static IEnumerable<RecordedType> Types =>
    [
        new("AWS::CodeDeploy::Application", "codedeploy", ("CreateApplication", "UpdateApplication", "DeleteApplication"), call => Identity(call.NameFrom("ApplicationName", 100))),
        new("AWS::CodeDeploy::DeploymentGroup", "codedeploy", ("CreateDeploymentGroup", "UpdateDeploymentGroup", "DeleteDeploymentGroup"), call => Identity(call.NameFrom("DeploymentGroupName", 100))),
        new("AWS::AutoScaling::AutoScalingGroup", "autoscaling", ("CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"), call => Named(call, "AutoScalingGroupName", 255, name => call.Arn("autoscaling", $"autoScalingGroup:*:autoScalingGroupName/{name}")))
            { Takes = GroupDuration },
    ];

    private static PlayedDuration GroupDuration(ResourceCall call) => call.Action switch
    {
        StepAction.Create => Durations.GroupInStack,
        StepAction.Delete => Durations.GroupDeletion,
        _ => Durations.GroupRollingUpdate,
    };

    private static ResourceIdentity Named(ResourceCall call, string property, int limit, Func<string, string> arn, params (string Name, System.Text.Json.Nodes.JsonNode Value)[] more)
    {
        var name = call.NameFrom(property, limit);
        return Identity(name, [("Arn", arn(name)), .. more]);
    }
}
