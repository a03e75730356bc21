namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>A stack's statuses, named as CloudFormation names them.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html</summary>
public enum StackStatus
{
    CREATE_IN_PROGRESS,
    CREATE_FAILED,
    CREATE_COMPLETE,
    ROLLBACK_IN_PROGRESS,
    ROLLBACK_FAILED,
    ROLLBACK_COMPLETE,
    DELETE_IN_PROGRESS,
    DELETE_FAILED,
    DELETE_COMPLETE,
    UPDATE_IN_PROGRESS,
    UPDATE_COMPLETE_CLEANUP_IN_PROGRESS,
    UPDATE_COMPLETE,
    UPDATE_FAILED,
    UPDATE_ROLLBACK_IN_PROGRESS,
    UPDATE_ROLLBACK_FAILED,
    UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS,
    UPDATE_ROLLBACK_COMPLETE,
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

    /// <summary>The resources and outputs are those of the stack's last definition, after a create or update that went well.</summary>
    public static bool IsSuccess(this StackStatus status) => status is StackStatus.CREATE_COMPLETE or StackStatus.UPDATE_COMPLETE;
}

/// <summary>A resource's statuses. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResource.html</summary>
public enum ResourceStatus
{
    CREATE_IN_PROGRESS,
    CREATE_FAILED,
    CREATE_COMPLETE,
    UPDATE_IN_PROGRESS,
    UPDATE_FAILED,
    UPDATE_COMPLETE,
    DELETE_IN_PROGRESS,
    DELETE_FAILED,
    DELETE_COMPLETE,
    DELETE_SKIPPED,
}
