namespace Deployer.Tests;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Its full path.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The service that README rehearses.</summary>
    public static string Example { get; } = At("examples/inventory");

    /// <summary>The full path of a file or folder in it.</summary>
    /// <param name="path">A path from the repository's root, with slashes.</param>
    public static string At(string path) => Path.Combine([Root, .. path.Split('/')]);

    /// <summary>The text of a file of it.</summary>
    /// <param name="path">A path from the repository's root, with slashes.</param>
    public static string Text(string path) => File.ReadAllText(At(path));

    /// <summary>
    /// The full path of what is beside the checkout, in <c>shared</c>, and is no part of the repository; <see langword="null"/> where it
    /// is absent.
    /// </summary>
    /// <param name="path">A path from <c>shared</c>, with slashes.</param>
    public static string? Shared(string path)
    {
        for (var folder = new DirectoryInfo(Root); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine([folder.FullName, "shared", .. path.Split('/')]) is var there && Path.Exists(there))
            {
                return there;
            }
        }

        return null;
    }

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new DirectoryNotFoundException("the tests run outside of the repository")
        : File.Exists(Path.Combine(folder.FullName, "Deployer.sln")) ? folder.FullName
        : Find(folder.Parent);
}
