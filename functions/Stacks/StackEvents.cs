using System.Text.Json.Serialization;
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
}

/// <summary>The detail of "CloudFormation Stack Status Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html</remarks>
/// <param name="StackId">The stack's id.</param>
internal sealed record StackStatusDetail([property: JsonPropertyName("stack-id")] string? StackId);

/// <summary>How details of CloudFormation's events are read.</summary>
[JsonSerializable(typeof(StackStatusDetail))]
internal sealed partial class StackEventDocuments : JsonSerializerContext;
