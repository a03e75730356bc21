namespace Deployer.Rehearsal.Accounts;

/// <summary>What became of the accounts when they were opened, a sentence each.</summary>
/// <param name="Applied">The changes of the accounts file and its templates that kept accounts have taken over.</param>
/// <param name="Left">Those that they have not.</param>
public sealed record AccountPreparation(IReadOnlyList<string> Applied, IReadOnlyList<string> Left)
{
    /// <summary>Nothing was changed.</summary>
    public static AccountPreparation None { get; } = new([], []);

    /// <summary>All of it, for a person.</summary>
    public IEnumerable<string> Sentences => Applied.Concat(Left);
}
