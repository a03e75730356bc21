namespace Deployer.Rehearsal.CloudFormation.Drifts;

/// <summary>A drift detection of a stack, kept in the table <c>cloudformation/drifts</c> under its id.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StackId">The stack.</param>
/// <param name="Begun">When it was asked for.</param>
/// <param name="Due">When it is complete.</param>
/// <param name="Resources">What it found of the resources that could be read.</param>
internal sealed record DriftDetection(
    string Id,
    string StackId,
    DateTimeOffset Begun,
    DateTimeOffset Due,
    IReadOnlyList<ResourceDrift> Resources
);

/// <summary>What was found of a resource.</summary>
/// <param name="LogicalId">The resource in the stack.</param>
/// <param name="PhysicalId">Its physical id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Status">IN_SYNC, MODIFIED, DELETED or UNKNOWN.</param>
/// <param name="Reason">Why its status is UNKNOWN.</param>
/// <param name="Differences">The properties that differ.</param>
internal sealed record ResourceDrift(
    string LogicalId,
    string PhysicalId,
    string Type,
    string Status,
    string? Reason,
    IReadOnlyList<DriftDifference> Differences
);

/// <summary>A property that differs.</summary>
/// <param name="Path">Where it is, with a slash before each name.</param>
/// <param name="Expected">What the template says; empty for what was added.</param>
/// <param name="Actual">What it is; empty for what was removed.</param>
/// <param name="Type">ADD, REMOVE or NOT_EQUAL.</param>
internal sealed record DriftDifference(string Path, string Expected, string Actual, string Type);
