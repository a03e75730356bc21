namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>A stack's statuses, named as CloudFormation names them.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html</summary>
public enum StackStatus
{
    /// <summary>The creation runs.</summary>
    CREATE_IN_PROGRESS,

    /// <summary>The creation has failed.</summary>
    CREATE_FAILED,

    /// <summary>The creation is done.</summary>
    CREATE_COMPLETE,

    /// <summary>The rollback of a creation runs.</summary>
    ROLLBACK_IN_PROGRESS,

    /// <summary>The rollback of a creation has failed.</summary>
    ROLLBACK_FAILED,

    /// <summary>The rollback of a creation is done.</summary>
    ROLLBACK_COMPLETE,

    /// <summary>The deletion runs.</summary>
    DELETE_IN_PROGRESS,

    /// <summary>The deletion has failed.</summary>
    DELETE_FAILED,

    /// <summary>The deletion is done.</summary>
    DELETE_COMPLETE,

    /// <summary>The update runs.</summary>
    UPDATE_IN_PROGRESS,

    /// <summary>The update is done, and what it replaced is being deleted.</summary>
    UPDATE_COMPLETE_CLEANUP_IN_PROGRESS,

    /// <summary>The update is done.</summary>
    UPDATE_COMPLETE,

    /// <summary>The update has failed.</summary>
    UPDATE_FAILED,

    /// <summary>The rollback of an update runs.</summary>
    UPDATE_ROLLBACK_IN_PROGRESS,

    /// <summary>The rollback of an update has failed.</summary>
    UPDATE_ROLLBACK_FAILED,

    /// <summary>The rollback of an update is done, and what the update had created is being deleted.</summary>
    UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS,

    /// <summary>The rollback of an update is done.</summary>
    UPDATE_ROLLBACK_COMPLETE,

    /// <summary>Only a change set exists.</summary>
    REVIEW_IN_PROGRESS,
}

/// <summary>What may be asked of a stack in a status.</summary>
public static class StackStatuses
{
    /// <summary>An update or an update's change set may begin.</summary>
    public static bool CanBeUpdated(this StackStatus status) =>
        status
            is StackStatus.CREATE_COMPLETE
                or StackStatus.UPDATE_COMPLETE
                or StackStatus.UPDATE_ROLLBACK_COMPLETE
                or StackStatus.CREATE_FAILED
                or StackStatus.UPDATE_FAILED;

    /// <summary>A deletion may begin.</summary>
    public static bool CanBeDeleted(this StackStatus status) =>
        status
            is StackStatus.CREATE_COMPLETE
                or StackStatus.UPDATE_COMPLETE
                or StackStatus.UPDATE_ROLLBACK_COMPLETE
                or StackStatus.CREATE_FAILED
                or StackStatus.UPDATE_FAILED
                or StackStatus.ROLLBACK_COMPLETE
                or StackStatus.ROLLBACK_FAILED
                or StackStatus.DELETE_FAILED
                or StackStatus.UPDATE_ROLLBACK_FAILED
                or StackStatus.REVIEW_IN_PROGRESS
                or StackStatus.CREATE_IN_PROGRESS;
}

/// <summary>A resource's statuses. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResource.html</summary>
public enum ResourceStatus
{
    /// <summary>The creation runs.</summary>
    CREATE_IN_PROGRESS,

    /// <summary>The creation has failed.</summary>
    CREATE_FAILED,

    /// <summary>The creation is done.</summary>
    CREATE_COMPLETE,

    /// <summary>The update runs.</summary>
    UPDATE_IN_PROGRESS,

    /// <summary>The update has failed.</summary>
    UPDATE_FAILED,

    /// <summary>The update is done.</summary>
    UPDATE_COMPLETE,

    /// <summary>The deletion runs.</summary>
    DELETE_IN_PROGRESS,

    /// <summary>The deletion has failed.</summary>
    DELETE_FAILED,

    /// <summary>The deletion is done.</summary>
    DELETE_COMPLETE,

    /// <summary>The resource outlives its stack.</summary>
    DELETE_SKIPPED,
}
