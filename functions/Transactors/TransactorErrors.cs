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
        // Once they are steady; the revision before is brought back by a rollback.
        new(nameof(TransactorUnsteadyException), Remedy.Redrive),
    ];
}

/// <summary>The new transactor did not come to stand by; the message says why, what was put back and what runs now.</summary>
public sealed class StandbyFailedException(string message) : DeployerException(message);

/// <summary>The active transactor was not replaced as it should; the message says why, what was put back and what runs now.</summary>
public sealed class TakeoverFailedException(string message) : DeployerException(message);

/// <summary>The transactors were replaced and did not stay as they should be while they were watched.</summary>
public sealed class TransactorUnsteadyException(string message) : DeployerException(message);
