using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Wire;
using Instance = Amazon.AutoScaling.Model.Instance;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>EC2 Auto Scaling.</summary>
/// <remarks>https://docs.aws.amazon.com/autoscaling/ec2/APIReference/</remarks>
public sealed class AutoScalingService : ModelService
{
    private readonly ScalingGroups _groups;
    private readonly LaunchTemplates _templates;

    /// <summary>The service over a world's groups.</summary>
    public AutoScalingService(ScalingGroups groups, LaunchTemplates templates)
        : base(AutoScalingModel.Service)
    {
        _groups = groups;
        _templates = templates;
        On<DescribeAutoScalingGroupsRequest, DescribeAutoScalingGroupsResponse>("DescribeAutoScalingGroups", Describe, (_, _) => ["*"]);
        On<DescribeAutoScalingInstancesRequest, DescribeAutoScalingInstancesResponse>(
            "DescribeAutoScalingInstances",
            DescribeInstances,
            (_, _) => ["*"]
        );
        On<CreateAutoScalingGroupRequest, CreateAutoScalingGroupResponse>(
            "CreateAutoScalingGroup",
            Create,
            (call, request) => [Arn(call, request.AutoScalingGroupName)]
        );
        On<UpdateAutoScalingGroupRequest, UpdateAutoScalingGroupResponse>(
            "UpdateAutoScalingGroup",
            Update,
            (call, request) => [Arn(call, request.AutoScalingGroupName)]
        );
        On<DeleteAutoScalingGroupRequest, DeleteAutoScalingGroupResponse>(
            "DeleteAutoScalingGroup",
            Delete,
            (call, request) => [Arn(call, request.AutoScalingGroupName)]
        );
    }

    private string Arn(Call call, string name) => _groups.Find(call.Account, call.Region, name)?.Arn ?? NewArn(call, "*", name);

    private static string NewArn(Call call, string id, string name) =>
        $"arn:aws:autoscaling:{call.Region}:{call.Account}:autoScalingGroup:{id}:autoScalingGroupName/{name}";

    private DescribeAutoScalingGroupsResponse Describe(Call call, DescribeAutoScalingGroupsRequest request)
    {
        var names = (request.AutoScalingGroupNames ?? []).ToHashSet();
        return new DescribeAutoScalingGroupsResponse
        {
            AutoScalingGroups =
            [
                .. _groups
                    .All(call.Account, call.Region)
                    .Where(group =>
                        (names.Count == 0 || names.Contains(group.Name))
                        && (request.Filters ?? []).TrueForAll(filter => Matches(group, filter))
                    )
                    .Select(Shape),
            ],
        };
    }

    /// <remarks>Names and meanings: API_Filter of EC2 Auto Scaling.</remarks>
    private static bool Matches(ScalingGroup group, Filter filter)
    {
        var values = (filter.Values ?? []).ToHashSet();
        return filter.Name switch
        {
            "tag-key" => group.Tags.Any(tag => values.Contains(tag.Key)),
            "tag-value" => group.Tags.Any(tag => values.Contains(tag.Value)),
            var name when name.StartsWith("tag:", StringComparison.Ordinal) => group.Tags.Any(tag =>
                tag.Key == name[4..] && values.Contains(tag.Value)
            ),
            var name => throw new ApiException(
                "ValidationError",
                $"Filter type {name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>"
            ),
        };
    }

    private DescribeAutoScalingInstancesResponse DescribeInstances(Call call, DescribeAutoScalingInstancesRequest request)
    {
        var ids = (request.InstanceIds ?? []).ToHashSet();
        return new DescribeAutoScalingInstancesResponse
        {
            AutoScalingInstances =
            [
                .. _groups
                    .All(call.Account, call.Region)
                    .SelectMany(group =>
                        group
                            .Instances.Where(member => ids.Count == 0 || ids.Contains(member.Id))
                            .Select(member => new AutoScalingInstanceDetails
                            {
                                InstanceId = member.Id,
                                AutoScalingGroupName = group.Name,
                                AvailabilityZone = member.Zone,
                                LifecycleState = member.State,
                                HealthStatus = "HEALTHY",
                                InstanceType = member.Template.InstanceType,
                                LaunchTemplate = Shape(member.Template),
                                ProtectedFromScaleIn = false,
                            })
                    ),
            ],
        };
    }

