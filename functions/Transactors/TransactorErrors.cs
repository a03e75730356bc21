using Deployer.Functions.Errors;

namespace Deployer.Functions.Transactors;

/// <summary>What helps after each failure of a transactor step.</summary>
internal static class TransactorErrors
{
    /// <summary>Each error with its remedy.</summary>
    public static IReadOnlyList<ErrorRemedy> Remedies { get; } =
    [
        new(nameof(StandbyFailedException), Remedy.RedriveOrCorrect),
        new(nameof(TakeoverFailedException), Remedy.RedriveOrCorrect),
        // The files are right, and nothing of the release before can be brought back.
        new(nameof(TakeoverFailedNoWayBackException), Remedy.Redrive),
        new(nameof(TransactorUnsteadyException), Remedy.Rollback),
        new(nameof(TransactorUnsteadyNoWayBackException), Remedy.LookAgain),
        // It begins with whatever is next, and raises what was turned off.
        new(nameof(TransactorCountChangedException), Remedy.Redrive),
        new(nameof(TransactorOvertakenException), Remedy.Redrive),
        // A deployment starts it, and a redrive only watches.
        new(nameof(TransactorTurnedOffException), Remedy.Deploy),
        new(nameof(TransactorReplacedException), Remedy.Deploy),
    ];
}

/// <summary>The new transactor did not come to stand by; the message says why, what was put back and what runs now.</summary>
public sealed class StandbyFailedException(string message) : DeployerException(message);

/// <summary>The active transactor was not replaced as it should; the message says why, what was put back and what runs now.</summary>
public sealed class TakeoverFailedException(string message) : DeployerException(message);

/// <summary>
/// The active transactor has ended and none took over, where the release before may not be able to read the storage any more: nothing was
/// put back, and nothing can be written.
/// </summary>
public sealed class TakeoverFailedNoWayBackException(string message) : DeployerException(message);

/// <summary>
/// Somebody has set the desired count of a service while its transactor was replaced or ended: nothing was put back, since the release was
/// not at fault.
/// </summary>
public sealed class TransactorCountChangedException(string message) : DeployerException(message);

/// <summary>
/// Another deployment of a service took the place of the step's while its transactor was replaced: nothing was put back over it.
/// </summary>
public sealed class TransactorOvertakenException(string message) : DeployerException(message);

/// <summary>The transactors were replaced and did not stay as they should be while they were watched.</summary>
public sealed class TransactorUnsteadyException(string message) : DeployerException(message);

/// <summary>The same, where the release before may not be able to read the storage any more.</summary>
public sealed class TransactorUnsteadyNoWayBackException(string message) : DeployerException(message);

/// <summary>Somebody has set the desired count of a part that was to run to 0 while the transactors were watched.</summary>
public sealed class TransactorTurnedOffException(string message) : DeployerException(message);

/// <summary>
/// Another deployment took the place of what was deployed while the transactors were watched, or somebody has raised the part of a single
/// one that the roll had dropped: nothing is put back, since the release was not at fault.
/// </summary>
public sealed class TransactorReplacedException(string message) : DeployerException(message);
