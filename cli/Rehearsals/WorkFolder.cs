using Deployer.Rehearsal.Processes;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// The folder in which a rehearsal works: the one that is asked for with <c>--state</c>, or a temporary one that is removed at the end.
/// </summary>
internal sealed class WorkFolder(string? stateDirectory) : IDisposable
{
    private ScratchFolder? _scratch;

    /// <summary>The full path of the folder that is kept; <see langword="null"/> when nothing is.</summary>
    public string? State { get; } = stateDirectory is null ? null : System.IO.Path.GetFullPath(stateDirectory);

    /// <summary>The folder's path.</summary>
    public string Path => State ?? (_scratch ??= ScratchFolder.Create()).Path;

    /// <inheritdoc/>
    public void Dispose() => _scratch?.Dispose();
}
