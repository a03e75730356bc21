using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>What is done to a stack.</summary>
public enum OperationKind
{
    /// <summary>A creation.</summary>
    CREATE_STACK,

    /// <summary>An update.</summary>
    UPDATE_STACK,

    /// <summary>A deletion.</summary>
    DELETE_STACK,

    /// <summary>A rollback that was asked for.</summary>
    ROLLBACK,

    /// <summary>A failed rollback that was taken up again.</summary>
    CONTINUE_ROLLBACK,
}

/// <summary>How far an operation is.</summary>
public enum OperationPhase
{
    /// <summary>Resources are created, updated, replaced.</summary>
    Apply,

    /// <summary>After a good update, what is no longer wanted is deleted.</summary>
    Cleanup,

    /// <summary>After a failed update, resources get their former properties back.</summary>
    Revert,

    /// <summary>After that, what the update had created is deleted.</summary>
    RevertCleanup,

    /// <summary>The stack is deleted, or what a failed creation made.</summary>
    Remove,
}

/// <summary>What becomes of a stack whose creation fails.</summary>
public enum OnFailure
{
    /// <summary>What was done is undone.</summary>
    ROLLBACK,

    /// <summary>The stack is deleted.</summary>
    DELETE,

    /// <summary>The stack stays as it is.</summary>
    DO_NOTHING,
}

/// <summary>A running operation on a stack.</summary>
public sealed class OperationRecord
{
    /// <summary>What makes the operation unique.</summary>
    public required string Id { get; init; }

    /// <summary>What is done.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public OperationPhase Phase { get; set; }

    /// <summary>The client request token, stamped on every event.</summary>
    public string? Token { get; init; }

    /// <summary>Whose permissions the resource calls use.</summary>
    public required Principal Principal { get; init; }

    /// <summary>What an update makes of the stack.</summary>
    public StackDefinition? Target { get; init; }

    /// <summary>What follows a failure.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>What is done to the resources in this phase.</summary>
    public Dictionary<string, Step> Steps { get; set; } = [];

    /// <summary>The resources before the operation.</summary>
    public Dictionary<string, ResourceRecord> Before { get; init; } = [];

    /// <summary>Physical resources to delete when the update has succeeded.</summary>
    public List<ResourceRecord> Obsolete { get; set; } = [];

    /// <summary>Physical resources to delete when the update was rolled back.</summary>
    public List<ResourceRecord> Made { get; set; } = [];

    /// <summary>Resources that a deletion or a continued rollback leaves as they are.</summary>
    public List<string> Skipped { get; init; } = [];

    /// <summary>Why the operation failed, as the stack's status reason says it.</summary>
    public string? Cause { get; set; }

    /// <summary>A nested stack's cleanup waits for the outer stack to succeed.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The step that a fault strikes, and the fault's name.</summary>
    public string? FaultAt { get; set; }

    /// <summary>The fault that strikes the operation.</summary>
    public string? Fault { get; set; }

    /// <summary>The operation as it is now; its progress by resource is this one's.</summary>
    internal OperationRecord Copy() => (OperationRecord)MemberwiseClone();
}

/// <summary>What is done to one resource.</summary>
public enum StepAction
{
    /// <summary>The resource is created.</summary>
    Create,

    /// <summary>The resource is changed in place.</summary>
    Update,

    /// <summary>The resource is deleted.</summary>
    Delete,

    /// <summary>A former state is given back.</summary>
    Restore,

    /// <summary>A nested stack may clean up.</summary>
    Release,
}

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>It waits for other steps.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It has failed.</summary>
    Failed,
}
