namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>Variables in scope.</summary>
sealed class JsonataScope(JsonataScope? outer)
{
    readonly Dictionary<string, object?> values = [];

    public object? this[string name]
    {
        get => values.TryGetValue(name, out var value) ? value : outer?[name];
        set => values[name] = value;
    }
}
