using Amazon.CloudFormation;

namespace Deployer.Functions.Stacks;

/// <summary>What is done about a stack as it is found, before this deployment has begun anything on it.</summary>
public enum StackFound
{
    /// <summary>It can be updated.</summary>
    Update,

    /// <summary>There is no stack any more; it can be created.</summary>
    Create,

    /// <summary>Somebody's operation runs, or cleans up; it is waited for.</summary>
    Wait,

    /// <summary>A rollback got stuck; it is continued.</summary>
    ContinueRollback,

    /// <summary>An update stopped halfway because its rollback was switched off; it is rolled back.</summary>
    RollBack,

    /// <summary>It was never created; it is removed when nothing is left in it.</summary>
    Remove,

    /// <summary>A person has to look at it.</summary>
    Refuse,
}

/// <summary>How this deployment's own operation on a stack stands.</summary>
public enum StackEnd
{
    /// <summary>It still runs.</summary>
    Running,

    /// <summary>The stack is as its template says.</summary>
    Succeeded,

    /// <summary>It failed, and so did its rollback.</summary>
    RollbackFailed,

    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>
/// What a stack's status means, each named once; nothing is guessed from its spelling. A status that is not known here is refused.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
/// </summary>
public static class StackStatuses
{
    private static readonly Dictionary<StackStatus, (StackFound Found, StackEnd Ended)> Meanings = new()
    {
        [StackStatus.CREATE_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.CREATE_FAILED] = (StackFound.Remove, StackEnd.Failed),
        [StackStatus.CREATE_COMPLETE] = (StackFound.Update, StackEnd.Succeeded),
        [StackStatus.ROLLBACK_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.ROLLBACK_FAILED] = (StackFound.Remove, StackEnd.Failed),
        [StackStatus.ROLLBACK_COMPLETE] = (StackFound.Remove, StackEnd.Failed),
        [StackStatus.DELETE_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.DELETE_FAILED] = (StackFound.Refuse, StackEnd.Failed),
        [StackStatus.DELETE_COMPLETE] = (StackFound.Create, StackEnd.Failed),
        [StackStatus.UPDATE_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.UPDATE_COMPLETE_CLEANUP_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.UPDATE_COMPLETE] = (StackFound.Update, StackEnd.Succeeded),
        [StackStatus.UPDATE_FAILED] = (StackFound.RollBack, StackEnd.Failed),
        [StackStatus.UPDATE_ROLLBACK_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.UPDATE_ROLLBACK_FAILED] = (StackFound.ContinueRollback, StackEnd.RollbackFailed),
        [StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.UPDATE_ROLLBACK_COMPLETE] = (StackFound.Update, StackEnd.Failed),
        [StackStatus.REVIEW_IN_PROGRESS] = (StackFound.Remove, StackEnd.Running),
        [StackStatus.IMPORT_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.IMPORT_COMPLETE] = (StackFound.Update, StackEnd.Succeeded),
        [StackStatus.IMPORT_ROLLBACK_IN_PROGRESS] = (StackFound.Wait, StackEnd.Running),
        [StackStatus.IMPORT_ROLLBACK_FAILED] = (StackFound.Refuse, StackEnd.Failed),
        [StackStatus.IMPORT_ROLLBACK_COMPLETE] = (StackFound.Update, StackEnd.Failed),
    };

    private static readonly HashSet<StackStatus> Rollbacks =
    [
        StackStatus.ROLLBACK_IN_PROGRESS,
        StackStatus.UPDATE_ROLLBACK_IN_PROGRESS,
        StackStatus.UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS,
        StackStatus.IMPORT_ROLLBACK_IN_PROGRESS,
    ];

    extension(StackStatus status)
    {
        /// <summary>What is done about a stack that is found so.</summary>
        public StackFound Found => Meanings.GetValueOrDefault(status, (StackFound.Refuse, StackEnd.Failed)).Item1;

        /// <summary>Whether the stack goes back after a failure.</summary>
        public bool IsRollback => Rollbacks.Contains(status);

        /// <summary>How an operation of ours stands when its stack is so.</summary>
        public StackEnd Ended => Meanings.GetValueOrDefault(status, (StackFound.Refuse, StackEnd.Failed)).Item2;
    }
}
