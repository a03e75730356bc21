using System.Runtime.CompilerServices;

namespace Deployer.Cdk;

/// <summary>The files of the product that stacks are made of.</summary>
internal static class Product
{
    /// <summary>The folder with <c>template.yaml</c>, <c>templates</c> and <c>statemachines</c>: the repository.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), ".."));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
