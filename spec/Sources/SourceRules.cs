namespace Deployer.Spec.Sources;

/// <summary>What belongs to a service's source, alike on disk and in a zip, so that both have the same digest.</summary>
internal static class SourceRules
{
    public static bool IsGitsOwn(string segment) => segment == ".git";
}
