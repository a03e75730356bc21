namespace Deployer.Rehearsal.Accounts;

/// <summary>What the accounts file says otherwise than kept accounts hold.</summary>
/// <param name="Stacks">The stacks to make and to update, in the order of the file.</param>
/// <param name="Left">What is left as it is, and why, a sentence each.</param>
/// <param name="Kept">
/// What stacks were last made from, those to make and to update aside; <see langword="null"/> where an earlier version made them, and the
/// accounts do not take changes over now.
/// </param>
/// <param name="Ions">The ion revisions that the accounts began with, as a digest.</param>
internal sealed record AccountChanges(
    IReadOnlyList<AccountChange> Stacks,
    IReadOnlyList<string> Left,
    Dictionary<string, PreparedStack>? Kept,
    string? Ions
);

/// <summary>A stack to make or to update.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="IsNew">Whether it is to be made.</param>
internal sealed record AccountChange(AccountStack Stack, bool IsNew);
