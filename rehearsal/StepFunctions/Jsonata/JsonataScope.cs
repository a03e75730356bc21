namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>Variables in scope.</summary>
internal sealed class JsonataScope(JsonataScope? outer)
{
    private readonly Dictionary<string, object?> _values = [];

    public object? this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : outer?[name];
        set => _values[name] = value;
    }
}
