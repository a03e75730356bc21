namespace Deployer.Tests;

/// <summary>Folders with all that is in them.</summary>
internal static class Folders
{
    /// <summary>Copies a folder's files and folders into another one, which need not be there; files of the same names are replaced.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
