using System.Text.Json.Nodes;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Deployer.Rehearsal.CloudFormation.Drifts;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using StackStatus = Deployer.Rehearsal.CloudFormation.Stacks.StackStatus;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>
/// Drift detection. A resource is read with the permissions of who asks for it, and only of types that the rehearsal can read: those of
/// all others are not checked, as on AWS types are that do not support it. Nested stacks are detected by themselves.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html</remarks>
public sealed partial class CloudFormationService
{
    /// <summary>Of a stack in any other state drift cannot be detected.</summary>
    private static readonly StackStatus[] Detectable =
    [
        StackStatus.CREATE_COMPLETE,
        StackStatus.UPDATE_COMPLETE,
        StackStatus.UPDATE_ROLLBACK_COMPLETE,
        StackStatus.UPDATE_ROLLBACK_FAILED,
    ];

    private Table<DriftDetection> Drifts => _world.Store.Table<DriftDetection>("cloudformation/drifts");

    private void DriftOperations()
    {
        On<DetectStackDriftRequest, DetectStackDriftResponse>(
            "DetectStackDrift",
            DetectStackDrift,
            (call, request) => [Arn(call, request.StackName)]
        );
        On<DescribeStackDriftDetectionStatusRequest, DescribeStackDriftDetectionStatusResponse>(
            "DescribeStackDriftDetectionStatus",
            DescribeStackDriftDetectionStatus,
            (_, _) => ["*"]
        );
        On<DescribeStackResourceDriftsRequest, DescribeStackResourceDriftsResponse>(
            "DescribeStackResourceDrifts",
            DescribeStackResourceDrifts,
            (call, request) => [Arn(call, request.StackName)]
        );
    }

    private DetectStackDriftResponse DetectStackDrift(Call call, DetectStackDriftRequest request)
    {
        SimulatedMembers.Only(request, "StackName");
        var stack = Any(call, request.StackName);
        call.World.Api.Check(call, [stack.Id], "cloudformation:DetectStackResourceDrift");
        if (!Detectable.Contains(stack.Status))
        {
            throw new ApiException(
                "ValidationError",
                $"Drift detection operation can not be performed on stack [{stack.Id}] in state: {stack.Status}"
            );
        }

        if (Of(stack.Id).Any(known => known.Due > _world.Now))
        {
            throw new ApiException("ValidationError", $"Drift detection is already in progress for stack [{stack.Id}]");
        }

        var resources = new List<ResourceDrift>();
        foreach (var resource in stack.Resources.Values.Where(held => held.PhysicalId is not null && Engine.Types.Has(held.Type)))
        {
            if (Read(call, stack, resource) is { } drift)
            {
                resources.Add(drift);
            }
        }

        var detection = new DriftDetection(
            _world.Random.Uuid(),
            stack.Id,
            _world.Now,
            _world.Now + Durations.DriftDetection.Draw(_world.Random),
            resources
        );
        Drifts.Put(detection.Id, detection);
        return new DetectStackDriftResponse { StackDriftDetectionId = detection.Id };
    }

    private ResourceDrift? Read(Call call, Stacks.StackRecord stack, Stacks.ResourceRecord resource)
    {
        var reading = ByHand(call.Principal, stack, resource, (JsonObject)resource.Properties.DeepClone());
        try
        {
            if (Engine.Types.Find(resource.Type).Read(reading) is not { } read)
            {
                return null;
            }

            IReadOnlyList<DriftDifference> differences = read.Properties is { } actual
                ? DriftComparison.Differences(resource.Properties, actual, read.IsWhole)
                : [];
            return Drift(
                read.Properties is null ? "DELETED"
                    : differences.Count > 0 ? "MODIFIED"
                    : "IN_SYNC",
                null,
                differences
            );
        }
        catch (Exception refusal) when (refusal is ApiException or AmazonServiceException)
        {
            return Drift("UNKNOWN", refusal.Message, []);
        }

        ResourceDrift Drift(string status, string? reason, IReadOnlyList<DriftDifference> differences) =>
            new(resource.LogicalId, resource.PhysicalId!, resource.Type, status, reason, differences);
    }

    private ResourceCall ByHand(Principal principal, Stacks.StackRecord stack, Stacks.ResourceRecord resource, JsonObject properties) =>
        new(_world, principal, stack, resource.LogicalId, Stacks.StepAction.Update, properties, resource)
        {
            StackTags = new Dictionary<string, string>(stack.Definition.Tags)
            {
                ["aws:cloudformation:stack-name"] = stack.Name,
                ["aws:cloudformation:logical-id"] = resource.LogicalId,
                ["aws:cloudformation:stack-id"] = stack.Id,
            },
        };

