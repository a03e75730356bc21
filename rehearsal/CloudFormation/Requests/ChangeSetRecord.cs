using System.Text.Json.Serialization;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>How far a change set's creation is.</summary>
public enum ChangeSetStatus
{
    /// <summary>It waits to be computed.</summary>
    CREATE_PENDING,

    /// <summary>Its changes are being computed.</summary>
    CREATE_IN_PROGRESS,

    /// <summary>Its changes are known.</summary>
    CREATE_COMPLETE,

    /// <summary>It could not be made, or has no changes.</summary>
    FAILED,
}

/// <summary>Whether a change set can be executed, or was.</summary>
public enum ExecutionStatus
{
    /// <summary>It cannot be executed.</summary>
    UNAVAILABLE,

    /// <summary>It can be executed.</summary>
    AVAILABLE,

    /// <summary>It is being executed.</summary>
    EXECUTE_IN_PROGRESS,

    /// <summary>It was executed.</summary>
    EXECUTE_COMPLETE,

    /// <summary>Its execution failed.</summary>
    EXECUTE_FAILED,

    /// <summary>The stack was changed in another way since.</summary>
    OBSOLETE,
}

/// <summary>A change set. Kept in the table <c>cloudformation/changesets</c> under its stack's key and its own id.</summary>
public sealed class ChangeSetRecord
{
    /// <summary>The key of the stack's record.</summary>
    public required string StackKey { get; init; }

    /// <summary>The stack's ARN.</summary>
    public required string StackId { get; init; }

    /// <summary>The stack's name.</summary>
    public required string StackName { get; init; }

    /// <summary>The name, one of its stack.</summary>
    public required string Name { get; init; }

    /// <summary>What makes the id unique.</summary>
    public required string Uuid { get; init; }

    /// <summary>The account of the stack.</summary>
    public required string Account { get; init; }

    /// <summary>The region of the stack.</summary>
    public required string Region { get; init; }

    /// <summary>The key of the record.</summary>
    [JsonIgnore]
    public string Key => $"{StackKey}/{Uuid}";

    /// <summary>The change set's ARN.</summary>
    [JsonIgnore]
    public string Id => $"arn:aws:cloudformation:{Region}:{Account}:changeSet/{Name}/{Uuid}";

    /// <summary>It creates the stack.</summary>
    public bool IsCreation { get; init; }

    /// <summary>How far it is.</summary>
    public ChangeSetStatus Status { get; set; }

    /// <summary>Why it failed.</summary>
    public string? StatusReason { get; set; }

    /// <summary>Whether it can be executed.</summary>
    public ExecutionStatus Execution { get; set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The caller's words on it.</summary>
    public string? Description { get; init; }

    /// <summary>The client request token.</summary>
    public string? Token { get; init; }

    /// <summary>Whether the nested stacks have change sets of their own.</summary>
    public bool IncludesNested { get; init; }

    /// <summary>The change set of the outer stack that this one belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The ARN of the outermost change set; null for that one itself.</summary>
    public string? RootId { get; init; }

    /// <summary>What follows a failed execution.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>Whose permissions count.</summary>
    public required Principal Principal { get; init; }

    /// <summary>What the stack is to be made from.</summary>
    public required StackDefinition Definition { get; init; }

    /// <summary>The changes of the resources.</summary>
    public StackChanges? Changes { get; set; }

    /// <summary>The resource that failed CloudFormation's validation, whose name is taken.</summary>
    public string? Conflict { get; set; }
}
