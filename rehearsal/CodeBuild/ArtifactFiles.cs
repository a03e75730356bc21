using Deployer.Rehearsal.World;
using Microsoft.Extensions.FileSystemGlobbing;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>
/// The files of a build that its specification names as artifacts. Links are followed, those to folders only inside the build's machine
/// and not to a folder that they are in; what is not a file (a pipe, a socket, a device) would never come to its end, and is refused.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html, artifacts</remarks>
internal static class ArtifactFiles
{
    /// <summary>The files below a folder that patterns name, by their paths below it with slashes, in ordinal order.</summary>
    /// <param name="folder">The base directory; one that does not exist has no files.</param>
    /// <param name="machine">The folder of the build's machine.</param>
    /// <param name="patterns">Paths and globs.</param>
    /// <exception cref="InvalidDataException">One of them cannot be read as a file.</exception>
    internal static IReadOnlyList<(string Path, byte[] Content)> Read(string folder, string machine, IEnumerable<string> patterns)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        var paths = new List<string>();
        Walk(new DirectoryInfo(folder), string.Empty, [Real(folder)]);
        return
        [
            .. matcher
                .Match(paths)
                .Files.Select(file => file.Path)
                .Order(StringComparer.Ordinal)
                .Select(path => (path, Content(Path.Combine(folder, path), path))),
        ];

        void Walk(DirectoryInfo directory, string prefix, IReadOnlyList<string> within)
        {
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                if (entry is not DirectoryInfo inner)
                {
                    paths.Add(prefix + entry.Name);
                    continue;
                }

                var real = inner.LinkTarget is null ? Path.Combine(within[^1], inner.Name) : Real(inner.FullName);
                if (!within.Contains(real, StringComparer.Ordinal) && (inner.LinkTarget is null || IsBelow(real, Real(machine))))
                {
                    Walk(inner, $"{prefix}{inner.Name}/", [.. within, real]);
                }
            }
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Where a folder really lies, when links lead to it or to a folder that it is in.</summary>
    private static string Real(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is { } target)
        {
            return Real(target.FullName);
        }

        return Path.GetDirectoryName(full) is { } parent ? Path.Combine(Real(parent), Path.GetFileName(full)) : full;
    }

    private static byte[] Content(string full, string path)
    {
        try
        {
            var target = new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
            return SpecialFile.IsDevice(target) || SpecialFile.IsPipeOrSocket(target)
                ? throw new InvalidDataException($"the artifact '{path}' is not a file, but a pipe, a socket or a device")
                : File.ReadAllBytes(target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"the artifact '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