    /// <summary>
    /// Somebody changes properties of a resource of a stack, past CloudFormation and with their own permissions, as Cloud Control API does:
    /// the resource is read, changed, and handed to what updates such resources. The stack knows nothing of it.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-update.html</remarks>
    /// <param name="principal">Who does it.</param>
    /// <param name="region">The stack's region.</param>
    /// <param name="stackName">The stack.</param>
    /// <param name="logicalId">The resource in it.</param>
    /// <param name="properties">What they become; null removes one.</param>
    /// <exception cref="ApiException">There is no such stack or resource, or the service refuses it.</exception>
    /// <exception cref="Templates.TemplateException">A property has no such value.</exception>
    internal void ChangeResource(Principal principal, string region, string stackName, string logicalId, JsonObject properties)
    {
        var call = _world.Api.CallAs(principal, region, "cloudformation", "UpdateResource", principal.Account);
        _world.Api.Authorize(call, ["*"], "cloudformation:UpdateResource");
        var stack = Any(call, stackName);
        if (stack.Resources.GetValueOrDefault(logicalId) is not { PhysicalId: not null } resource || !Engine.Types.Has(resource.Type))
        {
            throw new ApiException("ResourceNotFoundException", $"stack {stackName} has no resource {logicalId}");
        }

        var type = Engine.Types.Find(resource.Type);
        var present = Present(type, principal, stack, resource);
        var changed = (JsonObject)present.DeepClone();
        foreach (var (name, value) in properties)
        {
            if (value is null)
            {
                changed.Remove(name);
            }
            else
            {
                changed[name] = value.DeepClone();
            }
        }

        type.Update(ByHand(principal, stack, resource with { Properties = present }, changed));
    }

    /// <summary>The properties of a resource as it is, as far as they are read, and else as the template has them.</summary>
    private JsonObject Present(IResourceType type, Principal principal, Stacks.StackRecord stack, Stacks.ResourceRecord resource)
    {
        var present = (JsonObject)resource.Properties.DeepClone();
        if (type.Read(ByHand(principal, stack, resource, (JsonObject)present.DeepClone())) is not { } read)
        {
            throw new ApiException(
                "UnsupportedActionException",
                $"the rehearsal does not read resources of type {resource.Type}, so that nobody changes one by hand in it"
            );
        }

        if (read.Properties is null)
        {
            throw new ApiException("ResourceNotFoundException", $"resource {resource.LogicalId} of stack {stack.Name} is gone");
        }

        foreach (var name in present.Select(property => property.Key).ToList())
        {
            if (read.Properties.TryGetPropertyValue(name, out var value))
            {
                present[name] = value?.DeepClone();
                if (value is null)
                {
                    present.Remove(name);
                }
            }
        }

        return present;
    }

    private DescribeStackDriftDetectionStatusResponse DescribeStackDriftDetectionStatus(
        Call call,
        DescribeStackDriftDetectionStatusRequest request
    )
    {
        var detection =
            Drifts.Get(request.StackDriftDetectionId)
            ?? throw new ApiException("ValidationError", $"Drift detection [{request.StackDriftDetectionId}] does not exist");
        var isComplete = detection.Due <= _world.Now;
        var unread = detection.Resources.Where(resource => resource.Status == "UNKNOWN").ToList();
        var drifted = detection.Resources.Count(resource => resource.Status is "MODIFIED" or "DELETED");
        return new DescribeStackDriftDetectionStatusResponse
        {
            StackId = detection.StackId,
            StackDriftDetectionId = detection.Id,
            Timestamp = detection.Begun.UtcDateTime,
            DetectionStatus =
                !isComplete ? StackDriftDetectionStatus.DETECTION_IN_PROGRESS
                : unread.Count > 0 ? StackDriftDetectionStatus.DETECTION_FAILED
                : StackDriftDetectionStatus.DETECTION_COMPLETE,
            DetectionStatusReason =
                isComplete && unread.Count > 0
                    ? $"Failed to detect drift on resources [{string.Join(", ", unread.Select(resource => resource.LogicalId))}]"
                    : null,
            StackDriftStatus =
                !isComplete ? null
                : drifted > 0 ? StackDriftStatus.DRIFTED
                : StackDriftStatus.IN_SYNC,
            DriftedStackResourceCount = isComplete ? drifted : null,
        };
    }

    private DescribeStackResourceDriftsResponse DescribeStackResourceDrifts(Call call, DescribeStackResourceDriftsRequest request)
    {
        SimulatedMembers.Only(request, "StackName", "StackResourceDriftStatusFilters", "NextToken");
        var stack = Any(call, request.StackName);
        var latest = Of(stack.Id).Where(known => known.Due <= _world.Now).OrderBy(known => known.Begun).LastOrDefault();
        var statuses = request.StackResourceDriftStatusFilters is { Count: > 0 } filters ? filters : null;
        var (resources, next) = Page(
            (latest?.Resources ?? []).Where(resource => statuses?.Contains(resource.Status) ?? true),
            request.NextToken
        );
        return new DescribeStackResourceDriftsResponse
        {
            StackResourceDrifts =
            [
                .. resources.Select(resource => new StackResourceDrift
                {
                    StackId = stack.Id,
                    LogicalResourceId = resource.LogicalId,
                    PhysicalResourceId = resource.PhysicalId,
                    ResourceType = resource.Type,
                    StackResourceDriftStatus = new StackResourceDriftStatus(resource.Status),
                    DriftStatusReason = resource.Reason,
                    Timestamp = latest!.Begun.UtcDateTime,
                    PropertyDifferences =
                    [
                        .. resource.Differences.Select(difference => new PropertyDifference
                        {
                            PropertyPath = difference.Path,
                            ExpectedValue = difference.Expected,
                            ActualValue = difference.Actual,
                            DifferenceType = new DifferenceType(difference.Type),
                        }),
                    ],
                }),
            ],
            NextToken = next,
        };
    }

    private IEnumerable<DriftDetection> Of(string stackId) =>
        Drifts.WithPrefix(string.Empty).Select(detection => detection.Value).Where(detection => detection.StackId == stackId);
}
