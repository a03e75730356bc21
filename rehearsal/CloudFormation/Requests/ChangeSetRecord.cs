using System.Text.Json.Serialization;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>How far a change set's creation is.</summary>
public enum ChangeSetStatus
{
    CREATE_PENDING,
    CREATE_IN_PROGRESS,
    CREATE_COMPLETE,
    FAILED,
}

/// <summary>Whether a change set can be executed, or was.</summary>
public enum ExecutionStatus
{
    UNAVAILABLE,
    AVAILABLE,
    EXECUTE_IN_PROGRESS,
    EXECUTE_COMPLETE,
    EXECUTE_FAILED,
    OBSOLETE,
}

/// <summary>A change set. Kept in the table <c>cloudformation/changesets</c> under its stack's key and its own id.</summary>
public sealed class ChangeSetRecord
{
    public required string StackKey { get; init; }

    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public required string Name { get; init; }

    public required string Uuid { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    [JsonIgnore]
    public string Key => $"{StackKey}/{Uuid}";

    [JsonIgnore]
    public string Id => $"arn:aws:cloudformation:{Region}:{Account}:changeSet/{Name}/{Uuid}";

    /// <summary>It creates the stack.</summary>
    public bool IsCreation { get; init; }

    public ChangeSetStatus Status { get; set; }

    public string? StatusReason { get; set; }

    public ExecutionStatus Execution { get; set; }

    public DateTimeOffset Created { get; init; }

    public string? Description { get; init; }

    public string? Token { get; init; }

    public bool IncludesNested { get; init; }

    /// <summary>The change set of the outer stack that this one belongs to.</summary>
    public string? ParentId { get; init; }

    public string? RootId { get; init; }

    public OnFailure OnFailure { get; init; }

    public required Principal Principal { get; init; }

    public required StackDefinition Definition { get; init; }

    public StackChanges? Changes { get; set; }

    /// <summary>The resource that failed CloudFormation's validation, whose name is taken.</summary>
    public string? Conflict { get; set; }
}