    private CreateAutoScalingGroupResponse Create(Call call, CreateAutoScalingGroupRequest request)
    {
        SimulatedMembers.Only(
            request,
            "AutoScalingGroupName",
            "MinSize",
            "MaxSize",
            "DesiredCapacity",
            "LaunchTemplate",
            "VPCZoneIdentifier",
            "TargetGroupARNs",
            "Tags"
        );
        var template =
            Template(call, request.LaunchTemplate)
            ?? throw new ApiException("ValidationError", "The rehearsal launches instances from a launch template only");
        var name = request.AutoScalingGroupName;
        _groups.Create(
            new ScalingGroup
            {
                Account = call.Account,
                Region = call.Region,
                Name = name,
                Arn = NewArn(call, call.World.Random.Uuid(), name),
                Created = call.World.Now,
                Template = template,
                MinSize = request.MinSize ?? 0,
                MaxSize = request.MaxSize ?? 0,
                DesiredCapacity = request.DesiredCapacity ?? request.MinSize ?? 0,
                Subnets =
                    Subnets(request.VPCZoneIdentifier)
                    ?? throw new ApiException("ValidationError", "At least one Availability Zone or VPC Subnet is required."),
                TargetGroups = request.TargetGroupARNs ?? [],
                Tags =
                [
                    .. (request.Tags ?? []).Select(tag => new ScalingTag(
                        tag.Key,
                        tag.Value ?? string.Empty,
                        tag.PropagateAtLaunch ?? false
                    )),
                ],
            }
        );
        return new CreateAutoScalingGroupResponse();
    }

    private UpdateAutoScalingGroupResponse Update(Call call, UpdateAutoScalingGroupRequest request)
    {
        SimulatedMembers.Only(
            request,
            "AutoScalingGroupName",
            "MinSize",
            "MaxSize",
            "DesiredCapacity",
            "LaunchTemplate",
            "VPCZoneIdentifier"
        );
        _groups.Update(
            call.Account,
            call.Region,
            request.AutoScalingGroupName,
            group =>
            {
                var min = request.MinSize ?? group.MinSize;
                var max = request.MaxSize ?? group.MaxSize;
                return group with
                {
                    MinSize = min,
                    MaxSize = max,
                    // A desired capacity that is not given follows the new bounds, as AWS does.
                    DesiredCapacity = request.DesiredCapacity ?? Math.Max(min, Math.Min(max, group.DesiredCapacity)),
                    Template = Template(call, request.LaunchTemplate) ?? group.Template,
                    Subnets = Subnets(request.VPCZoneIdentifier) ?? group.Subnets,
                };
            }
        );
        return new UpdateAutoScalingGroupResponse();
    }

    private DeleteAutoScalingGroupResponse Delete(Call call, DeleteAutoScalingGroupRequest request)
    {
        _groups.Delete(call.Account, call.Region, request.AutoScalingGroupName, request.ForceDelete ?? false);
        return new DeleteAutoScalingGroupResponse();
    }

    private LaunchSettings? Template(Call call, LaunchTemplateSpecification? specification) =>
        specification is null
            ? null
            : _templates.Find(call.Account, call.Region, specification.LaunchTemplateId, specification.Version)
                ?? throw new ApiException(
                    "ValidationError",
                    $"You must use a valid fully-formed launch template. The launch template {specification.LaunchTemplateId}, version "
                        + $"{specification.Version}, does not exist."
                );

    private static string[]? Subnets(string? zoneIdentifier) =>
        zoneIdentifier?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } subnets
            ? subnets
            : null;

    private static AutoScalingGroup Shape(ScalingGroup group) =>
        new()
        {
            AutoScalingGroupName = group.Name,
            AutoScalingGroupARN = group.Arn,
            MinSize = group.MinSize,
            MaxSize = group.MaxSize,
            DesiredCapacity = group.DesiredCapacity,
            DefaultCooldown = 300,
            AvailabilityZones = [.. group.Instances.Select(member => member.Zone).Distinct().Order(StringComparer.Ordinal)],
            HealthCheckType = "EC2",
            CreatedTime = group.Created.UtcDateTime,
            LaunchTemplate = Shape(group.Template),
            TargetGroupARNs = [.. group.TargetGroups],
            VPCZoneIdentifier = string.Join(',', group.Subnets),
            Status = group.Deleting ? "Delete in progress" : null,
            Tags =
            [
                .. group.Tags.Select(tag => new TagDescription
                {
                    ResourceId = group.Name,
                    ResourceType = "auto-scaling-group",
                    Key = tag.Key,
                    Value = tag.Value,
                    PropagateAtLaunch = tag.PropagateAtLaunch,
                }),
            ],
            Instances =
            [
                .. group.Instances.Select(member => new Instance
                {
                    InstanceId = member.Id,
                    AvailabilityZone = member.Zone,
                    LifecycleState = member.State,
                    HealthStatus = "Healthy",
                    InstanceType = member.Template.InstanceType,
                    LaunchTemplate = Shape(member.Template),
                    ProtectedFromScaleIn = false,
                }),
            ],
        };

    private static LaunchTemplateSpecification Shape(LaunchSettings template) =>
        new() { LaunchTemplateId = template.TemplateId, Version = template.Version };
}
