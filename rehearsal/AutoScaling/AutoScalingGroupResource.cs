using System.Text.Json.Nodes;
using Amazon.AutoScaling.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>AWS::AutoScaling::AutoScalingGroup: done when as many instances serve as are wanted, of the template that is wanted.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html</remarks>
internal sealed class AutoScalingGroupResource(ScalingGroups groups) : IResourceType
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public string Name => "AWS::AutoScaling::AutoScalingGroup";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("AutoScalingGroupName", 255);
        var min = call.Properties.Number("MinSize");
        call.World.Api.Invoke<CreateAutoScalingGroupResponse>(
            call.Principal,
            call.Region,
            new CreateAutoScalingGroupRequest
            {
                AutoScalingGroupName = name,
                MinSize = min,
                MaxSize = call.Properties.Number("MaxSize"),
                DesiredCapacity = call.Properties.Number("DesiredCapacity"),
                LaunchTemplate = Template(call),
                VPCZoneIdentifier = string.Join(',', call.Properties.Texts("VPCZoneIdentifier")),
                TargetGroupARNs = [.. call.Properties.Texts("TargetGroupARNs")],
                Tags =
                [
                    .. Tags(call)
                        .Select(tag => new Tag
                        {
                            Key = tag.Key,
                            Value = tag.Value,
                            PropagateAtLaunch = tag.PropagateAtLaunch,
                        }),
                ],
            }
        );
        return Identity(name);
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.World.Api.Invoke<UpdateAutoScalingGroupResponse>(
            call.Principal,
            call.Region,
            new UpdateAutoScalingGroupRequest
            {
                AutoScalingGroupName = name,
                MinSize = call.Properties.Number("MinSize"),
                MaxSize = call.Properties.Number("MaxSize"),
                DesiredCapacity = call.Properties.Number("DesiredCapacity"),
                LaunchTemplate = Template(call),
                VPCZoneIdentifier = string.Join(',', call.Properties.Texts("VPCZoneIdentifier")),
            }
        );
        Retag(call, groups.Find(call.Account, call.Region, name)!);
        groups.Roll(call.Account, call.Region, name, Rolling(call, groups.Find(call.Account, call.Region, name)!));
        return Identity(name);
    }

    /// <inheritdoc/>
    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("autoscaling", "DescribeAutoScalingGroups", "*");
        if (groups.Find(call.Account, call.Region, call.Current!.PhysicalId!) is not { Deleting: false } group)
        {
            return ResourceReading.Gone;
        }

        var read = new JsonObject
        {
            ["MinSize"] = group.MinSize,
            ["MaxSize"] = group.MaxSize,
            ["DesiredCapacity"] = group.DesiredCapacity,
        };
        if (Template(call) is not null)
        {
            read["LaunchTemplate"] = new JsonObject
            {
                ["LaunchTemplateId"] = group.Template.TemplateId,
                ["Version"] = group.Template.Version,
            };
        }

        return new ResourceReading(read);
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        if (groups.Find(call.Account, call.Region, call.Current!.PhysicalId!) is not null)
        {
            call.World.Api.Invoke<DeleteAutoScalingGroupResponse>(
                call.Principal,
                call.Region,
                new DeleteAutoScalingGroupRequest { AutoScalingGroupName = call.Current!.PhysicalId, ForceDelete = true }
            );
        }
    }

    /// <inheritdoc/>
    public ResourceProgress Look(ResourceCall call) =>
        groups.Find(call.Account, call.Region, call.Current!.PhysicalId!) is { Settled: false }
            ? ResourceProgress.NotYet(LookInterval)
            : ResourceProgress.Ready;

    private static List<ScalingTag> Tags(ResourceCall call) =>
        [
            .. (call.Properties["Tags"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Select(tag => new ScalingTag(tag.Required("Key"), tag.Text("Value") ?? "", tag.Flag("PropagateAtLaunch") == true)),
            .. call.StackTags.Select(tag => new ScalingTag(tag.Key, tag.Value, PropagateAtLaunch: true)),
        ];

    // Instances that run keep the tags that they were launched with:
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
    private void Retag(ResourceCall call, ScalingGroup group)
    {
        var wanted = Tags(call);
        var arn = call.Arn("autoscaling", $"autoScalingGroup:*:autoScalingGroupName/{group.Name}");
        if (wanted.Except(group.Tags).Any())
        {
            call.Authorize("autoscaling", "CreateOrUpdateTags", arn);
        }

        if (group.Tags.Select(tag => tag.Key).Except(wanted.Select(tag => tag.Key)).Any())
        {
            call.Authorize("autoscaling", "DeleteTags", arn);
        }

        groups.Update(group.Account, group.Region, group.Name, current => current with { Tags = wanted });
    }

    private static LaunchTemplateSpecification? Template(ResourceCall call) =>
        call.Properties["LaunchTemplate"] is JsonObject template
            ? new LaunchTemplateSpecification
            {
                LaunchTemplateId = template.Required("LaunchTemplateId"),
                Version = template.Required("Version"),
            }
            : null;

    /// <summary>What the update policy says; without one, as in a rollback, one instance at a time.</summary>
    private static RollingUpdate Rolling(ResourceCall call, ScalingGroup group)
    {
        var policy = call.Policy?["AutoScalingRollingUpdate"] as JsonObject ?? [];
        var fewest = Math.Min(group.DesiredCapacity, group.MaxSize - 1);
        return new RollingUpdate(policy.Number("MaxBatchSize") ?? 1, policy.Number("MinInstancesInService") ?? fewest);
    }
}
