namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>One event of a stack. Kept in the table <c>cloudformation/events</c> under the stack's key and a running number.</summary>
public sealed record StackEvent(
    string EventId,
    string StackId,
    string StackName,
    string LogicalId,
    string? PhysicalId,
    string ResourceType,
    DateTimeOffset Timestamp,
    string Status
)
{
    /// <summary>Why the state was reached.</summary>
    public string? Reason { get; init; }

    /// <summary>The resource's properties as JSON.</summary>
    public string? Properties { get; init; }

    /// <summary>The client request token of the operation.</summary>
    public string? Token { get; init; }

    /// <summary>The operation that the event belongs to.</summary>
    public string? OperationId { get; init; }

    /// <summary>Something failed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFailure =>
        Status is "CREATE_FAILED" or "UPDATE_FAILED" or "DELETE_FAILED" or "ROLLBACK_FAILED" or "UPDATE_ROLLBACK_FAILED";
}
