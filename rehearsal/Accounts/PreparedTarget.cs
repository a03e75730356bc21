namespace Deployer.Rehearsal.Accounts;

/// <summary>What was brought into the accounts for a target, kept in the table <c>prepared</c> under the target's name.</summary>
/// <param name="Account">The target's account.</param>
/// <param name="Deployer">The version of the installed deployer; state of earlier versions does not name it.</param>
/// <param name="Stacks">
/// What the stacks of the accounts file were last made from, by account, region and name; state of earlier versions does not say.
/// </param>
/// <param name="Ions">The ion revisions of the accounts file, as a digest; state of earlier versions does not say.</param>
internal sealed record PreparedTarget(
    string Account,
    string? Deployer = null,
    Dictionary<string, PreparedStack>? Stacks = null,
    string? Ions = null
);

/// <summary>What a stack of the accounts file was last made from.</summary>
/// <param name="Digest">Its template and its parameters, as a digest.</param>
/// <param name="Updated">When it was last updated then: a later update is somebody else's.</param>
internal sealed record PreparedStack(string Digest, DateTimeOffset? Updated);
