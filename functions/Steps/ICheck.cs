namespace Deployer.Functions.Steps;

/// <summary>
/// Looks at one thing that a deployment needs, and changes nothing. Checks run in the order in which they are registered; one that fails
/// hides no other.
/// </summary>
public interface ICheck
{
    /// <summary>The check's name, in lower case with dashes.</summary>
    string Name { get; }

    /// <summary>Whether it looks into the target's account, and can say nothing where that cannot be entered.</summary>
    bool NeedsTarget => true;

    /// <summary>Looks.</summary>
    /// <param name="run">What is checked.</param>
    Task<IReadOnlyList<CheckResult>> Run(CheckRun run);
}

/// <summary>A check of something that takes its time: it is begun, and looked at until it has ended or is given up.</summary>
public interface IWaitingCheck
{
    /// <summary>The check's name, in lower case with dashes.</summary>
    string Name { get; }

    /// <inheritdoc cref="ICheck.NeedsTarget"/>
    bool NeedsTarget { get; }

    /// <summary>How many seconds it is waited for, by the clock of who asked for the checks.</summary>
    int Patience { get; }

    /// <summary>Begins.</summary>
    /// <param name="run">What is checked.</param>
    /// <returns>By what it is found again; <see langword="null"/> when there is nothing to check.</returns>
    Task<string?> Begin(CheckRun run);

    /// <summary>Looks whether it has ended.</summary>
    /// <param name="run">What is checked.</param>
    /// <param name="begun">What <see cref="Begin"/> answered.</param>
    /// <param name="isGivenUp">Whether its time is over.</param>
    /// <returns><see langword="null"/> when it has not ended yet.</returns>
    Task<CheckResult?> ReadBegun(CheckRun run, string begun, bool isGivenUp);
}
