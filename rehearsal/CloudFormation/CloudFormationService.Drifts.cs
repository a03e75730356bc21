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
        call.World.Api.Check(call.Principal, call.Account, [stack.Id], "cloudformation:DetectStackResourceDrift");
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
        var reading = new ResourceCall(
            _world,
            call.Principal,
            stack,
            resource.LogicalId,
            Stacks.StepAction.Update,
            (JsonObject)resource.Properties.DeepClone(),
            resource
        )
        {
            StackTags = new Dictionary<string, string>(),
        };
        try
        {
            if (Engine.Types.Find(resource.Type).Read(reading) is not { } read)
            {
                return null;
            }

            IReadOnlyList<DriftDifference> differences = read.Properties is { } actual
                ? DriftComparison.Differences(resource.Properties, actual)
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
