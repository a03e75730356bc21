using System.Text.Json.Serialization;
using Amazon.CodeBuild;
using Amazon.StepFunctions;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The events about what a push and a deploy of ions consist of.</summary>
public static class IonEvents
{
    /// <summary>What became of a build that runs ion-dev.</summary>
    public static readonly EventSource Builds = EventSource.WithDetail(
        "aws.codebuild",
        IonEventDocuments.Default.BuildStateDetail,
        detail => detail.Build
    );

    /// <summary>The same for a task whose heartbeat is minutes: a build that has ended is looked for again.</summary>
    public static readonly EventSource BuildEnds = EventSource.WithDetail(
        "aws.codebuild",
        IonEventDocuments.Default.BuildStateDetail,
        detail => detail.Build,
        detail => detail.Status is not null && new StatusType(detail.Status) != StatusType.IN_PROGRESS
    );

    /// <summary>An instance of a compute group that is in service from now on, for what waits for it.</summary>
    public static readonly EventSource Instances = new(
        "aws.autoscaling",
        settled =>
            settled is { Account: { } account, Region: { } region }
            && EventSource.Detail(settled.Detail, IonEventDocuments.Default.InstanceLaunchDetail) is { Group: { } group }
                ? Scaling(account, region, group)
                : null
    );

    /// <summary>What became of an execution of Datomic's machine; its end is the last thing that a deployment of ions waits for.</summary>
    public static readonly EventSource Executions = EventSource.WithDetail(
        "aws.states",
        IonEventDocuments.Default.ExecutionStatusDetail,
        detail => detail.ExecutionArn,
        detail => detail.Status is not null && IonStatuses.Classify(new ExecutionStatus(detail.Status)) != IonState.Running
    );

    /// <summary>What became of a deployment of CodeDeploy, after which the execution still has the Lambdas to update.</summary>
    public static readonly EventSource Deployments = EventSource.WithDetail(
        "aws.codedeploy",
        IonEventDocuments.Default.DeploymentStateDetail,
        detail => detail.DeploymentId
    );

    /// <summary>An instance that an Auto Scaling group has launched, such as in the place of another one.</summary>
    public static readonly WatchedSource Launches = WatchedSource.WithDetail(
        "aws.autoscaling",
        IonEventDocuments.Default.InstanceLaunchDetail,
        (happened, detail) =>
            happened is { Account: { } account, Region: { } region } && detail is { Group: { } group, Instance: { } instance }
                ? new OutsideEvent(Scaling(account, region, group), $"instance {instance} was launched", detail.Activity)
                {
                    FollowsCapacity = true,
                }
                : null
    );

    /// <summary>The name by which an Auto Scaling group is watched.</summary>
    public static string Scaling(string account, string region, string group) => $"Auto Scaling group {account}/{region}/{group}";
}

/// <summary>The detail of "EC2 Instance Launch Successful", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html</remarks>
/// <param name="Group">The group's name.</param>
/// <param name="Instance">The instance's id.</param>
/// <param name="Activity">The id of the scaling activity.</param>
internal sealed record InstanceLaunchDetail(
    [property: JsonPropertyName("AutoScalingGroupName")] string? Group,
    [property: JsonPropertyName("EC2InstanceId")] string? Instance,
    [property: JsonPropertyName("ActivityId")] string? Activity = null
);

/// <summary>The detail of "CodeBuild Build State Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html</remarks>
/// <param name="BuildId">The build's ARN, whose end is the id by which CodeBuild's API knows it.</param>
/// <param name="Status">Its status.</param>
internal sealed record BuildStateDetail(
    [property: JsonPropertyName("build-id")] string? BuildId,
    [property: JsonPropertyName("build-status")] string? Status = null
)
{
    /// <summary>The id by which CodeBuild's API knows the build; <see langword="null"/> where the detail names none.</summary>
    [JsonIgnore]
    public string? Build => BuildId?.Split(":build/", 2) is [_, var id] ? id : null;
}

/// <summary>The detail of "Step Functions Execution Status Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html</remarks>
/// <param name="ExecutionArn">The execution's ARN.</param>
/// <param name="Status">Its status.</param>
internal sealed record ExecutionStatusDetail(
    [property: JsonPropertyName("executionArn")] string? ExecutionArn,
    [property: JsonPropertyName("status")] string? Status = null
);

/// <summary>The detail of "CodeDeploy Deployment State-change Notification", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html</remarks>
/// <param name="DeploymentId">The deployment's id.</param>
internal sealed record DeploymentStateDetail([property: JsonPropertyName("deploymentId")] string? DeploymentId);

/// <summary>How details of these events are read.</summary>
[JsonSerializable(typeof(BuildStateDetail))]
[JsonSerializable(typeof(ExecutionStatusDetail))]
[JsonSerializable(typeof(DeploymentStateDetail))]
[JsonSerializable(typeof(InstanceLaunchDetail))]
internal sealed partial class IonEventDocuments : JsonSerializerContext;
