using Amazon.CloudFormation;

namespace Deployer.Functions.Stacks;

/// <summary>What a stack's status means. Every status is named in exactly one of the sets; nothing is guessed from its spelling.</summary>
public static class StackStatuses
{
    private static readonly HashSet<StackStatus> Successes =
        [StackStatus.CREATE_COMPLETE, StackStatus.UPDATE_COMPLETE, StackStatus.IMPORT_COMPLETE];

    private static readonly HashSet<StackStatus> InProgress =
    [
        StackStatus.CREATE_IN_PROGRESS, StackStatus.ROLLBACK_IN_PROGRESS, StackStatus.DELETE_IN_PROGRESS, StackStatus.UPDATE_IN_PROGRESS,
        StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS, StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
        StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS, StackStatus.IMPORT_IN_PROGRESS, StackStatus.IMPORT_ROLLBACK_IN_PROGRESS,
    ];

    private static readonly HashSet<StackStatus> NeverCreated =
        [StackStatus.ROLLBACK_COMPLETE, StackStatus.CREATE_FAILED, StackStatus.ROLLBACK_FAILED];

    private static readonly HashSet<StackStatus> Failures =
    [
        StackStatus.CREATE_FAILED, StackStatus.ROLLBACK_FAILED, StackStatus.ROLLBACK_COMPLETE, StackStatus.DELETE_FAILED, StackStatus.DELETE_COMPLETE,
        StackStatus.UPDATE_FAILED, StackStatus.UPDATE_ROLLBACK_FAILED, StackStatus.UPDATE_ROLLBACK_COMPLETE, StackStatus.IMPORT_ROLLBACK_FAILED,
        StackStatus.IMPORT_ROLLBACK_COMPLETE,
    ];

    extension(StackStatus status)
    {
        /// <summary>The wanted state is reached and the stack can be updated.</summary>
        public bool IsSuccess => Successes.Contains(status);

        /// <summary>CloudFormation is at work; the stack cannot be updated yet.</summary>
        public bool IsInProgress => InProgress.Contains(status);

        /// <summary>An operation ended without reaching the wanted state.</summary>
        public bool IsFailure => Failures.Contains(status);

        /// <summary>The first creation failed: the stack can only be deleted.</summary>
        public bool WasNeverCreated => NeverCreated.Contains(status);

        /// <summary>A first change set is being reviewed; there is no stack yet.</summary>
        public bool IsInReview => status == StackStatus.REVIEW_IN_PROGRESS;
    }
}
