namespace Deployer.Cli.Tests;

/// <summary>The files that the tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Example => Path.Combine(Root, "examples", "inventory");

    private static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Deployer.sln")) ? folder.FullName : Find(folder.Parent!);
}
