namespace Deployer.Functions.Steps;

/// <summary>The kinds of step that the deployer has an implementation of.</summary>
public sealed class StepKindRegistry(IEnumerable<IStepKind> kinds)
{
    private readonly Dictionary<string, IStepKind> _kinds = kinds.ToDictionary(kind => kind.Key, StringComparer.Ordinal);

    /// <summary>All kinds.</summary>
    public IEnumerable<IStepKind> All => _kinds.Values;

    /// <summary>The kind that a key stands for; a step of any other kind is refused when the file is read.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IStepKind Find(string key) =>
        _kinds.GetValueOrDefault(key) ?? throw new InvalidOperationException($"no implementation of the kind '{key}' is registered");
}
