using System.IO.Compression;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Sources;

/// <summary>
/// A service's folder in a zip, within <see cref="ZipLimits"/>. A zip is untrusted: it is looked through once, and what cannot be read,
/// leaves its folder or is too large is a fault of the whole zip. Nothing of it is kept in memory: a file is unpacked when it is read.
/// Not for several threads at once.
/// </summary>
public sealed class ZipFolder : ISourceFolder, IDisposable
{
    private const int BufferSize = 81_920;

    // Up to here the ratio says nothing: a file of zeros is an ordinary file.
    private const int FreeOfRatio = 1024 * 1024;

    // The type of a file in the upper half of the attributes that Unix programs write (S_IFMT and S_IFLNK of stat.h).
    private const int UnixTypeMask = 0xF000;
    private const int UnixLink = 0xA000;

    private readonly ZipArchive _archive;
    private readonly SortedDictionary<string, ZipArchiveEntry> _files;

    private ZipFolder(ZipArchive archive, SortedDictionary<string, ZipArchiveEntry> files, IReadOnlyList<LeftOutFile> left) =>
        (_archive, _files, LeftOut) = (archive, files, left);

    /// <inheritdoc/>
    public IReadOnlyList<RelativePath> Files => [.. _files.Keys.Select(RelativePath.Parse)];

    /// <inheritdoc/>
    public IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <summary>Reads a zip.</summary>
    /// <param name="zip">
    /// The zip's bytes, from the present position of a stream that can seek. The folder reads from it as long as it is used, and is what
    /// closes it.
    /// </param>
    /// <param name="name">The name used in faults.</param>
    /// <param name="limits">How much is read.</param>
    public static ZipReading Read(Stream zip, string name, ZipLimits limits)
    {
        var faults = new FaultList();
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(zip, ZipArchiveMode.Read);
            var left = new List<LeftOutFile>();
            var files = LookThrough(archive, SourcePosition.StartOf(name), limits, faults, left);
            if (!faults.Any && files is not null)
            {
                return new ZipReading(new ZipFolder(archive, files, left), []);
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            faults.Add(
                SourcePosition.StartOf(name),
                $"the zip cannot be read: {problem.Message.TrimEnd('.')}",
                "a zip, neither encrypted nor split"
            );
        }

        archive?.Dispose();
        zip.Dispose();
        return new ZipReading(Folder: null, faults.InOrder());
    }

    /// <inheritdoc/>
    public bool HasFile(RelativePath path) => _files.ContainsKey(path.Value);

    /// <inheritdoc/>
    public bool HasFolder(RelativePath path) =>
        path == RelativePath.Root || _files.Keys.Any(file => file.StartsWith($"{path.Value}/", StringComparison.Ordinal));

    /// <inheritdoc/>
    public byte[]? Read(RelativePath path)
    {
        using var stream = Open(path);
        if (stream is null)
        {
            return null;
        }

        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <inheritdoc/>
    public Stream? Open(RelativePath path) => _files.GetValueOrDefault(path.Value)?.Open();

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private static SortedDictionary<string, ZipArchiveEntry>? LookThrough(
        ZipArchive archive,
        SourcePosition at,
        ZipLimits limits,
        FaultList faults,
        List<LeftOutFile> left
    )
    {
        if (archive.Entries.Count > limits.Entries)
        {
            faults.Add(at, $"the zip has {archive.Entries.Count} entries", $"at most {limits.Entries}");
            return null;
        }
        var files = new SortedDictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        var buffer = new byte[BufferSize];
        var leftBytes = limits.TotalBytes;
        foreach (var entry in archive.Entries)
        {
            if (!RelativePath.TryParse(entry.FullName, out var path, out var problem))
            {
                faults.Add(at, $"the entry \"{entry.FullName}\" {problem}", "relative paths within the zip");
            }
            else if (entry.FullName.EndsWith('/') || path.Value.Split('/').Any(SourceRules.IsGitsOwn))
            {
                continue;
            }
            else if (IsLink(entry))
            {
                left.Add(LeftOutFile.OfLink(path.Value));
            }
            else if (!TryUnpack(entry, limits, buffer, ref leftBytes, out var checksum))
            {
                faults.Add(
                    at,
                    $"the entry \"{path}\" unpacks to too much",
                    $"at most {limits.TotalBytes} bytes in all, and {limits.Ratio} for each byte of the zip"
                );
                return null;
            }
            else if (checksum != entry.Crc32)
            {
                faults.Add(at, $"the entry \"{path}\" is damaged", "content with the checksum that the zip gives");
            }
            else if (!files.TryAdd(path.Value, entry))
            {
                faults.Add(at, $"the entry \"{path}\" is there twice", "each path once");
            }
        }
        return files;
    }

    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & UnixTypeMask) == UnixLink;

    // What the entry says of its size is not believed: the bytes that come out are counted.
    private static bool TryUnpack(ZipArchiveEntry entry, ZipLimits limits, byte[] buffer, ref long left, out uint checksum)
    {
        var most = Math.Min(left, Math.Max(FreeOfRatio, entry.CompressedLength * limits.Ratio));
        var unpacked = 0L;
        checksum = 0;
        using var stream = entry.Open();
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            unpacked += read;
            if (unpacked > most)
            {
                return false;
            }

            checksum = Crc32.Append(checksum, buffer.AsSpan(0, read));
        }

        left -= unpacked;
        return true;
    }
}

/// <summary>What reading a zip gave.</summary>
/// <param name="Folder">The files; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong.</param>
public sealed record ZipReading(ZipFolder? Folder, IReadOnlyList<Fault> Faults);
