using System.Collections.Frozen;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Has CloudFormation compare the resources of a stack and of the stacks nested in it with their templates. Resources of types that do not
/// support it are not looked at, and of the others only properties that a template sets.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html</remarks>
public sealed class StackDrift(Settings settings)
{
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private const int MostOfValue = 200;

    /// <summary>
    /// Properties whose values are not shown: those of environments, and whose names say that they are secret. What a template marks as
    /// such is known besides.
    /// </summary>
    private static readonly string[] SecretNames = ["environment", "password", "secret", "token", "credential", "privatekey", "apikey"];

    private static readonly string[] Statuses =
    [
        StackResourceDriftStatus.MODIFIED.Value,
        StackResourceDriftStatus.DELETED.Value,
        StackResourceDriftStatus.UNKNOWN.Value,
    ];

    /// <summary>What has drifted.</summary>
    /// <param name="run">The step.</param>
    /// <param name="detections">The detections that were begun before, by stack; those that are begun are added.</param>
    /// <exception cref="NotYetException">A detection or an operation of one of the stacks runs.</exception>
    public async Task<IReadOnlyList<DriftedResource>> Find(StepRun run, IDictionary<string, string> detections)
    {
        var cloudFormation = run.Account.CloudFormation;
        if (
            run.Evaluate(run.Step<StackStep>().Stack).Value is not { } name
            || await cloudFormation.Find(name) is not { } stack
            || stack.StackStatus == StackStatus.REVIEW_IN_PROGRESS
        )
        {
            return [];
        }

        var found = new List<DriftedResource>();
        NotYetException? underWay = null;
        var stacks = new Queue<(string Path, string Id)>([(name, stack.StackId)]);
        var visited = new List<(string Path, string Id)>();
        while (stacks.TryDequeue(out var next))
        {
            visited.Add(next);
            foreach (var nested in (await cloudFormation.Resources(next.Id)).Where(held => held.ResourceType == NestedStack))
            {
                stacks.Enqueue(($"{next.Path}/{nested.LogicalResourceId}", nested.PhysicalResourceId));
            }

            try
            {
                found.AddRange(await OfOne(cloudFormation, next.Path, next.Id, detections));
            }
            catch (NotYetException notYet)
            {
                underWay ??= notYet;
            }
        }

        if (underWay is not null)
        {
            throw underWay;
        }

        if (found.Count == 0)
        {
            return found;
        }

        await StackSecrets.Read(run, settings);
        var hidden = await HiddenProperties(cloudFormation, visited);
        return [.. found.Select(resource => Hidden(resource, run.Secrets, hidden[resource.Stack]))];
    }

    /// <summary>What the stacks make of their secret parameters, by their paths; a stack comes after the one that holds it.</summary>
    private static async Task<Dictionary<string, SecretProperties>> HiddenProperties(
        IAmazonCloudFormation cloudFormation,
        List<(string Path, string Id)> stacks
    )
    {
        var hidden = new Dictionary<string, SecretProperties>(StringComparer.Ordinal);
        foreach (var (path, id) in stacks)
        {
            var parent = path.LastIndexOf('/');
            var given = parent < 0 ? FrozenSet<string>.Empty : hidden[path[..parent]].PassedTo(path[(parent + 1)..]);
            hidden[path] = SecretProperties.Read(await Template(cloudFormation, id), given);
        }

        return hidden;
    }

