using System.IO.Compression;

namespace Deployer.Spec.Sources;

/// <summary>Writes a service's files as a zip that depends on their paths and contents only.</summary>
public static class SourceZip
{
    // The oldest moment that a zip can hold.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A regular file that everybody may read, as Unix programs write it in the upper half of the attributes.
    private const int Attributes = 0x81A4 << 16;

    /// <summary>Writes every file of the folder.</summary>
    public static void Write(ISourceFolder folder, Stream zip)
    {
        using var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var path in folder.Files)
        {
            var entry = archive.CreateEntry(path.Value, CompressionLevel.Optimal);
            entry.LastWriteTime = Timestamp;
            entry.ExternalAttributes = Attributes;
            using var stream = entry.Open();
            stream.Write(folder.Read(path) ?? throw new IOException($"The file {path} went away while its folder was read."));
        }
    }
}
