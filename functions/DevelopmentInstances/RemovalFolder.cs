using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;

namespace Deployer.Functions.DevelopmentInstances;

/// <summary>
/// A service's folder by which a development instance is removed: as it was deployed, but for what the kinds of its steps empty.
/// </summary>
public sealed class RemovalFolder : ISourceFolder
{
    private readonly ISourceFolder _folder;
    private readonly Dictionary<RelativePath, byte[]> _replaced = [];

    /// <summary>The folder of a service.</summary>
    /// <param name="source">The source that was deployed last.</param>
    /// <param name="kinds">The kinds of step.</param>
    /// <exception cref="SpecInvalidException">A file that is to be emptied is missing or wrong.</exception>
    public RemovalFolder(ServiceSource source, StepKindRegistry kinds)
    {
        _folder = source.Folder;
        foreach (var (path, content) in source.Spec.Steps.SelectMany(step => kinds.Find(step.Kind).FilesForRemoval(source, step)))
        {
            _replaced[path] = content;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RelativePath> Files => _folder.Files;

    /// <inheritdoc/>
    public bool HasFile(RelativePath path) => _folder.HasFile(path);

    /// <inheritdoc/>
    public bool HasFolder(RelativePath path) => _folder.HasFolder(path);

    /// <inheritdoc/>
    public byte[]? Read(RelativePath path) => _replaced.GetValueOrDefault(path) ?? _folder.Read(path);

    /// <inheritdoc/>
    public Stream? Open(RelativePath path) =>
        _replaced.TryGetValue(path, out var replaced) ? new MemoryStream(replaced, writable: false) : _folder.Open(path);
}
