using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Sources;

/// <summary>
/// A service's folder in a zip, unpacked into memory within <see cref="ZipLimits"/>. A zip is untrusted: what cannot be read, leaves its
/// folder or is too large is a fault of the whole zip.
/// </summary>
public sealed class ZipFolder : ISourceFolder
{
    // Up to here the ratio says nothing: a file of zeros is an ordinary file.
    private const int FreeOfRatio = 1024 * 1024;

    // The type of a file in the upper half of the attributes that Unix programs write (S_IFMT and S_IFLNK of stat.h).
    private const int UnixTypeMask = 0xF000;
    private const int UnixLink = 0xA000;

    private readonly SortedDictionary<string, byte[]> _files;

    private ZipFolder(SortedDictionary<string, byte[]> files) => _files = files;

    /// <inheritdoc/>
    public IReadOnlyList<RelativePath> Files => [.. _files.Keys.Select(RelativePath.Parse)];

    /// <summary>Reads a zip.</summary>
    /// <param name="zip">The zip's bytes, from the present position of a stream that can seek.</param>
    /// <param name="name">The name used in faults.</param>
    /// <param name="limits">How much is read.</param>
    public static ZipReading Read(Stream zip, string name, ZipLimits limits)
    {
        var faults = new FaultList();
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true);
            var folder = Unpack(archive, SourcePosition.StartOf(name), limits, faults);
            return new ZipReading(faults.Any ? null : folder, faults.InOrder());
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            faults.Add(
                SourcePosition.StartOf(name),
                $"the zip cannot be read: {problem.Message.TrimEnd('.')}",
                "a zip, neither encrypted nor split"
            );
            return new ZipReading(Folder: null, faults.InOrder());
        }
    }

    /// <inheritdoc/>
    public bool HasFile(RelativePath path) => _files.ContainsKey(path.Value);

    /// <inheritdoc/>
    public bool HasFolder(RelativePath path) =>
        path == RelativePath.Root || _files.Keys.Any(file => file.StartsWith($"{path.Value}/", StringComparison.Ordinal));

    /// <inheritdoc/>
    public byte[]? Read(RelativePath path) => _files.GetValueOrDefault(path.Value);

    private static ZipFolder? Unpack(ZipArchive archive, SourcePosition at, ZipLimits limits, FaultList faults)
    {
        if (archive.Entries.Count > limits.Entries)
        {
            faults.Add(at, $"the zip has {archive.Entries.Count} entries", $"at most {limits.Entries}");
            return null;
        }
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var left = limits.TotalBytes;
        foreach (var entry in archive.Entries)
        {
            if (!RelativePath.TryParse(entry.FullName, out var path, out var problem))
            {
                faults.Add(at, $"the entry \"{entry.FullName}\" {problem}", "relative paths within the zip");
            }
            else if (!IsFile(entry, path))
            {
                continue;
            }
            else if (!TryUnpack(entry, limits, ref left, out var content))
            {
                faults.Add(
                    at,
                    $"the entry \"{path}\" unpacks to too much",
                    $"at most {limits.TotalBytes} bytes in all, and {limits.Ratio} for each byte of the zip"
                );
                return null;
            }
            else if (Crc32.Compute(content) != entry.Crc32)
            {
                faults.Add(at, $"the entry \"{path}\" is damaged", "content with the checksum that the zip gives");
            }
            else if (!contents.TryAdd(path.Value, content))
            {
                faults.Add(at, $"the entry \"{path}\" is there twice", "each path once");
            }
        }
        return new ZipFolder(contents);
    }

    private static bool IsFile(ZipArchiveEntry entry, RelativePath path) =>
        !entry.FullName.EndsWith('/')
        && ((entry.ExternalAttributes >> 16) & UnixTypeMask) != UnixLink
        && !path.Value.Split('/').Any(SourceRules.IsGitsOwn);

    // What the entry says of its size is not believed: the bytes that come out are counted.
    private static bool TryUnpack(ZipArchiveEntry entry, ZipLimits limits, ref long left, [NotNullWhen(true)] out byte[]? content)
    {
        var most = Math.Min(left, Math.Max(FreeOfRatio, entry.CompressedLength * limits.Ratio));
        using var unpacked = new MemoryStream();
        using var stream = entry.Open();
        var buffer = new byte[81920];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            if (unpacked.Length + read > most)
            {
                content = null;
                return false;
            }
            unpacked.Write(buffer, 0, read);
        }
        left -= unpacked.Length;
        content = unpacked.ToArray();
        return true;
    }
}

/// <summary>What reading a zip gave.</summary>
/// <param name="Folder">The files; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong.</param>
public sealed record ZipReading(ZipFolder? Folder, IReadOnlyList<Fault> Faults);
