namespace Deployer.Spec.Sources;

/// <summary>A service's folder on disk.</summary>
public sealed class DiskFolder : ISourceFolder
{
    private readonly string _root;

    /// <summary>The folder at <paramref name="root"/>.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public DiskFolder(string root)
    {
        _root = Path.GetFullPath(root);
        if (!Directory.Exists(_root))
        {
            throw new DirectoryNotFoundException($"There is no folder {root}.");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RelativePath> Files
    {
        get
        {
            var files = new List<RelativePath>();
            Collect(new DirectoryInfo(_root), RelativePath.Root, files, []);
            return [.. files.OrderBy(path => path.Value, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LeftOutFile> LeftOut
    {
        get
        {
            var left = new List<LeftOutFile>();
            Collect(new DirectoryInfo(_root), RelativePath.Root, [], left);
            return [.. left.OrderBy(file => file.Path, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public bool HasFile(RelativePath path) => Locate(path) is { } located && File.Exists(located);

    /// <inheritdoc/>
    public bool HasFolder(RelativePath path) => Locate(path) is { } located && Directory.Exists(located);

    /// <inheritdoc/>
    public byte[]? Read(RelativePath path) => Locate(path) is { } located && File.Exists(located) ? ReadFile(located) : null;

    /// <inheritdoc/>
    public Stream? Open(RelativePath path) =>
        Locate(path) is not { } located || !File.Exists(located) ? null
        : new FileInfo(located).Length == 0 ? Stream.Null
        : File.OpenRead(located);

    // What says to be empty is: opened, a pipe would wait for somebody who writes.
    private static byte[] ReadFile(string located) => new FileInfo(located).Length == 0 ? [] : File.ReadAllBytes(located);

    private static void Collect(DirectoryInfo folder, RelativePath path, List<RelativePath> files, List<LeftOutFile> left)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (SourceRules.IsGitsOwn(entry.Name))
            {
                continue;
            }
            if (!IsUtf8(entry))
            {
                left.Add(LeftOutFile.OfName(path, entry.Name, "is not UTF-8"));
                continue;
            }
            // A name that a relative path cannot hold (a backslash, a control character) could not be addressed in a zip either.
            if (!path.TryAppend(entry.Name, out var entryPath, out var problem))
            {
                left.Add(LeftOutFile.OfName(path, entry.Name, problem));
                continue;
            }
            if (entry.LinkTarget is not null)
            {
                left.Add(LeftOutFile.OfLink(entryPath.Value));
                continue;
            }
            if (entry is DirectoryInfo below)
            {
                if (!SourceRules.IsRehearsalState(below))
                {
                    Collect(below, entryPath, files, left);
                }
            }
            else if (IsSpecial((FileInfo)entry))
            {
                throw new IOException(
                    $"{entryPath} is neither a file nor a folder, but a pipe, socket or device; remove it from the service"
                );
            }
            else
            {
                files.Add(entryPath);
            }
        }
    }

    // Bytes that are no UTF-8 are read as this character, and under the name with it there is no such file.
    private static bool IsUtf8(FileSystemInfo entry) =>
        !entry.Name.Contains('\uFFFD', StringComparison.Ordinal) || Path.Exists(entry.FullName) || entry.LinkTarget is not null;

    // A pipe would be read until somebody writes to it. Opened for writing too it does not wait, and it has no position;
    // https://man7.org/linux/man-pages/man7/fifo.7.html. Only what says to be empty can be one.
    private static bool IsSpecial(FileInfo file)
    {
        if (file.Length > 0)
        {
            return false;
        }
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return !stream.CanSeek;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // Null when a part of the path is a link.
    private string? Locate(RelativePath path)
    {
        var located = _root;
        foreach (var segment in path.Value.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            located = Path.Combine(located, segment);
            if (SourceRules.IsGitsOwn(segment) || new FileInfo(located).LinkTarget is not null)
            {
                return null;
            }
        }
        return located;
    }
}
