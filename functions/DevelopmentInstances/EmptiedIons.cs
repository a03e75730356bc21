using System.Text;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.DevelopmentInstances;

/// <summary>
/// A service's folder whose ions have nothing to run. Deployed before the group's stack is deleted it makes Datomic remove the group's
/// Lambdas; otherwise their network interfaces keep the stack from being deleted for up to two hours
/// (https://docs.datomic.com/operation/deleting.html).
/// </summary>
public sealed class EmptiedIons : ISourceFolder
{
    private readonly ISourceFolder _folder;
    private readonly Dictionary<RelativePath, byte[]> _emptied = [];

    /// <summary>The folder of a service.</summary>
    /// <exception cref="SpecInvalidException">An <c>ion-config.edn</c> is missing or wrong.</exception>
    public EmptiedIons(ServiceSource source)
    {
        _folder = source.Folder;
        foreach (var step in source.Spec.Steps.OfType<IonsStep>())
        {
            var application = IonFiles.Application(source, step);
            _emptied[application.ConfigPath] = Encoding.UTF8.GetBytes(application.Config.WithoutEntryPoints());
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RelativePath> Files => _folder.Files;

    /// <inheritdoc/>
    public bool HasFile(RelativePath path) => _folder.HasFile(path);

    /// <inheritdoc/>
    public bool HasFolder(RelativePath path) => _folder.HasFolder(path);

    /// <inheritdoc/>
    public byte[]? Read(RelativePath path) => _emptied.GetValueOrDefault(path) ?? _folder.Read(path);

    /// <inheritdoc/>
    public Stream? Open(RelativePath path) =>
        _emptied.TryGetValue(path, out var emptied) ? new MemoryStream(emptied, writable: false) : _folder.Open(path);
}
