using System.IO.Compression;

namespace Deployer.Spec.Sources;

/// <summary>Writes a service's files as a zip that depends on their paths and contents only.</summary>
public static class SourceZip
{
    // The oldest moment that a zip can hold.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A regular file that everybody may read, as Unix programs write it in the upper half of the attributes.
    private const int Attributes = 0x81A4 << 16;

    // Lambda runs what a custom runtime's package calls bootstrap, and a source does not keep who may run what.
    private const int ExecutableAttributes = 0x81ED << 16;

    /// <summary>Writes every file of the folder.</summary>
    public static void Write(ISourceFolder folder, Stream zip) =>
        Write(folder, folder.Files.Select(path => (path, path.Value)), Attributes, zip);

    /// <summary>
    /// Writes a part of the folder as a package of code: the files below a folder under their paths within it, or one file under its
    /// name.
    /// </summary>
    public static void WritePart(ISourceFolder folder, RelativePath part, Stream zip)
    {
        var prefix = part == RelativePath.Root ? "" : $"{part.Value}/";
        var files = folder.HasFile(part)
            ? [(part, Path.GetFileName(part.Value))]
            : folder
                .Files.Where(path => path.Value.StartsWith(prefix, StringComparison.Ordinal))
                .Select(path => (path, path.Value[prefix.Length..]));
        Write(folder, files, ExecutableAttributes, zip);
    }

    private static void Write(ISourceFolder folder, IEnumerable<(RelativePath Path, string Name)> files, int attributes, Stream zip)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (path, name) in files)
        {
            var entry = archive.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = Timestamp;
            entry.ExternalAttributes = attributes;
            using var stream = entry.Open();
            using var content = folder.Open(path) ?? throw new IOException($"The file {path} went away while its folder was read.");
            content.CopyTo(stream);
        }
    }
}
