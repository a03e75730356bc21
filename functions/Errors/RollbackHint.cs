namespace Deployer.Functions.Errors;

/// <summary>The command that brings back what was deployed before, as causes name it.</summary>
internal static class RollbackHint
{
    /// <summary>What stands before the revision.</summary>
    public const string Command = "deployer rollback --to ";

    /// <summary>The revision that a text names as the way back; what is copied from elsewhere stands before it.</summary>
    /// <returns><see langword="null"/> where it names none.</returns>
    public static string? RevisionIn(string? text) =>
        text is not null && text.LastIndexOf(Command, StringComparison.Ordinal) is >= 0 and var at
            ? text[(at + Command.Length)..].Split(' ', ';', ',', '\n')[0]
            : null;
}
