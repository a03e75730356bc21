using System.Text.Json.Serialization;
using Amazon.CloudFormation;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>The events of CloudFormation.</summary>
public static class StackEvents
{
    /// <summary>What became of a stack.</summary>
    public static readonly EventSource Source = EventSource.WithDetail(
        "aws.cloudformation",
        StackEventDocuments.Default.StackStatusDetail,
        detail => detail.StackId
    );

    /// <summary>
    /// The same for a task whose heartbeat is minutes, and whose state tries again what is not described yet: what has ended is looked for
    /// again. A rollback that failed is no end, since it is continued.
    /// </summary>
    public static readonly EventSource Ends = EventSource.WithDetail(
        "aws.cloudformation",
        StackEventDocuments.Default.StackStatusDetail,
        detail => detail.StackId,
        detail => detail.StatusDetails?.Status is { } status && new StackStatus(status).Ended is StackEnd.Succeeded or StackEnd.Failed
    );

    // A stack without a template or resources, whose first change set is made: nothing that is deployed becomes another by it.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
    private const string Review = "REVIEW_IN_PROGRESS";

    /// <summary>What became of a stack, by which operation.</summary>
    public static readonly WatchedSource Watched = WatchedSource.WithDetail(
        "aws.cloudformation",
        StackEventDocuments.Default.StackStatusDetail,
        (_, detail) =>
            detail is { StackId: { } stack, StatusDetails.Status: { } status and not Review }
                ? new OutsideEvent(OwningStacks.Watched(stack), status, detail.Token is { Length: > 0 } token ? token : null)
                : null
    );
}

/// <summary>The detail of "CloudFormation Stack Status Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html</remarks>
/// <param name="StackId">The stack's id.</param>
/// <param name="StatusDetails">What it came to.</param>
/// <param name="Token">The client request token of the operation; empty where it was begun without one.</param>
internal sealed record StackStatusDetail(
    [property: JsonPropertyName("stack-id")] string? StackId,
    [property: JsonPropertyName("status-details")] StackStatusDetails? StatusDetails = null,
    [property: JsonPropertyName("client-request-token")] string? Token = null
);

/// <summary>What a stack came to.</summary>
/// <param name="Status">Its status.</param>
internal sealed record StackStatusDetails([property: JsonPropertyName("status")] string? Status);

/// <summary>How details of CloudFormation's events are read.</summary>
[JsonSerializable(typeof(StackStatusDetail))]
internal sealed partial class StackEventDocuments : JsonSerializerContext;
