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
        new(nameof(TransactorUnsteadyException), Remedy.Rollback) { SubjectIn = Before, OtherIn = Other },
    ];

    /// <summary>What a cause says where the release before may not read the storage any more.</summary>
    internal const string NoWayBack = "there is no way back to the release before: ";

    /// <summary>What a cause says where somebody has ended a part of a pair: a deployment starts it, and a redrive only watches.</summary>
    internal const string SetToNothing = "was set to 0 by somebody";

    private static Remedy? Other(string cause) =>
        cause.Split('\n')[0] is var first && first.Contains(SetToNothing, StringComparison.Ordinal) ? Remedy.Deploy
        : first.Contains(NoWayBack, StringComparison.Ordinal) ? Remedy.LookAgain
        : null;

    private static string? Before(string? cause) => RollbackHint.RevisionIn(cause?.Split('\n')[0]);
}

/// <summary>The new transactor did not come to stand by; the message says why, what was put back and what runs now.</summary>
public sealed class StandbyFailedException(string message) : DeployerException(message);

/// <summary>The active transactor was not replaced as it should; the message says why, what was put back and what runs now.</summary>
public sealed class TakeoverFailedException(string message) : DeployerException(message);

/// <summary>The transactors were replaced and did not stay as they should be while they were watched.</summary>
public sealed class TransactorUnsteadyException(string message) : DeployerException(message);
