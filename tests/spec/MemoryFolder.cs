using System.Text;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests;

/// <summary>A service's folder written in a test.</summary>
internal sealed class MemoryFolder : ISourceFolder
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public MemoryFolder(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            With(path, Encoding.UTF8.GetBytes(text));
        }
    }

    public IReadOnlyList<RelativePath> Files => [.. _files.Keys.Select(Parse)];

    public MemoryFolder With(string path, byte[] bytes)
    {
        _files[path] = bytes;
        return this;
    }

    public MemoryFolder With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public bool HasFile(RelativePath path) => _files.ContainsKey(path.Value);

    public bool HasFolder(RelativePath path) =>
        path == RelativePath.Root || _files.Keys.Any(file => file.StartsWith(path.Value + "/", StringComparison.Ordinal));

    public byte[]? Read(RelativePath path) => _files.TryGetValue(path.Value, out var bytes) ? bytes : null;

    private static RelativePath Parse(string path) =>
        RelativePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem, nameof(path));
}
