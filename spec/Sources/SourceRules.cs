namespace Deployer.Spec.Sources;

/// <summary>What belongs to a service's source, alike on disk and in a zip, so that both have the same digest.</summary>
internal static class SourceRules
{
    private const string StateJournal = "journal";
    private const string StateLock = "lock";

    public static bool IsGitsOwn(string segment) => segment == ".git";

    /// <summary>Whether a folder is one in which rehearsed accounts are kept (<c>--state</c>): it is no part of a service.</summary>
    public static bool IsRehearsalState(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, StateJournal)) && File.Exists(Path.Combine(folder.FullName, StateLock));
}