    /// <summary>The template that a stack runs, after its transforms; without it nothing of the stack is shown.</summary>
    private static async Task<string?> Template(IAmazonCloudFormation cloudFormation, string stack)
    {
        try
        {
            var request = new GetTemplateRequest { StackName = stack, TemplateStage = TemplateStage.Processed };
            return (await cloudFormation.GetTemplateAsync(request)).TemplateBody;
        }
        catch (AmazonCloudFormationException refusal) when (refusal.ErrorCode == "ValidationError")
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<DriftedResource>> OfOne(
        IAmazonCloudFormation cloudFormation,
        string path,
        string id,
        IDictionary<string, string> detections
    )
    {
        if (!detections.TryGetValue(id, out var detection))
        {
            if (await cloudFormation.Find(id) is not { } stack || stack.StackStatus.Found == StackFound.Create)
            {
                return [];
            }

            if (stack.StackStatus.Found == StackFound.Wait)
            {
                throw new NotYetException($"stack {path} is {stack.StackStatus}; its drift is detected when that has ended");
            }

            try
            {
                detection = (
                    await cloudFormation.DetectStackDriftAsync(new DetectStackDriftRequest { StackName = id })
                ).StackDriftDetectionId;
            }
            catch (AmazonCloudFormationException refusal) when (refusal.ErrorCode == "ValidationError")
            {
                // Somebody else's, or one whose id was lost with the function that had asked for it: "Drift detection is already in
                // progress for stack [...]", as scripts of many repositories read it; the API reference does not say it.
                return refusal.Message.Contains("already in progress", StringComparison.Ordinal)
                    ? throw new NotYetException($"drift of stack {path} is being detected already")
                    : [Unreadable(path, refusal.Message)];
            }

            detections[id] = detection;
        }

        var status = await Status(cloudFormation, detection);
        if (status is null)
        {
            // Not to be seen yet, or its results are kept no more: it is asked for again.
            detections.Remove(id);
            throw new NotYetException($"the detection of drift of stack {path} is not known");
        }

        if (status.DetectionStatus == StackDriftDetectionStatus.DETECTION_IN_PROGRESS)
        {
            throw new NotYetException($"drift of stack {path} is being detected");
        }

        IReadOnlyList<StackResourceDrift> drifts;
        try
        {
            drifts = await Drifts(cloudFormation, id);
        }
        catch (AmazonCloudFormationException refusal) when (refusal.ErrorCode == "ValidationError")
        {
            // A value with a control character, for example: "The response contains control characters or otherwise invalid characters",
            // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1601
            return [Unreadable(path, refusal.Message)];
        }

        if (
            status.DriftedStackResourceCount is > 0
            && drifts.All(drift => drift.StackResourceDriftStatus == StackResourceDriftStatus.UNKNOWN)
        )
        {
            throw new NotYetException($"the drift of stack {path} is described as it was before");
        }

        // It may have failed without a resource to blame.
        return status.DetectionStatus == StackDriftDetectionStatus.DETECTION_FAILED && drifts.Count == 0
            ? [Unreadable(path, status.DetectionStatusReason ?? "the detection failed without a reason")]
            : [.. drifts.Select(drift => Resource(path, drift))];
    }

    private static async Task<DescribeStackDriftDetectionStatusResponse?> Status(IAmazonCloudFormation cloudFormation, string detection)
    {
        try
        {
            return await cloudFormation.DescribeStackDriftDetectionStatusAsync(
                new DescribeStackDriftDetectionStatusRequest { StackDriftDetectionId = detection }
            );
        }
        catch (AmazonCloudFormationException refusal) when (refusal.ErrorCode == "ValidationError")
        {
            return null;
        }
    }

    private static async Task<List<StackResourceDrift>> Drifts(IAmazonCloudFormation cloudFormation, string stack)
    {
        return await Pages.All(
            next =>
                cloudFormation.DescribeStackResourceDriftsAsync(
                    new DescribeStackResourceDriftsRequest
                    {
                        StackName = stack,
                        StackResourceDriftStatusFilters = [.. Statuses],
                        NextToken = next,
                    }
                ),
            answer => answer.StackResourceDrifts,
            answer => answer.NextToken
        );
    }

    private static DriftedResource Unreadable(string path, string reason) =>
        new(path, "the stack", NestedStack, DriftedResource.Unknown, CauseText.Shorten(reason, MostOfValue), []);

    private static DriftedResource Resource(string path, StackResourceDrift drift) =>
        new(
            path,
            drift.LogicalResourceId,
            drift.ResourceType,
            drift.StackResourceDriftStatus == StackResourceDriftStatus.DELETED ? DriftedResource.Deleted
                : drift.StackResourceDriftStatus == StackResourceDriftStatus.MODIFIED ? DriftedResource.Modified
                : DriftedResource.Unknown,
            drift.DriftStatusReason is { } reason ? CauseText.Shorten(reason, MostOfValue) : null,
            [
                .. (drift.PropertyDifferences ?? []).Select(difference => new DriftedProperty(
                    difference.PropertyPath,
                    difference.DifferenceType == DifferenceType.ADD ? null : Value(difference.PropertyPath, difference.ExpectedValue),
                    difference.DifferenceType == DifferenceType.REMOVE ? null : Value(difference.PropertyPath, difference.ActualValue)
                )
                {
                    Mark = Names.Digest($"{path}/{drift.LogicalResourceId}{difference.PropertyPath}\n{difference.ActualValue}"),
                }),
            ]
        );

    private static string Value(string path, string? value) =>
        SecretNames.Any(name => path.Contains(name, StringComparison.OrdinalIgnoreCase))
            ? CauseText.Hidden
            : CauseText.Shorten(value ?? string.Empty, MostOfValue);

    private static DriftedResource Hidden(DriftedResource resource, SecretValues secrets, SecretProperties hidden) =>
        resource with
        {
            Reason = resource.Reason is null ? null : secrets.Hide(resource.Reason),
            Properties =
            [
                .. resource.Properties.Select(property =>
                    hidden.Hides(resource.Resource, property.Path) ? Hidden(property) : Hidden(property, secrets)
                ),
            ],
        };

    /// <summary>Where one of the two is a secret, the other is one that nobody knows of.</summary>
    private static DriftedProperty Hidden(DriftedProperty property, SecretValues secrets) =>
        secrets.Hide(property.Expected ?? string.Empty) == (property.Expected ?? string.Empty)
        && secrets.Hide(property.Actual ?? string.Empty) == (property.Actual ?? string.Empty)
            ? property
            : Hidden(property);

    private static DriftedProperty Hidden(DriftedProperty property) =>
        property with
        {
            Expected = property.Expected is null ? null : CauseText.Hidden,
            Actual = property.Actual is null ? null : CauseText.Hidden,
        };
}
