namespace Deployer.Functions.Errors;

/// <summary>The command that brings back what was deployed before, as causes name it.</summary>
internal static class RollbackHint
{
    /// <summary>The command for a revision.</summary>
    public static string Command(string revision) => $"deployer rollback --to {revision}";
}
